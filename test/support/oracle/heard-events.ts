// What one listener got, held against what was written: the events of a key are a chain, in the order of issue; each
// acknowledged write has its event; and at the end the listener knows what is there. A gap excuses what lies in it.
import type { Ledger } from './ledger'
import { Lines } from './lines'
import { type Seen, timesOf, type WriteRecord } from './write-record'

/** An event of an entry as a listener gets it. A lite one has no values. */
export interface HeardEvent {
  readonly type: 'insert' | 'update' | 'delete'
  readonly key: string
  readonly oldValue: Seen
  readonly newValue: Seen
  /** Whether the entry was read for the listener, rather than changed. */
  readonly priming: boolean
}

export interface HearingOptions {
  /** The keys that it listens to; left out, all. */
  readonly selects?: (key: string) => boolean
  /** The values that its filter accepts; left out, all. */
  readonly accepts?: (value: number) => boolean
  /** Whether its events have no values. */
  readonly lite?: boolean
  /** Whether it knows what was there when it was registered: nothing was, or it gets what was. */
  readonly knowsStart?: boolean
  /** Whether it gets what is there after each gap. */
  readonly resync?: boolean
}

export interface Interval {
  readonly from: number
  readonly to: number
}

/** A gap; one of an `overflow` needs no outage. */
export interface HeardGap extends Interval {
  readonly reason: 'disconnected' | 'overflow'
}

/** Something odd that a gap may excuse, which comes later. */
interface Suspicion {
  readonly line: string
  readonly at: number
  /** The write whose event it is about: one of unknown fate may come late. */
  readonly record: WriteRecord | undefined
}

/** What was heard of a key and of writes that are not forgotten. */
interface HeardOfKey {
  readonly values: Set<number>
  /** The values whose removal was heard of, with the times. */
  readonly removed: Map<number, number>
  /** What was read of the key for the listener, and from when on it need not have heard the changes before. */
  primed: readonly { readonly number: number; readonly since: number }[]
}

/** What a lite listener holds of an entry that is present. */
const PRESENT = 0

export class HeardEvents {
  readonly name: string
  readonly lines = new Lines()
  readonly #ledger: Ledger
  readonly #options: HearingOptions
  #startedAt: number
  readonly #heard = new Map<string, HeardOfKey>()
  /** What it takes to be there; `undefined` for what it takes to be absent. */
  readonly #held = new Map<string, Seen>()
  #knowsAll: boolean
  #endedAt = Infinity
  /** From when on entries that are read for it may contain changes without events. */
  #readSince: number
  #gaps: HeardGap[] = []
  #gapCount = 0
  #eventCount = 0
  #suspicions: Suspicion[] = []

  /** @param startedAt When the server had its registration; `Infinity` until `started` is called. */
  constructor(name: string, ledger: Ledger, startedAt: number, options: HearingOptions = {}) {
    this.name = name
    this.#ledger = ledger
    this.#startedAt = startedAt
    this.#options = options
    this.#knowsAll = options.knowsStart === true
    this.#readSince = startedAt
  }

  get gapCount(): number {
    return this.#gapCount
  }

  get eventCount(): number {
    return this.#eventCount
  }

  get gaps(): readonly HeardGap[] {
    return this.#gaps
  }

