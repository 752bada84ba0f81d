// Numbers that many increase by one at a time: each ends between the increments that were acknowledged and those that
// may have taken effect, and no two increments give the same number.
import { Lines } from './lines'
import type { Outcome } from './write-record'

export interface IncrementRecord {
  readonly counter: string
  /** The highest number that was given before it began. */
  readonly floor: number
}

interface Counter {
  acknowledged: number
  unknown: number
  pending: number
  highest: number
  /** What was given, with the times. */
  readonly given: Map<number, number>
}

export class Counters {
  readonly lines = new Lines()
  readonly #counters = new Map<string, Counter>()

  /** An increment begins. */
  increment(name: string): IncrementRecord {
    const counter = this.#counterOf(name)
    counter.pending += 1
    return { counter: name, floor: counter.highest }
  }

  /** The increment is answered with the number after it. */
  acknowledged(record: IncrementRecord, value: number, at: number): void {
    const counter = this.#counterOf(record.counter)
    counter.pending -= 1
    counter.acknowledged += 1
    const what = `an increment of ${record.counter} gave ${value} at ${Math.round(at)}`
    const before = counter.given.get(value)
    if (before !== undefined) this.lines.add(`${what}, as another one did at ${Math.round(before)}`)
    else if (value <= record.floor) this.lines.add(`${what}, after another one gave ${record.floor}`)
    counter.given.set(value, at)
    counter.highest = Math.max(counter.highest, value)
  }

  failed(record: IncrementRecord, outcome: Outcome): void {
    const counter = this.#counterOf(record.counter)
    counter.pending -= 1
    if (outcome === 'unknown') counter.unknown += 1
  }

  /** Forgets which numbers were given before `moment`. */
  forgetBefore(moment: number): void {
    for (const { given } of this.#counters.values())
      for (const [value, at] of given) if (at < moment) given.delete(value)
  }

  violations(final: ReadonlyMap<string, number>): string[] {
    const found = [...this.lines.all]
    for (const [name, { acknowledged, unknown, pending }] of this.#counters) {
      const value = final.get(name) ?? 0
      if (value < acknowledged || value > acknowledged + unknown)
        found.push(`${name} is ${value} at the end, after ${acknowledged} increments and perhaps ${unknown}`)
      if (pending !== 0) found.push(`${pending} increments of ${name} have not ended`)
    }
    return found
  }

  #counterOf(name: string): Counter {
    let counter = this.#counters.get(name)
    if (counter === undefined) {
      counter = { acknowledged: 0, unknown: 0, pending: 0, highest: 0, given: new Map() }
      this.#counters.set(name, counter)
    }
    return counter
  }
}
