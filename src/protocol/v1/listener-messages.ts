// The messages of listeners: those that register them and end that, and the events that they are told of.
import {
  MapEventMessage,
  MapListenerRequest,
  type NamedCacheResponse,
  NamedCacheRequestType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Call } from '../call'
import { facts, payloadType } from './cache-requests'
import { cacheRequest, encodePayload, readPayload } from './envelope'
import { exchange } from './exchange'
import type { InFlight, SubChannel } from './sub-channel'

/** A registration, as data like `CACHE_REQUESTS`. */
export const MAP_LISTENER = facts(
  NamedCacheRequestType.MapListener,
  true,
  payloadType('coherence.cache.v1.MapListenerRequest', MapListenerRequest),
  undefined,
)

const MAP_EVENT = payloadType('coherence.cache.v1.MapEventMessage', MapEventMessage)

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
  const payload = encodePayload(MAP_LISTENER.payload, registration)
  await exchange(stream, (id) => cacheRequest(id, MAP_LISTENER, cacheId, payload), call)
}

/** Ends registrations, without a wait for the answers. */
export function endListeners(
  stream: SubChannel,
  cacheId: number,
  registrations: readonly MapListenerRequest[],
): void {
  for (const message of registrations) {
    const payload = encodePayload(MAP_LISTENER.payload, message)
    stream.send((id) => cacheRequest(id, MAP_LISTENER, cacheId, payload), NOBODY)
  }
}

/** The event in a response of that type. */
export function readMapEvent(response: NamedCacheResponse): MapEventMessage {
  return readPayload(MAP_EVENT, response)
}