  event(event: HeardEvent, at: number): void {
    this.#eventCount += 1
    const { key, priming } = event
    const oldValue = this.#view(event.oldValue)
    const newValue = this.#view(event.newValue)
    const isWanted = this.#isLite || priming || oldValue !== undefined || newValue !== undefined
    const unwanted = `${textOf(event)}, which it did not ask for`
    if (!this.#selects(key)) this.#complain(unwanted, at)
    // A server that ends sends events without values (25.03.2).
    else if (!isWanted) this.#suspect(unwanted, at, undefined)
    if (priming) this.#primed(event, at)
    else this.#changed(event, at)
    this.#held.set(key, this.#isLite && event.type !== 'delete' ? PRESENT : newValue)
  }

  /** The events from `from` to `to` may be missing. */
  gap(from: number, to: number, at: number, reason: HeardGap['reason'] = 'disconnected'): void {
    this.#gapCount += 1
    if (from > to || to > at) this.#complain(`a gap from ${timesOf(from, to)}`, at)
    this.#gaps.push({ from, to, reason })
    this.#readSince = from
    this.#knowsAll = false
    this.#held.clear()
  }

  /** All entries were removed at once. */
  truncated(): void {
    this.#held.clear()
    this.#knowsAll = true
  }

  /** The server has its registration. */
  started(at: number): void {
    this.#startedAt = at
  }

  /** It hears nothing any more. */
  ended(at: number): void {
    this.#endedAt = at
  }

  /** Whether it ended before `moment`. */
  hasEnded(moment: number): boolean {
    return this.#endedAt < moment
  }

  /** Says what is missing of a write that has ended; `undefined` if nothing is. */
  missing(record: WriteRecord): string | undefined {
    const { key, fate, beganAt, endedAt, value, found, number } = record
    if (fate !== 'acknowledged' || this.#isLite || !this.#selects(key)) return undefined
    if (beganAt < this.#startedAt || endedAt >= this.#endedAt) return undefined
    const heard = this.#heard.get(key)
    if (value === undefined) {
      const removed = this.#view(found?.value)
      if (removed === undefined || heard?.removed.has(removed)) return undefined
    } else if (!this.#accepts(value) || heard?.values.has(number)) {
      return undefined
    }
    if (heard?.primed.some((read) => number <= read.number && endedAt >= read.since)) return undefined
    if (this.#gaps.some(({ from, to }) => from <= endedAt && beganAt <= to)) return undefined
    return `${this.name} has no event and no gap: ${String(record)}`
  }

  /** Forgets what was heard of a write that is judged. */
  forget({ key, number }: WriteRecord): void {
    const heard = this.#heard.get(key)
    if (heard === undefined) return
    heard.values.delete(number)
    heard.primed = heard.primed.filter((read) => read.number > number)
  }

  /** Judges what was odd before `moment`, and forgets it. Nothing that is not judged began before `oldest`. */
  forgetBefore(moment: number, oldest: number): void {
    for (const line of this.#unexcused(({ at }) => at < moment)) this.lines.add(line)
    this.#suspicions = this.#suspicions.filter(({ at }) => at >= moment)
    this.#gaps = this.#gaps.filter(({ to }) => to >= oldest)
    for (const { removed } of this.#heard.values())
      for (const [value, at] of removed) if (at < oldest) removed.delete(value)
  }

  /** What contradicts it, where `final` is what is there at the end. */
  violations(final: ReadonlyMap<string, number>): string[] {
    const found = [...this.lines.all, ...this.#unexcused(() => true)]
    if (this.#endedAt !== Infinity) return found
    const knowsAll = this.#knowsAll || this.#options.resync === true
    for (const key of new Set([...this.#held.keys(), ...(knowsAll ? final.keys() : [])])) {
      const actual = this.#view(final.get(key))
      const held = this.#held.get(key)
      if (this.#selects(key) && !this.#isSame(held, actual))
        found.push(`${this.name} holds ${String(held)} of ${key} at the end, where ${String(actual)} is`)
    }
    return found
  }

  get #isLite(): boolean {
    return this.#options.lite === true
  }

  #primed({ key, newValue }: HeardEvent, at: number): void {
    if (newValue !== undefined) this.#meet(key, newValue, at)
    const number = newValue ?? this.#ledger.lastNumber(key)
    const heard = this.#heardOf(key)
    if (heard.primed.at(-1)?.number !== number)
      heard.primed = [...heard.primed, { number, since: this.#readSince }]
  }

  #changed(event: HeardEvent, at: number): void {
    const { type, key, oldValue, newValue } = event
    const isKnown = this.#knowsAll || this.#held.has(key)
    const held = this.#held.get(key)
    const before = this.#isLite && type !== 'insert' ? PRESENT : this.#view(oldValue)
    const record = newValue === undefined ? undefined : this.#meet(key, newValue, at)
    if (isKnown && !this.#isSame(held, before))
      this.#suspect(`${textOf(event)}, where it held ${String(held)}`, at, record)
    if (oldValue !== undefined && newValue !== undefined && newValue <= oldValue)
      this.#suspect(`${textOf(event)}, against the order of the writes`, at, record)
    if (record !== undefined) this.#heardOf(key).values.add(record.number)
    if (type === 'delete' && oldValue !== undefined) this.#heardOf(key).removed.set(oldValue, at)
  }

  /** Notes that what a write leaves was heard of. */
  #meet(key: string, value: number, at: number): WriteRecord | undefined {
    const record = this.#ledger.find(key, value)
    if (record !== undefined) record.wasSeen = true
    if (!this.#ledger.hasBegun(key, value))
      this.#complain(`heard ${value} of ${key}, which was never written`, at)
    else if (record?.isPossible === false) this.#complain(`heard of ${String(record)}`, at)
    return record
  }

  #unexcused(isMeant: (suspicion: Suspicion) => boolean): string[] {
    const { lateMillis } = this.#ledger
    return this.#suspicions.flatMap((suspicion) => {
      const { line, at, record } = suspicion
      const isLate = record?.fate === 'unknown' && at <= record.endedAt + lateMillis && lateMillis > 0
      const isExcused = isLate || this.#gaps.some(({ from, to }) => from <= at && at <= to)
      return isMeant(suspicion) && !isExcused ? [line] : []
    })
  }

  #suspect(what: string, at: number, record: WriteRecord | undefined): void {
    this.#suspicions.push({ line: `${this.name} at ${Math.round(at)}: ${what}`, at, record })
  }

  #complain(what: string, at: number): void {
    this.lines.add(`${this.name} at ${Math.round(at)}: ${what}`)
  }

  #selects(key: string): boolean {
    return this.#options.selects?.(key) ?? true
  }

  #accepts(value: number): boolean {
    return this.#options.accepts?.(value) ?? true
  }

  /** A value as the listener holds it: one that its filter does not accept counts as absent. */
  #view(value: Seen): Seen {
    return value !== undefined && this.#accepts(value) ? value : undefined
  }

  #isSame(held: Seen, actual: Seen): boolean {
    return this.#isLite ? (held === undefined) === (actual === undefined) : held === actual
  }

  #heardOf(key: string): HeardOfKey {
    let heard = this.#heard.get(key)
    if (heard === undefined)
      this.#heard.set(key, (heard = { values: new Set(), removed: new Map(), primed: [] }))
    return heard
  }
}

function textOf({ type, key, oldValue, newValue, priming }: HeardEvent): string {
  return `${priming ? 'priming ' : ''}${type} of ${key} from ${String(oldValue)} to ${String(newValue)}`
}
