// Decides which items a listener gets while its entries are read and the map changes. The listener is
// registered first, and the entries are read then. An entry may contain the change of an event that arrives after it,
// and an event may be newer than an entry that arrives after it. For each key the older of the two is left out.
import { createHash } from 'node:crypto'
import { clearTimeout, now, setTimeout } from '../../async/real-time'
import { textOf, type Bytes } from '../../bytes'
import type { EntryEvent } from '../../protocol/events'
import type { EntryBytes } from '../../protocol/port'

/** The event of a change arrives within this time after an entry was read that contains the change. */
export const GRACE_MS = 5_000
/** For longer values a digest is kept. */
const MAX_MARK_BYTES = 64
const ABSENT = 'absent'

export interface PrimingFacts {
  /** Returns equal texts for equal keys, whether the bytes come from an event or an entry. */
  readonly identify: (key: Bytes) => string
  /** Whether every change of an entry that is read causes an event, and not only some kinds of change. */
  readonly seesAllChanges: boolean
  /** Whether events are checked as soon as they arrive. Otherwise the consumer may be far behind. */
  readonly isPrompt: boolean
}

/** Identifies keys by their bytes. */
export const byBytes = textOf

export class Priming {
  readonly #identify: (key: Bytes) => string
  readonly #isPrompt: boolean
  #seesAllChanges: boolean
  /** The keys of events that arrived before the entry was read. */
  #changed = new Set<string>()
  /** For each key that was read, a mark of its value, until an event follows on it. */
  #read = new Map<string, string>()
  /** The same for keys that were read some seconds ago. */
  #readBefore = new Map<string, string>()
  #rotatedAt = now()
  #isReading = true
  #grace: NodeJS.Timeout | undefined

  constructor({ identify, seesAllChanges, isPrompt }: PrimingFacts) {
    this.#identify = identify
    this.#seesAllChanges = seesAllChanges
    this.#isPrompt = isPrompt
  }

  /** Whether there are more entries to read. */
  get isReading(): boolean {
    return this.#isReading
  }

  /** The number of keys that are kept in memory. */
  get keysHeld(): number {
    return this.#changed.size + this.#read.size + this.#readBefore.size
  }

  /** Whether to deliver an event: not if the entry that was read is newer. */
  admitsEvent(event: EntryEvent): boolean {
    if (!this.#isReading && this.#read.size === 0 && this.#readBefore.size === 0) return true
    const key = this.#identify(event.key)
    const read = this.#read.get(key) ?? this.#readBefore.get(key)
    if (read === undefined) {
      if (this.#isReading) this.#changed.add(key)
      return true
    }
    const before = event.type === 'insert' ? ABSENT : markOf(event.oldValue)
    const after = event.type === 'delete' ? ABSENT : markOf(event.newValue)
    // Each event links an old value to a new one. If the old value is the one that was read, the change was made after
    // the read: the event is delivered. If the new value is, the entry contains the change: the event is dropped. Any
    // other event is older and is dropped too, unless it carries no values: to deliver an event twice is better than to
    // lose it.
    if (before !== read && after !== read && hasValues(event)) return false
    this.#read.delete(key)
    this.#readBefore.delete(key)
    // If the stream is lost, all entries are read again.
    if (this.#isReading) this.#changed.add(key)
    return before === read || after !== read
  }

  /**
   * Whether to deliver an entry that was read: not if an event of its key was delivered, nor twice. An empty value
   * means that the key is absent.
   */
  admitsEntry({ key, value }: EntryBytes): boolean {
    if (!this.#isReading) return false
    const text = this.#identify(key)
    if (this.#changed.has(text)) return false
    // If it changed since it was delivered, an event or a gap will follow.
    if (this.#read.has(text) || this.#readBefore.has(text)) return false
    this.#rotate()
    // If some changes cause no event, it is unknown which events are older than the entry.
    if (this.#seesAllChanges) this.#read.set(text, value.length === 0 ? ABSENT : markOf(value))
    return true
  }

  /** All entries were read. */
  finished(): void {
    this.#endReading()
    if (this.#isPrompt) this.#grace = setTimeout(() => this.caughtUp(), GRACE_MS).unref()
  }

  /** The events between the last one and the next one are missing. */
  gap(): void {
    this.#seesAllChanges = false
    this.#forgetRead()
  }

  /** All entries were removed. Those that were inserted since cause events, so there is nothing more to read. */
  truncated(): void {
    this.#endReading()
    this.#forgetRead()
  }

  /** The events of all changes that were made before the entries were read have been checked. */
  caughtUp(): void {
    clearTimeout(this.#grace)
    if (!this.#isReading) this.#forgetRead()
  }

  #endReading(): void {
    this.#isReading = false
    this.#changed = new Set()
  }

  #forgetRead(): void {
    this.#read = new Map()
    this.#readBefore = new Map()
  }

  /** Keeps only the keys of the last seconds, so that memory is bounded during a long read. */
  #rotate(): void {
    if (!this.#isPrompt || now() - this.#rotatedAt < GRACE_MS) return
    this.#rotatedAt = now()
    this.#readBefore = this.#read
    this.#read = new Map()
  }
}

function hasValues(event: EntryEvent): boolean {
  return event.oldValue.length > 0 || event.newValue.length > 0
}

/** Returns equal short texts for equal values. */
function markOf(value: Bytes): string {
  if (value.length <= MAX_MARK_BYTES) return textOf(value)
  return createHash('sha256').update(value).digest('base64')
}
