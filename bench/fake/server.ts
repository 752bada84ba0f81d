// A server of protocol v1 that does no work: raw node:http2, and for each request the answer it has at hand. What is
// measured against it is the client and nothing else. It knows the requests of single and bulk
// calls only.
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { BinaryKeyAndValue, OptionalValue } from '../../gen/coherence/common/v1/common_messages_v1'
import {
  EnsureCacheRequest,
  NamedCacheRequest,
  NamedCacheRequestType,
  NamedCacheResponse,
  ResponseType,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import { CollectionOfBytesValues } from '../../gen/coherence/common/v1/common_messages_v1'
import { ProxyRequest, ProxyResponse } from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import { BytesValue, Int32Value } from '../../gen/google/protobuf/wrappers'
import { person } from '../measured/values'

const TYPE = 'type.googleapis.com/'
const MARKER = '\x15'
const HEADER_BYTES = 5

interface Cache {
  readonly size: number
  readonly value: Buffer
}

/** The cache ids of all streams: a cache has the number of its first ensuring. */
const caches: Cache[] = []

class Connection {
  readonly #stream: ServerHttp2Stream
  #out: Uint8Array[] = []
  #rest: Buffer | undefined

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('error', () => stream.destroy())
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) break
      this.#answer(ProxyRequest.decode(bytes.subarray(at + HEADER_BYTES, end)))
      at = end
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined
    if (this.#out.length > 0) this.#stream.write(Buffer.concat(this.#out))
    this.#out = []
  }

  #answer({ id, request }: ProxyRequest): void {
    switch (request?.$case) {
      case 'init':
        this.#send({
          id,
          response: {
            $case: 'init',
            value: {
              uuid: Buffer.alloc(16),
              version: '25.03.2',
              encodedVersion: 0,
              protocolVersion: 1,
              proxyMemberId: 1,
              proxyMemberUuid: Buffer.alloc(16),
            },
          },
          context: {},
        })
        return
      case 'heartbeat':
        this.#send({
          id,
          response: { $case: 'heartbeat', value: { uuid: undefined, ack: false } },
          context: {},
        })
        return
      case 'message':
        for (const [message, cacheId] of answersTo(NamedCacheRequest.decode(request.value.value))) {
          const response = { type: ResponseType.Message, cacheId, message }
          const value = Buffer.from(NamedCacheResponse.encode(response).finish())
          const any = { typeUrl: `${TYPE}coherence.cache.v1.NamedCacheResponse`, value }
          this.#send({ id, response: { $case: 'message', value: any }, context: {} })
        }
        this.#send({ id, response: { $case: 'complete', value: {} }, context: {} })
        return
      case undefined:
        return
    }
  }

  #send(response: ProxyResponse): void {
    const message = ProxyResponse.encode(response).finish()
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt32BE(message.length, 1)
    this.#out.push(header, message)
  }
}

type Answers = Iterable<Any>

const ANSWERS: Partial<Record<NamedCacheRequestType, (payload: Buffer, cache: Cache) => Answers>> = {
  [NamedCacheRequestType.Get]: (_, { value }) => [optionalValue(value)],
  [NamedCacheRequestType.Put]: () => [
    any('google.protobuf.BytesValue', BytesValue.encode({ value: NULL }).finish()),
  ],
  [NamedCacheRequestType.Size]: (_, { size }) => [
    any('google.protobuf.Int32Value', Int32Value.encode({ value: size }).finish()),
  ],
  [NamedCacheRequestType.GetAll]: function* (payload, { value }) {
    for (const key of CollectionOfBytesValues.decode(payload).values) yield entry(key, value)
  },
}

function* answersTo(request: NamedCacheRequest): Iterable<[Any | undefined, number]> {
  const payload = request.message?.value ?? Buffer.alloc(0)
  if (request.type === NamedCacheRequestType.EnsureCache) {
    yield [undefined, cacheIdOf(EnsureCacheRequest.decode(payload).cache)]
    return
  }
  const cache = caches[(request.cacheId ?? 0) - 1]
  if (cache === undefined) throw new Error(`There is no cache ${request.cacheId}`)
  for (const answer of ANSWERS[request.type]?.(payload, cache) ?? []) yield [answer, 0]
}

const NULL = jsonOf(null)

/** The name says what is in it, as the real one is filled. */
function cacheIdOf(name: string): number {
  const [, valueBytes = 0, keys = 0] = name.split('-').map(Number)
  return caches.push({ size: keys, value: jsonOf(person(valueBytes)) })
}

function optionalValue(value: Buffer): Any {
  return any('coherence.common.v1.OptionalValue', OptionalValue.encode({ present: true, value }).finish())
}

function entry(key: Buffer, value: Buffer): Any {
  return any('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue.encode({ key, value }).finish())
}

function any(type: string, value: Uint8Array): Any {
  return { typeUrl: TYPE + type, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength) }
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(MARKER + JSON.stringify(value))
}

const server = createServer({ settings: { initialWindowSize: 8 << 20 } })
server.on('stream', (stream, headers) => {
  if (headers[':path'] === '/coherence.proxy.v1.ProxyService/subChannel') {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
    new Connection(stream)
  } else {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
      { endStream: true },
    )
  }
})
server.listen(0, '127.0.0.1', () => {
  process.send?.(`127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('disconnect', () => process.exit(0))
