// Event messages of v1 as events of the port.
import type { MapEventMessage } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EntryEvent } from '../map-events'

const TYPES: Readonly<Record<number, EntryEvent['type']>> = { 1: 'insert', 2: 'update', 3: 'delete' }
/** The bits of an event's id that tell its type; the others are flags that have fields of their own. */
const TYPE_BITS = 7

/** `undefined` for what tells of no entry: a truncation sends an event with id 0 and no key. */
export function entryEvent(message: MapEventMessage): EntryEvent | undefined {
  const type = TYPES[message.id & TYPE_BITS]
  if (type === undefined) return undefined
  const { key, oldValue, newValue, expired, synthetic, priming, versionUpdate } = message
  return { type, key, oldValue, newValue, expired, synthetic, priming, versionUpdate }
}
