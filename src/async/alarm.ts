// A timer for any time in the future, also beyond the limit of Node's timers.
import { now, setTimeout } from './real-time'

/** Node's timers fire at once if the delay is longer than this. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Calls `ring` at `time` (on the clock of `now()`), never for `Infinity`. Returns the timer for `clearTimeout`. */
export function alarm(time: number, ring: () => void): NodeJS.Timeout | undefined {
  if (time === Infinity) return undefined
  const wait = Math.max(0, Math.ceil(time - now()))
  if (wait <= LONGEST_TIMER_MS) return setTimeout(ring, wait)
  let legs = Math.ceil(wait / LONGEST_TIMER_MS)
  const timer = setTimeout(
    () => {
      legs -= 1
      if (legs > 0) timer.refresh()
      else ring()
    },
    Math.ceil(wait / legs),
  )
  return timer
}
