// The real timers and clocks of Node.js. Test libraries replace the global ones with fakes that stop until the test
// moves them ("fake timers"), but calls must be answered and must time out in real time. The libraries replace the
// functions of `node:timers` too, so this file copies them when the library is loaded. Some fakes are installed before
// that, so this file uses a member of a global object or of `process` only if no test library replaces it.
import * as timers from 'node:timers'

export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = timers

/**
 * Returns milliseconds on a clock that never jumps. No test library replaces `process.uptime`. They do replace
 * `process.hrtime` and `performance.now`, which also load modules of Node.js that are not needed otherwise.
 */
export function now(): number {
  return process.uptime() * 1_000
}

/** Returns milliseconds since the epoch, for timestamps. This clock may jump, so it must not be used for timeouts. */
export const wallClock = Date.now

const resolved = Promise.resolve()

/**
 * Calls `task` later in this turn of the event loop, as `queueMicrotask` does. It uses a promise, because test
 * libraries replace all other functions that do this.
 */
export function soon(task: () => void): void {
  void resolved.then(task)
}
