// What a stream tells without being asked, and whom it is for.
import { ResponseType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { CacheLink } from './cache-link'
import { readCacheResponse } from './envelope'
import { readMapEvent } from './listener-messages'

/** Tells an event to its cache. `destroyed` is called where the server has destroyed the cache. */
export function dispatchEvent(
  links: ReadonlyMap<number, CacheLink>,
  message: Any,
  destroyed: (link: CacheLink) => void,
): void {
  const response = readCacheResponse(message)
  const link = links.get(response.cacheId)
  if (link === undefined) return
  switch (response.type) {
    case ResponseType.MapEvent:
      link.listeners.dispatch(readMapEvent(response))
      return
    case ResponseType.Truncated:
      link.events.truncated()
      link.listeners.truncated()
      return
    case ResponseType.Destroyed:
      destroyed(link)
      return
    case ResponseType.Message:
      return
  }
}
