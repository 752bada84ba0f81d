// A fake proxy in a process of its own, where the fake timers of a test do not reach it. Prints its address, and runs until
// its standard input ends. It tells listeners what is put, never answers what is asked of the key 'never', and cuts all
// connections when it is asked for the key 'cut' for the first time.
import {
  MapEventMessage,
  MapEventMessage_TransformationState,
  MapListenerRequest,
  NamedCacheRequestType as Type,
  PutRequest,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BytesValue } from '../../../gen/google/protobuf/wrappers'
import { json, payload } from '../fake-caches'
import { FakeProxy } from '../fake-proxy'
import type { FakeRequest } from '../fake-request'

const INSERTED = 1

interface Registration {
  readonly request: FakeRequest
  readonly filterId: bigint
}

async function main(): Promise<void> {
  const proxy = await FakeProxy.start()
  const registrations: Registration[] = []
  proxy.on(Type.MapListener, (request) => {
    const { subscribe, filterId } = request.read(MapListenerRequest)
    if (subscribe) registrations.push({ request, filterId })
    request.answerAsUsual()
  })
  proxy.on(Type.Put, (request) => {
    const { key, value } = request.read(PutRequest)
    if (is(key, 'never')) return
    for (const registration of registrations) {
      if (registration.request.cacheName === request.cacheName) tell(registration, key, value)
    }
    request.answerAsUsual()
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

/** That the key was inserted. */
function tell(
  { request: { stream, cacheId = 0 }, filterId }: Registration,
  key: Buffer,
  newValue: Buffer,
): void {
  const event = MapEventMessage.encode({
    id: INSERTED,
    key,
    newValue,
    oldValue: Buffer.alloc(0),
    transformationState: MapEventMessage_TransformationState.NON_TRANSFORMABLE,
    filterIds: [filterId],
    synthetic: false,
    priming: false,
    expired: false,
    versionUpdate: false,
  })
  const message = payload('coherence.cache.v1.MapEventMessage', event.finish())
  stream.message(0, cacheId, message, ResponseType.MapEvent)
}

void main()
