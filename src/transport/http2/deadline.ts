// Converts the deadlines of gRPC's clients to the clock of `now()` and to the header for the server.
import { now, wallClock } from '../../async/real-time'
import type { Deadline } from '@grpc/grpc-js'

// PROTOCOL-HTTP2: a TimeoutValue has at most eight digits.
const MORE_THAN_EIGHT_DIGITS = 1e8
const UNITS = [
  ['m', 1],
  ['S', 1_000],
  ['M', 60_000],
  ['H', 3_600_000],
] as const

/** Converts `deadline` to the clock of `now()`; `Infinity` for no deadline. */
export function timeOf(deadline: Deadline): number {
  const moment = typeof deadline === 'number' ? deadline : deadline.getTime()
  return moment === Infinity ? Infinity : now() + moment - wallClock()
}

/** Returns the value of the header `grpc-timeout`. */
export function grpcTimeout(remainingMs: number): string {
  for (const [unit, unitMs] of UNITS) {
    const amount = Math.max(1, Math.ceil(remainingMs / unitMs))
    if (amount < MORE_THAN_EIGHT_DIGITS) return `${amount}${unit}`
  }
  return `${MORE_THAN_EIGHT_DIGITS - 1}H`
}
