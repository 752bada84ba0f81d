// What a real server of release 25.03.2 answered, request by request; the embedded server answers the same bytes with the
// same messages.
import {
  NamedCacheRequest,
  NamedCacheResponse,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { ErrorMessage } from '../../../gen/coherence/common/v1/common_messages_v1'
import { ProxyRequest, ProxyResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { EmbeddedCoherence } from '../../../src/testing/embedded-coherence'
import { RawStream } from '../../support/raw-stream'
import recorded from './fixtures/recorded-25.03.2.json'

/** What differs, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['0', '1', '220', '221'].flatMap((page) =>
      ['Keys', 'Entries'].map((what) => [
        `PageOf${what}-many/${page}`,
        'what fills the cache is not recorded',
      ]),
    ),
  ),
  'Aggregate/group': 'the groups come in another order',
  'event/expiry': 'the entry expires later here',
  'MapListener/trigger': 'the embedded server has no triggers',
  'MapListener/trigger-off': 'the embedded server has no triggers',
  'Put/trigger-rejects': 'the embedded server has no triggers',
  'passive/truncate-by-other': 'it has no request',
  'passive/destroy-by-other': 'it has no request',
}

/** Before it was recorded, an entry with a time to live had expired. */
const EXPIRED_MEANWHILE = 'Remove/present'

interface Exchange {
  readonly name: string
  readonly request: string
  readonly responses: readonly string[]
}

const EXCHANGES: readonly Exchange[] = recorded

describe('exchanges recorded on a real server', () => {
  let server: EmbeddedCoherence
  let stream: RawStream
  const ids = new Map<number, number>()

  beforeAll(async () => {
    server = await EmbeddedCoherence.start()
    stream = await RawStream.open(server.address)
  })

  afterAll(async () => {
    await stream[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  it('those that are different, or expired, are recorded', () => {
    const names = EXCHANGES.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([...Object.keys(DIFFERENT), EXPIRED_MEANWHILE]))
  })

  const alike = EXCHANGES.filter(({ name }) => DIFFERENT[name] === undefined)

  it.each(alike.map((exchange) => [exchange.name, exchange] as const))('%s', async (name, exchange) => {
    if (name === EXPIRED_MEANWHILE) server.clock.advance(60)
    const request = ProxyRequest.decode(Buffer.from(exchange.request, 'base64'))
    const wanted = exchange.responses.map((response) => ProxyResponse.decode(Buffer.from(response, 'base64')))
    const before = stream.responses.length
    stream.request(withId(request))
    await stream.until(() => stream.responses.slice(before).some((response) => isLast(response, request)))
    const got = stream.responses.slice(before)
    if (name.startsWith('EnsureCache')) learn(wanted, got)
    expect(shownAll(got)).toEqual(shownAll(wanted, ids))
  })

  function withId(request: ProxyRequest): ProxyRequest {
    if (request.request?.$case !== 'message') return request
    const message = NamedCacheRequest.decode(request.request.value.value)
    if (message.cacheId !== undefined) message.cacheId = ids.get(message.cacheId) ?? message.cacheId
    const value = { ...request.request.value, value: Buffer.from(NamedCacheRequest.encode(message).finish()) }
    return { ...request, request: { $case: 'message', value } }
  }

  /** The ids that caches got here for the ids that they had there. */
  function learn(wanted: readonly ProxyResponse[], got: readonly ProxyResponse[]): void {
    const [there, here] = [wanted, got].map((all) => all[0]?.response)
    if (there?.$case !== 'message' || here?.$case !== 'message') return
    const [from, to] = [there, here].map(({ value }) => NamedCacheResponse.decode(value.value).cacheId)
    if (from !== undefined && to !== undefined && from !== 0) ids.set(from, to)
  }
})

function isLast({ id, response }: ProxyResponse, request: ProxyRequest): boolean {
  return id === request.id && response?.$case !== 'message'
}

/** Elements come in the order of the partitions, which is any. */
function shownAll(responses: readonly ProxyResponse[], ids?: ReadonlyMap<number, number>): unknown[] {
  const all = responses.map((response) => shown(response, ids))
  const isPart = (one: unknown): boolean => Array.isArray(one) && (one[1] === 0 || one[1] === 1)
  const parts = all.filter(isPart).map((one) => JSON.stringify(one, withBigInts))
  return [...all.map((one) => (isPart(one) ? 'part' : one)), parts.sort()]
}

function withBigInts(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function shown({ id, response }: ProxyResponse, ids?: ReadonlyMap<number, number>): unknown {
  switch (response?.$case) {
    case 'message': {
      const { type, message, cacheId } = NamedCacheResponse.decode(response.value.value)
      return [id, type, ids?.get(cacheId) ?? cacheId, message?.typeUrl, message?.value.toString('latin1')]
    }
    case 'error':
      return [id, 'error', firstLine(response.value)]
    case 'init':
    case 'complete':
    case 'heartbeat':
    case undefined:
      return [id, response?.$case]
  }
}

function firstLine({ message, error }: ErrorMessage): unknown {
  return [
    message
      .replace(/Member\([^)]*\)/, 'Member()')
      .replace(/id \d+/, 'id N')
      .split('\n')[0],
    error !== undefined,
  ]
}
