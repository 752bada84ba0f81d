// Entries as evaluators see them: their keys and values are read when they are asked for.
import type { Entry, MutableEntry } from '../evaluators/entry'
import { asStored } from '../java/as-stored'
import type { JavaValue } from '../java/java-value'
import type { StoredCache, StoredEntry } from '../store/stored-cache'
import { isSame, type Stored, toStored, valueOf } from '../store/stored-value'

/** An entry that is asked about. */
export class StoredEntryView implements Entry {
  readonly isPresent = true
  readonly stored: StoredEntry
  #key: JavaValue | undefined
  #value: JavaValue | undefined

  constructor(stored: StoredEntry) {
    this.stored = stored
  }

  get key(): JavaValue {
    return (this.#key ??= valueOf(this.stored.key))
  }

  get value(): JavaValue {
    return (this.#value ??= valueOf(this.stored.value))
  }
}

/** A key without an entry that is asked about. */
export class AbsentEntryView implements Entry {
  readonly isPresent = false
  readonly value = null
  readonly key: JavaValue

  constructor(key: Stored) {
    this.key = valueOf(key)
  }
}

/** What a processor works on. */
export interface WorkTarget {
  readonly id: string
  readonly key: Stored
}

/** An entry that a processor works on. Nothing is stored where it fails. */
export class WorkingEntry implements MutableEntry {
  readonly key: JavaValue
  #value: JavaValue
  #isPresent: boolean
  #change: { readonly kind: 'set'; readonly ttlMillis: number } | { readonly kind: 'remove' } | undefined

  private constructor(key: JavaValue, stored: StoredEntry | undefined) {
    this.key = key
    this.#value = stored === undefined ? null : valueOf(stored.value)
    this.#isPresent = stored !== undefined
  }

  /** Runs the processor and stores what it did. A value that is the same as before is no change. */
  static run<R>(cache: StoredCache, { id, key }: WorkTarget, process: (entry: MutableEntry) => R): R {
    const stored = cache.get(id)
    const entry = new WorkingEntry(valueOf(key), stored)
    const result = process(entry)
    const change = entry.#change
    if (change?.kind === 'set') {
      const value = toStored(entry.#value)
      const isChange = change.ttlMillis > 0 || stored === undefined || !isSame(stored.value, value)
      if (isChange) cache.put(id, key, value, change.ttlMillis)
    } else if (change?.kind === 'remove') cache.remove(id)
    return result
  }

  get value(): JavaValue {
    return this.#value
  }

  get isPresent(): boolean {
    return this.#isPresent
  }

  setValue(value: JavaValue, ttlMillis = 0): void {
    this.#value = asStored(value)
    this.#isPresent = true
    this.#change = { kind: 'set', ttlMillis }
  }

  remove(): void {
    this.#value = null
    this.#isPresent = false
    this.#change = { kind: 'remove' }
  }
}
