// What makes the listeners of a cache known on a stream, and what the stream then tells of it.
import {
  type MapListenerRequest,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Call } from '../call'
import type { CacheLink } from './cache-link'
import { cacheRequest, encodePayload, readCacheResponse, readPayload } from './envelope'
import { exchange } from './exchange'
import { MAP_EVENT, QUERY_REQUESTS } from './query-requests'
import type { InFlight, SubChannel } from './sub-channel'

const NOBODY: InFlight = {
  sentAt: 0,
  givesParts: false,
  received: () => undefined,
  completed: () => undefined,
  failed: () => undefined,
  lost: () => undefined,
}

/** Makes, changes or ends a registration. Rejects with `StreamLost` where the stream ends or forgot the cache. */
export async function registerListener(
  stream: SubChannel,
  cacheId: number,
  registration: MapListenerRequest,
  call: Call,
): Promise<void> {
  const facts = QUERY_REQUESTS.mapListener
  const payload = encodePayload(facts.payload, registration)
  await exchange(stream, (id) => cacheRequest(id, facts, cacheId, payload), call)
}

/** Ends registrations, without a wait for the answers. */
export function endListeners(
  stream: SubChannel,
  cacheId: number,
  registrations: readonly MapListenerRequest[],
): void {
  const facts = QUERY_REQUESTS.mapListener
  for (const message of registrations) {
    const payload = encodePayload(facts.payload, message)
    stream.send((id) => cacheRequest(id, facts, cacheId, payload), NOBODY)
  }
}

/** Tells the cache that an event is for; `destroyed` where it is its end. */
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
      link.listeners.dispatch(readPayload(MAP_EVENT, response))
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
