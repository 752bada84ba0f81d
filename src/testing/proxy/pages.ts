// Pages of entries: all of a small cache, one partition of a large one.
import type { StoredCache, StoredEntry } from '../store/stored-cache'
import { decodeCookie, encodeCookie } from './cookies'
import type { CacheRequest } from './cache-request'
import { BytesValue } from './messages'
import { bytesPayload, NO_BYTES } from './payloads'

/** How many entries are one page, however many partitions they are in. */
const ONE_PAGE = 300

/** The cookie for the next page, and the entries of the one that is asked for. */
export function page(
  request: CacheRequest,
  cache: StoredCache,
): [ReturnType<typeof bytesPayload>, StoredEntry[]] {
  const from = decodeCookie(request.unpack(BytesValue).value)
  if (from === 0 && cache.size <= ONE_PAGE) return [bytesPayload(NO_BYTES), cache.entries()]
  const { entries, next } = cache.partition(from)
  return [bytesPayload(next === undefined ? NO_BYTES : encodeCookie(next)), entries]
}
