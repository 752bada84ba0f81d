// The timers and clocks of Node.js itself. Test libraries replace the global ones with fakes that stand still until the
// test moves them ("fake timers"), and a call must be answered and must time out in real time all the same. They replace
// the functions within `node:timers` too, so these are copies, taken when the library is loaded; and some are there before
// it is loaded, so what is on a global object or on `process` is used only where no test library replaces it.
import * as timers from 'node:timers'

export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = timers

/**
 * Milliseconds on a clock that never jumps. No test library replaces the uptime of the process, as they do
 * `process.hrtime` and `performance.now`, which would load modules of Node.js that nothing else here needs, too.
 */
export function now(): number {
  return process.uptime() * 1_000
}

/** Milliseconds since the epoch, for moments that people read. Nothing waits for them: this clock may jump. */
export const wallClock = Date.now

const resolved = Promise.resolve()

/**
 * Calls `task` later in this turn of the event loop, as `queueMicrotask` does: of what brings a function there, promises
 * are the only thing that no test library replaces.
 */
export function soon(task: () => void): void {
  void resolved.then(task)
}
