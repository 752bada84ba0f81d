// Converts between the two clocks of `real-time.ts`.
import { now, wallClock } from './real-time'

/** Returns the time since the epoch that is `time` on the clock of `now()`, in whole milliseconds. */
export function epochTime(time: number): number {
  return Math.floor(wallClock() - (now() - time))
}
