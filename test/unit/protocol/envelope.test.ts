// Bytes as protoc writes them, so that no encoder of ours is its own judge.
import { ProtocolError } from '../../../src/errors'
import { CACHE_SERVICE } from '../../../src/protocol/v1/cache/ensure-cache'
import { V1RemoteCache } from '../../../src/protocol/v1/cache/remote-cache'
import { RequestQueue } from '../../../src/protocol/v1/stream/request-queue'
import { type Request, REQUESTS } from '../../../src/protocol/v1/wire/requests'
import { CACHE_RESPONSE, readBytes, readCacheId } from '../../../src/protocol/v1/wire/responses'
import { AnyView, FieldReader, readAny } from '../../../src/protocol/v1/wire/wire'

const ENSURE =
  '08022280010a38747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76312e4e616d656443616368' +
  '6552657175657374124408011a400a39747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76312e' +
  '456e7375726543616368655265717565737412030a0174'
const PUT =
  '08032283010a38747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76312e4e616d656443616368' +
  '65526571756573741247081110071a410a31747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76' +
  '312e50757452657175657374120c0a0415226b22120215311800'
const ENSURED =
  '08022a3f0a39747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76312e4e616d65644361636865' +
  '526573706f6e736512020807'
const PUT_ANSWER =
  '08032a6f0a39747970652e676f6f676c65617069732e636f6d2f636f686572656e63652e63616368652e76312e4e616d65644361636865' +
  '526573706f6e736512321a300a2e747970652e676f6f676c65617069732e636f6d2f676f6f676c652e70726f746f6275662e4279746573' +
  '56616c7565'

/** The field of a response that has its message. */
const MESSAGE = 0x2a

const ENTRY = { key: Buffer.from('\u0015"k"'), value: Buffer.from('\u00151'), ttlMillis: 0 }

async function bytesOf<P>(
  id: number,
  { type, write }: Pick<Request<P, unknown>, 'type' | 'write'>,
  parameters: P,
  cacheId: number | undefined,
): Promise<Buffer> {
  const queue = new RequestQueue(false)
  queue.pushRequest(id, CACHE_SERVICE.request.field, type, cacheId, write(parameters))
  const { value } = await queue.next()
  return Buffer.from(value ?? [])
}

/** The message in a response. */
function messageOf(text: string): AnyView {
  const bytes = Buffer.from(text, 'hex')
  const fields = new FieldReader().open(bytes, 0, bytes.length)
  while (fields.next())
    if (fields.tag === MESSAGE) return readAny(bytes, fields.begin, fields.end, CACHE_RESPONSE)
  throw new Error('it has no message')
}

describe('a request', () => {
  it('that ensures a cache has the bytes that protoc gives it', async () => {
    const bytes = await bytesOf(2, REQUESTS.ensureCache, { cache: 't' }, undefined)
    expect(bytes.toString('hex')).toBe(ENSURE)
  })

  it('that puts an entry has the bytes that protoc gives it', async () => {
    expect((await bytesOf(3, REQUESTS.put, ENTRY, 7)).toString('hex')).toBe(PUT)
  })

  it('takes no more than the port says, whatever its ids are', async () => {
    const cache = new V1RemoteCache({} as never, {} as never)
    const bytes = await bytesOf(Number.MAX_SAFE_INTEGER, REQUESTS.put, { ...ENTRY, ttlMillis: -1 }, -1)

    expect(bytes.length).toBeLessThanOrEqual(cache.requestBytes(ENTRY.key.length + ENTRY.value.length))
  })
})

describe('a response', () => {
  it('to a request for a cache has its id', () => {
    expect(readCacheId(messageOf(ENSURED))).toBe(7)
  })

  it('with an empty payload has no bytes', () => {
    expect(readBytes(messageOf(PUT_ANSWER))).toHaveLength(0)
  })

  it('of another service is not read', () => {
    const typeUrl = 'type.googleapis.com/coherence.topic.v1.TopicServiceResponse'

    expect(() => readCacheId(new AnyView(typeUrl, Buffer.alloc(0), 0, 0))).toThrow(ProtocolError)
  })
})
