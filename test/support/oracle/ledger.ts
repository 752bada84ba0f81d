// What was written and read, by whoever did it. Each key has one writer, whose writes may be in flight together and take
// effect in the order of issue. Times are numbers that the caller passes in.
import { isIn, KeyHistory, textOf } from './key-history'
import { Lines } from './lines'
import type { WriteRecord } from './write-record'
import { type Outcome, type Seen } from './write-record'

export interface LedgerOptions {
  /**
   * For how long after its failure a write of unknown fate may still take effect, as when it waits in a server that is
   * suspended; left out, 0. Writes that begin later overrule it.
   */
  readonly lateMillis?: number
}

/** A read of one key that has begun. */
export interface ReadRecord {
  readonly key: string
  /** What reads it, for the report. */
  readonly by: string
  /** What the read has to see, or something later. */
  readonly floor: WriteRecord | undefined
}

export class Ledger {
  readonly lines = new Lines()
  readonly #lateMillis: number
  readonly #histories = new Map<string, KeyHistory>()

  constructor({ lateMillis = 0 }: LedgerOptions = {}) {
    this.#lateMillis = lateMillis
  }

  get lateMillis(): number {
    return this.#lateMillis
  }

  get keys(): readonly string[] {
    return [...this.#histories.keys()]
  }

  /** A write of `key` begins; its `value` is to be stored. */
  write(key: string, at: number): WriteRecord {
    return this.#historyOf(key).begin(false, at)
  }

  /** A removal of `key` begins. */
  remove(key: string, at: number): WriteRecord {
    return this.#historyOf(key).begin(true, at)
  }

  /** The write is answered, and took effect. `found` is what was there before, if the answer says so. */
  acknowledged(record: WriteRecord, at: number, found?: { readonly value: Seen }): void {
    if (!this.#end(record, 'acknowledged', at)) return
    record.found = found
    this.#historyOf(record.key).acknowledged(record)
  }

  /**
   * The write is answered, and had no effect, because its condition did not hold. `found` is what was there, if the
   * answer says so.
   */
  declined(record: WriteRecord, at: number, found?: { readonly value: Seen }): void {
    if (!this.#end(record, 'declined', at)) return
    record.found = found
    if (record.wasSeen) this.lines.add(`seen, but: ${String(record)}`)
  }

  failed(record: WriteRecord, outcome: Outcome, at: number): void {
    if (this.#end(record, outcome, at) && outcome === 'not-sent' && record.wasSeen)
      this.lines.add(`seen, but: ${String(record)}`)
  }

  /** A read of `key` begins; `by` says in reports what it is. */
  read(key: string, by = 'a read'): ReadRecord {
    return { key, by, floor: this.#historyOf(key).lastAcknowledged }
  }

  /** The read is answered with `found`. */
  answered({ key, by, floor }: ReadRecord, found: Seen, at: number): void {
    const objection = this.#historyOf(key).objection(found, floor)
    if (objection !== undefined)
      this.lines.add(`${by} found ${String(found)} of ${key} at ${Math.round(at)}, ${objection}`)
  }

  /** The write that leaves `value`, if it is not forgotten. */
  find(key: string, value: number): WriteRecord | undefined {
    return this.#histories.get(key)?.find(value)
  }

  /** Whether a write that leaves `value` was begun. */
  hasBegun(key: string, value: number): boolean {
    return value >= 1 && value <= this.lastNumber(key)
  }

  /** The last of the writes of `key`, in the order of issue, that were acknowledged. */
  lastAcknowledged(key: string): WriteRecord | undefined {
    return this.#histories.get(key)?.lastAcknowledged
  }

  /** The number of the last write of `key` that was begun. */
  lastNumber(key: string): number {
    return this.#histories.get(key)?.lastNumber ?? 0
  }

  /**
   * Judges all writes that ended before `moment`, and forgets them.
   *
   * @param judged Called with each of them, in the order of issue of its key.
   */
  forgetBefore(moment: number, judged: (record: WriteRecord) => void): void {
    for (const history of this.#histories.values()) {
      const records = history.endedBefore(moment)
      if (records.length === 0) continue
      const { possible, lines } = history.judge(records)
      for (const line of lines) this.lines.add(line)
      records.forEach(judged)
      history.forget(records.length, possible)
    }
  }

  /** The writes that are not forgotten. */
  *records(): Iterable<WriteRecord> {
    for (const history of this.#histories.values()) yield* history.records
  }

  /** What contradicts the writes, where `final` is what is there at the end. */
  violations(final: ReadonlyMap<string, number>): string[] {
    const found = [...this.lines.all]
    for (const [key, history] of this.#histories) {
      const { possible, lines } = history.judge(history.records)
      found.push(...lines)
      const value = final.get(key)
      const last = history.lastAcknowledged === undefined ? '' : `; ${String(history.lastAcknowledged)}`
      if (!isIn(possible, value))
        found.push(`${key} is ${String(value)} at the end, not ${textOf(possible)}${last}`)
      for (const record of history.records)
        if (record.fate === 'pending') found.push(`has not ended: ${String(record)}`)
    }
    for (const key of final.keys())
      if (!this.#histories.has(key)) found.push(`${key} is there at the end, but was never written`)
    return found
  }

  #end(record: WriteRecord, fate: WriteRecord['fate'], at: number): boolean {
    if (record.fate !== 'pending') {
      this.lines.add(`ended twice, now as ${fate} at ${Math.round(at)}: ${String(record)}`)
      return false
    }
    record.fate = fate
    record.endedAt = at
    return true
  }

  #historyOf(key: string): KeyHistory {
    let history = this.#histories.get(key)
    if (history === undefined) {
      history = new KeyHistory(key, this.#lateMillis)
      this.#histories.set(key, history)
    }
    return history
  }
}
