// Telling a listener of what is there already, while it changes. The listener is registered first; then the entries
// are read. An event that comes while they are read may tell of a change that is in them already, and the other way
// round: this decides which of the two is told, by key.
import type { EntryEvent } from '../protocol/map-events'
import type { Bytes, EntryBytes } from '../protocol/port'
import { textOf } from './entry-codec'

/** Events that were under way when the last entry was read have come by then. */
const GRACE_MS = 5_000

export class Priming {
  /** Keys that events told of before they were read. */
  #changed = new Set<string>()
  /** What was told of each key that no event has taken up yet. */
  #told = new Map<string, Bytes>()
  #isReading = true

  /** Whether to tell the event: not where what was read was newer. */
  admitsEvent(event: EntryEvent): boolean {
    if (!this.#isReading && this.#told.size === 0) return true
    const key = textOf(event.key)
    const told = this.#told.get(key)
    if (told === undefined) {
      if (this.#isReading) this.#changed.add(key)
      return true
    }
    // Without values there is no telling; a repeated event is better than a lost one.
    if (event.oldValue.length === 0 || equal(event.oldValue, told)) {
      this.#told.delete(key)
      return true
    }
    if (equal(event.newValue, told)) this.#told.delete(key)
    return false
  }

  /** Whether to tell of an entry that was read: not where an event has. */
  admitsEntry({ key, value }: EntryBytes): boolean {
    const text = textOf(key)
    if (this.#changed.has(text)) return false
    this.#told.set(text, value)
    return true
  }

  /** All entries were read. */
  finished(): void {
    this.#isReading = false
    this.#changed = new Set()
    setTimeout(() => (this.#told = new Map()), GRACE_MS).unref()
  }
}

function equal(one: Bytes, other: Bytes): boolean {
  return Buffer.compare(one, other) === 0
}
