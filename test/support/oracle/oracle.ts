// Judges what clients did and heard while things went wrong, from what is passed in: it has no timers, no clock and no
// server. Every acknowledged write is there; every call ended once; writes of a key take effect in the order of issue;
// listeners miss nothing but in a gap, get gaps only when something was wrong, and know at the end what is there.
import { Calls } from './calls'
import { Counters } from './counters'
import { HeardEvents, type HearingOptions, type Interval } from './heard-events'
import { Ledger, type LedgerOptions } from './ledger'
import { Lines } from './lines'
import { timesOf } from './write-record'

/** What is there at the end. */
export interface Final {
  readonly entries: ReadonlyMap<string, number>
  readonly counters?: ReadonlyMap<string, number>
}

export class Oracle {
  readonly ledger: Ledger
  readonly counters = new Counters()
  readonly calls = new Calls()
  readonly #lines = new Lines()
  #listeners: HeardEvents[] = []
  /** When connections may be lost; `undefined` if nobody says. */
  #outages: Interval[] | undefined
  /** What ended before is judged. */
  #judgedUntil = -Infinity

  constructor(options: LedgerOptions = {}) {
    this.ledger = new Ledger(options)
  }

  /** A listener; `startedAt` is when the server had its registration, or `Infinity` until `started` is called. */
  listener(name: string, startedAt: number, options?: HearingOptions): HeardEvents {
    const heard = new HeardEvents(name, this.ledger, startedAt, options)
    this.#listeners.push(heard)
    return heard
  }

  /** A connection may be lost in this interval. Once one is named, gaps outside all of them are violations. */
  outage(from: number, to: number): void {
    this.#outages ??= []
    this.#outages.push({ from, to })
  }

  /** Something happened that never may. */
  unexpected(line: string): void {
    this.#lines.add(line)
  }

  /**
   * Judges what ended before `moment` and forgets it, so that memory does not grow. By then the events have arrived, and
   * the gaps of the outages.
   */
  forgetBefore(moment: number): void {
    for (const line of this.#needlessGaps(moment)) this.unexpected(line)
    this.ledger.forgetBefore(moment, (record) => {
      for (const listener of this.#listeners) {
        const missing = listener.missing(record)
        if (missing !== undefined) this.unexpected(missing)
        listener.forget(record)
      }
    })
    this.counters.forgetBefore(moment)
    let oldest = moment
    for (const { beganAt } of this.ledger.records()) oldest = Math.min(oldest, beganAt)
    for (const listener of this.#listeners) listener.forgetBefore(moment, oldest)
    for (const listener of this.#listeners) {
      if (listener.hasEnded(oldest)) for (const line of listener.lines.all) this.unexpected(line)
    }
    this.#listeners = this.#listeners.filter((listener) => !listener.hasEnded(oldest))
    this.#outages = this.#outages?.filter(({ to }) => to >= oldest)
    this.#judgedUntil = moment
  }

  /** What is wrong, each in a line; asked again it says the same, unless something happened meanwhile. */
  violations({ entries, counters = new Map() }: Final): string[] {
    const missing = [...this.ledger.records()].flatMap((record) =>
      this.#listeners.flatMap((listener) => listener.missing(record) ?? []),
    )
    return [
      ...this.#lines.all,
      ...this.ledger.violations(entries),
      ...this.counters.violations(counters),
      ...this.calls.violations(),
      ...this.#listeners.flatMap((listener) => listener.violations(entries)),
      ...missing,
      ...this.#needlessGaps(Infinity),
    ]
  }

  #needlessGaps(before: number): string[] {
    const outages = this.#outages
    if (outages === undefined) return []
    return this.#listeners.flatMap(({ name, gaps }) =>
      gaps.flatMap(({ from, to, reason }) =>
        reason === 'overflow' ||
        to < this.#judgedUntil ||
        to >= before ||
        outages.some((outage) => outage.from <= to && from <= outage.to)
          ? []
          : [`${name} has a gap for no reason, from ${timesOf(from, to)}`],
      ),
    )
  }
}
