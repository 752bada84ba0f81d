// A scripted server in a process of its own, where the fake timers of a test do not reach it. Prints its address, and runs
// until its standard input ends. It never answers what is asked of the key 'never', and cuts all connections when it is
// asked for the key 'cut' for the first time.
import {
  NamedCacheRequestType as Type,
  PutRequest,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BytesValue } from '../../../gen/google/protobuf/wrappers'
import { json } from '../fake-caches'
import { FakeProxy } from '../fake-proxy'

async function main(): Promise<void> {
  const proxy = await FakeProxy.start()
  proxy.on(Type.Put, (request) => {
    if (!is(request.read(PutRequest).key, 'never')) request.answerAsUsual()
  })
  let cut = false
  proxy.on(Type.Get, (request) => {
    const key = request.read(BytesValue).value
    if (is(key, 'never')) return
    if (cut || !is(key, 'cut')) {
      request.answerAsUsual()
      return
    }
    cut = true
    void proxy.cut()
  })
  process.stdout.write(`${proxy.address}\n`)
  process.stdin.on('end', () => proxy.stop()).resume()
}

function is(key: Buffer, text: string): boolean {
  return key.equals(json(text))
}

void main()
