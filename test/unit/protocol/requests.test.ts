import { NamedCacheRequestType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { REQUESTS, STREAMED_REQUESTS } from '../../../src/protocol/v1/wire/requests'

const rows = Object.entries({ ...REQUESTS, ...STREAMED_REQUESTS })

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
  )('have a row for %s', (type) => {
    expect(rows.map(([, { type: known }]) => NamedCacheRequestType[known])).toContain(type)
  })

  it('are repeatable unless they change entries', () => {
    const once = rows.filter(([, { repeatable }]) => !repeatable).map(([name]) => name)

    expect(once.toSorted()).toEqual(NOT_REPEATABLE)
  })
})
