import { NamedCacheRequestType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { CACHE_REQUESTS } from '../../../src/protocol/v1/cache-requests'
import { MAP_LISTENER } from '../../../src/protocol/v1/listener-messages'
import { QUERY_REQUESTS } from '../../../src/protocol/v1/query-requests'

const facts = Object.entries({ ...CACHE_REQUESTS, ...QUERY_REQUESTS, mapListener: MAP_LISTENER })

/** Those that change entries, and so may not be carried out twice. */
const NOT_REPEATABLE = [
  'clear',
  'destroy',
  'invoke',
  'invokeAll',
  'put',
  'putAll',
  'putIfAbsent',
  'remove',
  'removeMapping',
  'replace',
  'replaceMapping',
  'truncate',
]

describe('the requests of the cache service', () => {
  const types = Object.values(NamedCacheRequestType).filter((type) => typeof type === 'number')

  it.each(
    types.filter((type) => type !== NamedCacheRequestType.Unknown).map((type) => NamedCacheRequestType[type]),
  )('know %s', (type) => {
    expect(facts.map(([, { type: known }]) => NamedCacheRequestType[known])).toContain(type)
  })

  it('are repeatable unless they change entries', () => {
    const once = facts.filter(([, { repeatable }]) => !repeatable).map(([name]) => name)

    expect(once.toSorted()).toEqual(NOT_REPEATABLE)
  })

  it('name the types of their payloads and answers in full', () => {
    const urls = facts
      .flatMap(([, { payload, answer }]) => [payload, answer])
      .flatMap((type) => (type === undefined ? [] : [type.typeUrl]))

    expect(
      urls.filter((url) => !/^type\.googleapis\.com\/(coherence|google\.protobuf)\.[A-Za-z0-9.]+$/.test(url)),
    ).toEqual([])
  })
})
