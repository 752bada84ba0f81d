// Deadlines: the header that tells the server, and a timer that can wait for longer than Node's.
import type { Deadline } from '@grpc/grpc-js'

const LONGEST_TIMER_MS = 2 ** 31 - 1
// PROTOCOL-HTTP2: a TimeoutValue has at most eight digits.
const MORE_THAN_EIGHT_DIGITS = 1e8
const UNITS = [
  ['m', 1],
  ['S', 1_000],
  ['M', 60_000],
  ['H', 3_600_000],
] as const

/** The moment of `deadline`, in milliseconds since the epoch; `Infinity` where there is none. */
export function momentOf(deadline: Deadline): number {
  return typeof deadline === 'number' ? deadline : deadline.getTime()
}

/** The value of the header `grpc-timeout`. */
export function grpcTimeout(remainingMs: number): string {
  for (const [unit, unitMs] of UNITS) {
    const amount = Math.max(1, Math.ceil(remainingMs / unitMs))
    if (amount < MORE_THAN_EIGHT_DIGITS) return `${amount}${unit}`
  }
  return `${MORE_THAN_EIGHT_DIGITS - 1}H`
}

/** Calls `expired` once at a moment, unless stopped before. */
export class DeadlineTimer {
  readonly #moment: number
  readonly #expired: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(moment: number, expired: () => void) {
    this.#moment = moment
    this.#expired = expired
    this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #arm(): void {
    const remainingMs = this.#moment - Date.now()
    const waitMs = Math.min(Math.max(remainingMs, 0), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => {
      if (this.#moment > Date.now()) this.#arm()
      else this.#expired()
    }, waitMs)
  }
}
