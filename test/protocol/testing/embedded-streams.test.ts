// What the embedded server does with streams that no well-behaved client opens.
import {
  NamedCacheRequest,
  NamedCacheRequestType as Type,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { InitRequest, ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { EmbeddedCoherence } from '../../../src/testing/embedded-coherence'
import { RawStream } from '../../support/raw-stream'

const INIT: InitRequest = {
  scope: '',
  format: 'json',
  protocol: 'CacheService',
  protocolVersion: 1,
  supportedProtocolVersion: 1,
  heartbeat: undefined,
  clientUuid: undefined,
  identity: undefined,
}
const REFUSED = '13 '
const CANCEL = 8
const MOST_BYTES = 4 * 1024 * 1024

type Request = ProxyRequest['request']

describe('a stream of the embedded server', () => {
  let server: EmbeddedCoherence

  beforeAll(async () => {
    server = await EmbeddedCoherence.start()
  })

  afterAll(() => server.stop())

  it.each<[string, Partial<InitRequest>]>([
    ['an unknown service', { protocol: 'NoService' }],
    ['an unknown scope', { scope: 'nowhere' }],
    ['an unknown format', { format: 'JSON' }],
    ['a version that is too new', { protocolVersion: 2, supportedProtocolVersion: 2 }],
    ['a version that is too old', { protocolVersion: 0, supportedProtocolVersion: 0 }],
  ])('ends at a handshake with %s', async (_what, wrong) => {
    await using stream = await RawStream.open(server.address)
    stream.request(of({ $case: 'init', value: { ...INIT, ...wrong } }))
    expect(await stream.end()).toBe(REFUSED)
  })

  it.each<[string, Partial<InitRequest>]>([
    ['the service in other case', { protocol: 'cacheservice' }],
    ['a newer version that speaks the old one', { protocolVersion: 2, supportedProtocolVersion: 1 }],
    ['the same version whatever the oldest', { protocolVersion: 1, supportedProtocolVersion: 2 }],
    ['the scope of the system', { scope: '$SYS' }],
  ])('begins with %s', async (_what, init) => {
    await using stream = await RawStream.open(server.address)
    stream.request(of({ $case: 'init', value: { ...INIT, ...init } }))
    await stream.until(() => stream.responses.length > 0)
    expect(stream.responses[0]?.response).toMatchObject({ $case: 'init', value: { protocolVersion: 1 } })
  })

  it.each<[string, Request[]]>([
    [
      'a second handshake',
      [
        { $case: 'init', value: INIT },
        { $case: 'init', value: INIT },
      ],
    ],
    ['a request before the handshake', [request(Type.Size)]],
    ['a request of no kind', [{ $case: 'init', value: INIT }, undefined]],
  ])('ends at %s', async (_what, requests) => {
    await using stream = await RawStream.open(server.address)
    for (const each of requests) stream.request(of(each))
    expect(await stream.end()).toBe(REFUSED)
  })

  it('ends at bytes that are no message', async () => {
    await using stream = await RawStream.open(server.address)
    stream.send(Buffer.from([0xff, 0xff, 0xff]))
    expect(await stream.end()).toBe('2 Application error processing RPC')
  })

  it('is reset by a message that is too long, and by one only', async () => {
    await using other = await opened(server.address)
    await using stream = await opened(server.address)
    stream.write(header(0, MOST_BYTES + 1))
    expect(await stream.end()).toBe(`reset ${CANCEL}`)
    other.request(of({ $case: 'heartbeat', value: { uuid: undefined, ack: true } }, 9n))
    await other.until(() => other.responses.length === 2)
    expect(other.responses[1]).toMatchObject({ id: 9n, response: { $case: 'heartbeat' } })
  })

  it('is reset by a message that is compressed', async () => {
    await using stream = await opened(server.address)
    stream.write(header(1, 3))
    stream.write(Buffer.from('abc'))
    expect(await stream.end()).toBe(`reset ${CANCEL}`)
  })

  it('answers no heartbeat that wants no answer', async () => {
    await using stream = await opened(server.address)
    stream.request(of({ $case: 'heartbeat', value: { uuid: undefined, ack: false } }, 5n))
    stream.request(of({ $case: 'heartbeat', value: { uuid: undefined, ack: true } }, 6n))
    await stream.until(() => stream.responses.length === 2)
    expect(stream.responses.map(({ id }) => id)).toEqual([1n, 6n])
  })

  it('is of a method that exists', async () => {
    await using stream = await RawStream.open(server.address, '/coherence.proxy.v1.ProxyService/other')
    expect(await stream.end()).toBe('12 Method not found: coherence.proxy.v1.ProxyService/other')
  })
})

async function opened(address: string): Promise<RawStream> {
  const stream = await RawStream.open(address)
  stream.request(of({ $case: 'init', value: INIT }))
  await stream.until(() => stream.responses.length === 1)
  return stream
}

function header(compressed: number, length: number): Buffer {
  const bytes = Buffer.alloc(5, compressed)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

function of(request: Request, id = 1n): ProxyRequest {
  return { id, request, context: {} }
}

function request(type: Type): Request {
  const value = Buffer.from(NamedCacheRequest.encode({ type, cacheId: 1, message: undefined }).finish())
  const typeUrl = 'type.googleapis.com/coherence.cache.v1.NamedCacheRequest'
  return { $case: 'message', value: { typeUrl, value } }
}
