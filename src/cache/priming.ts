// Telling a listener of what is there already, while it changes. The listener is registered first; then the entries
// are read. An event that comes while they are read may tell of a change that is in them already, and the other way
// round: this decides which of the two is told, by key.
import { createHash } from 'node:crypto'
import { clearTimeout, now, setTimeout } from '../async/real-time'
import { textOf } from '../codec/byte-text'
import type { EntryEvent } from '../protocol/map-events'
import type { Bytes, EntryBytes } from '../protocol/port'

/** Events of changes that were made before an entry was read have come by then. */
export const GRACE_MS = 5_000
/** Longer values are kept as a digest. */
const LONGEST_MARK = 64
const ABSENT = 'absent'

export interface PrimingFacts {
  /** A text that is equal for equal keys, for bytes of events and of entries. */
  readonly identify: (key: Bytes) => string
  /** Whether there is an event for every change of an entry that is told of, not for some kinds of change only. */
  readonly seesAllChanges: boolean
  /** Whether events are judged as they come. Otherwise their consumer may be far behind. */
  readonly isPrompt: boolean
}

/** The identity of keys by their bytes. */
export const byBytes = textOf

export class Priming {
  readonly #identify: (key: Bytes) => string
  readonly #isPrompt: boolean
  #seesAllChanges: boolean
  /** Keys that events told of before they were read. */
  #changed = new Set<string>()
  /** A mark of the value that was told of each key that no event has taken up yet. */
  #told = new Map<string, string>()
  /** The same for keys that were told of some time ago. */
  #toldBefore = new Map<string, string>()
  #turnedAt = now()
  #isReading = true
  #grace: NodeJS.Timeout | undefined

  constructor({ identify, seesAllChanges, isPrompt }: PrimingFacts) {
    this.#identify = identify
    this.#seesAllChanges = seesAllChanges
    this.#isPrompt = isPrompt
  }

  /** Whether entries are still to be read. */
  get isReading(): boolean {
    return this.#isReading
  }

  /** How many keys are kept in memory. */
  get keysHeld(): number {
    return this.#changed.size + this.#told.size + this.#toldBefore.size
  }

  /** Whether to tell the event: not where what was read is newer. */
  admitsEvent(event: EntryEvent): boolean {
    if (!this.#isReading && this.#told.size === 0 && this.#toldBefore.size === 0) return true
    const key = this.#identify(event.key)
    const told = this.#told.get(key) ?? this.#toldBefore.get(key)
    if (told === undefined) {
      if (this.#isReading) this.#changed.add(key)
      return true
    }
    const before = event.type === 'insert' ? ABSENT : markOf(event.oldValue)
    const after = event.type === 'delete' ? ABSENT : markOf(event.newValue)
    // The changes of a key are a chain. One that begins at what was read goes on from there; one that ends there is in
    // it; any other came before it, unless it comes without values: a repeated event is better than a lost one.
    if (before !== told && after !== told && hasValues(event)) return false
    this.#told.delete(key)
    this.#toldBefore.delete(key)
    // Where reading begins anew, as a stream was lost, the entry comes again.
    if (this.#isReading) this.#changed.add(key)
    return before === told || after !== told
  }

  /** Whether to tell of an entry that was read: not where an event has, nor twice. An empty value is of an absent key. */
  admitsEntry({ key, value }: EntryBytes): boolean {
    if (!this.#isReading) return false
    const text = this.#identify(key)
    if (this.#changed.has(text)) return false
    // Of what changed since it was told there will be an event, or a gap.
    if (this.#told.has(text) || this.#toldBefore.has(text)) return false
    this.#turn()
    // Where links of the chain are missing, events that came before cannot be told from others.
    if (this.#seesAllChanges) this.#told.set(text, value.length === 0 ? ABSENT : markOf(value))
    return true
  }

  /** All entries were read. */
  finished(): void {
    this.#isReading = false
    this.#changed = new Set()
    if (this.#isPrompt) this.#grace = setTimeout(() => this.caughtUp(), GRACE_MS).unref()
  }

  /** Events are missing from here on. */
  gap(): void {
    this.#seesAllChanges = false
    this.#forgetTold()
  }

  /** All entries were removed; events tell of all that were inserted since, so nothing more is to be read. */
  truncated(): void {
    this.#isReading = false
    this.#changed = new Set()
    this.#forgetTold()
  }

  /** The events of all changes that were made before the entries were read have come. */
  caughtUp(): void {
    clearTimeout(this.#grace)
    if (!this.#isReading) this.#forgetTold()
  }

  #forgetTold(): void {
    this.#told = new Map()
    this.#toldBefore = new Map()
  }

  /** However long the reading takes, only keys of the last seconds are kept. */
  #turn(): void {
    if (!this.#isPrompt || now() - this.#turnedAt < GRACE_MS) return
    this.#turnedAt = now()
    this.#toldBefore = this.#told
    this.#told = new Map()
  }
}

function hasValues(event: EntryEvent): boolean {
  return event.oldValue.length > 0 || event.newValue.length > 0
}

/** Equal for equal values, and short. */
function markOf(value: Bytes): string {
  if (value.length <= LONGEST_MARK) return textOf(value)
  return createHash('sha256').update(value).digest('base64')
}
