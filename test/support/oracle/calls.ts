// The calls that were made: each ends once, within its time.
import { Lines } from './lines'

export interface CallRecord {
  readonly name: string
  readonly beganAt: number
  readonly withinMillis: number
  hasEnded: boolean
}

export class Calls {
  readonly lines = new Lines()
  readonly #pending = new Set<CallRecord>()
  #ended = 0
  #longestMillis = 0

  /** How many have ended. */
  get ended(): number {
    return this.#ended
  }

  /** How many have not. */
  get pending(): number {
    return this.#pending.size
  }

  get longestMillis(): number {
    return this.#longestMillis
  }

  /** A call begins that has to end within `withinMillis`. */
  begin(name: string, at: number, withinMillis: number): CallRecord {
    const call = { name, beganAt: at, withinMillis, hasEnded: false }
    this.#pending.add(call)
    return call
  }

  end(call: CallRecord, at: number): void {
    if (call.hasEnded) this.lines.add(`${call.name} ended twice, the second time at ${Math.round(at)}`)
    call.hasEnded = true
    this.#pending.delete(call)
    this.#ended += 1
    const millis = at - call.beganAt
    this.#longestMillis = Math.max(this.#longestMillis, millis)
    if (millis > call.withinMillis)
      this.lines.add(
        `${call.name} took from ${Math.round(call.beganAt)} on ${Math.round(millis)} ms, not ${call.withinMillis}`,
      )
  }

  violations(): string[] {
    const pending = [...this.#pending].map(
      ({ name, beganAt }) => `${name} has not ended, begun at ${Math.round(beganAt)}`,
    )
    return [...this.lines.all, ...pending]
  }
}
