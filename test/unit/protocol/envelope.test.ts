// Bytes as protoc writes them, so that no encoder of ours is its own judge.
import { PutRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { ProxyRequest, ProxyResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { ProtocolError } from '../../../src/errors'
import { CACHE_REQUESTS } from '../../../src/protocol/v1/cache-requests'
import {
  cacheRequest,
  encodePayload,
  heartbeat,
  readCacheResponse,
  readPayload,
  requestBytes,
} from '../../../src/protocol/v1/envelope'

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

const PUT_MESSAGE = { key: Buffer.from('\u0015"k"'), value: Buffer.from('\u00151'), ttl: 0n }

function hex(request: ProxyRequest): string {
  return Buffer.from(ProxyRequest.encode(request).finish()).toString('hex')
}

function messageOf(text: string): { typeUrl: string; value: Buffer } {
  const { response } = ProxyResponse.decode(Buffer.from(text, 'hex'))
  if (response?.$case !== 'message') throw new Error('it is no message')
  return response.value
}

describe('a request', () => {
  it('that ensures a cache has the bytes that protoc gives it', () => {
    const facts = CACHE_REQUESTS.ensureCache

    expect(hex(cacheRequest(2, facts, undefined, encodePayload(facts.payload, { cache: 't' })))).toBe(ENSURE)
  })

  it('that puts an entry has the bytes that protoc gives it', () => {
    const facts = CACHE_REQUESTS.put

    expect(hex(cacheRequest(3, facts, 7, encodePayload(facts.payload, PUT_MESSAGE)))).toBe(PUT)
  })

  it('that is a heartbeat asks for an answer', () => {
    expect(hex(heartbeat(5))).toBe('08052a021001')
  })

  it('takes no more than is reckoned for it, whatever its ids are', () => {
    const payload = encodePayload(CACHE_REQUESTS.put.payload, { ...PUT_MESSAGE, ttl: -1n })
    const bytes = ProxyRequest.encode(cacheRequest(Number.MAX_SAFE_INTEGER, CACHE_REQUESTS.put, -1, payload))
    const payloadBytes = PUT_MESSAGE.key.length + PUT_MESSAGE.value.length

    expect(bytes.finish().length).toBeLessThanOrEqual(requestBytes(payloadBytes))
  })
})

describe('a payload', () => {
  it('is what was encoded', () => {
    const { value } = encodePayload(CACHE_REQUESTS.put.payload, PUT_MESSAGE)

    expect(PutRequest.decode(value)).toEqual(PUT_MESSAGE)
  })
})

describe('a response', () => {
  it('to a request for a cache has its id', () => {
    expect(readCacheResponse(messageOf(ENSURED)).cacheId).toBe(7)
  })

  it('with an empty payload has no bytes', () => {
    const response = readCacheResponse(messageOf(PUT_ANSWER))

    expect(readPayload(CACHE_REQUESTS.put.answer, response)).toEqual({ value: Buffer.alloc(0) })
  })

  it('of another service is not read', () => {
    const typeUrl = 'type.googleapis.com/coherence.topic.v1.TopicServiceResponse'

    expect(() => readCacheResponse({ typeUrl, value: Buffer.alloc(0) })).toThrow(ProtocolError)
  })
})
