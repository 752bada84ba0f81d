// The messages of listeners: the one that makes, changes or ends a registration, and those that the server sends without being
// asked, each passed on to its cache.
import { asBuffer } from '../../../bytes'
import {
  type MapEventMessage,
  type MapListenerRequest,
  ResponseType,
} from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EntryEvent } from '../../events'
import type { Level, Registration } from '../../registrations/registration'
import { readMapEvent, readResponse } from '../wire/responses'
import type { AnyView } from '../wire/wire'
import type { CacheHandle } from './cache-handle'
import { distinctFilter } from './quirks'

/** The message that makes a registration what is wanted. */
export function listenerRequest(
  { target, filterId, registered }: Pick<Registration, 'target' | 'filterId' | 'registered'>,
  wanted: Level,
): MapListenerRequest {
  return {
    subscribe: wanted !== 'none',
    keyOrFilter: {
      keyOrFilter:
        target.kind === 'key'
          ? { $case: 'key', value: asBuffer(target.key) }
          : { $case: 'filter', value: asBuffer(distinctFilter(target.events, filterId)) },
    },
    filterId: BigInt(filterId),
    // One that ends a registration says what that was.
    lite: (wanted === 'none' ? registered : wanted) === 'lite',
    // No server reads it: events of a client's own writes come before their answers anyway.
    synchronous: false,
    // A registration that primes would take the old values away from all others of its key.
    priming: false,
    trigger: Buffer.alloc(0),
  }
}

const TYPES: Readonly<Record<number, EntryEvent['type']>> = { 1: 'insert', 2: 'update', 3: 'delete' }
/** The bits of an event's id that say its type; the others are flags that have fields of their own. */
const TYPE_BITS = 7

/** `undefined` for a message about no entry: a truncation sends one with id 0 and no key. */
export function entryEvent(message: MapEventMessage): EntryEvent | undefined {
  const type = TYPES[message.id & TYPE_BITS]
  if (type === undefined) return undefined
  const { key, oldValue, newValue, expired, synthetic, priming, versionUpdate } = message
  return { type, key, oldValue, newValue, expired, synthetic, priming, versionUpdate }
}

/** Passes on what the server sends without being asked. `destroyed` is called if it has destroyed a cache. */
export function dispatchEvent(
  handles: ReadonlyMap<number, CacheHandle>,
  message: AnyView,
  destroyed: (handle: CacheHandle) => void,
): void {
  const { cacheId, type } = readResponse(message)
  const handle = handles.get(cacheId)
  if (handle === undefined) return
  switch (type) {
    case ResponseType.MapEvent: {
      const event = readMapEvent(message)
      const entry = entryEvent(event)
      if (entry !== undefined) handle.listeners.dispatch(entry, event.filterIds.map(Number))
      return
    }
    case ResponseType.Truncated:
      handle.events.truncated()
      handle.listeners.truncated()
      return
    case ResponseType.Destroyed:
      destroyed(handle)
      return
    case ResponseType.Message:
      return
  }
}
