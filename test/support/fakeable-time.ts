// Stands for `src/async/real-time` in tests that move the time themselves: what jest's fake timers replace.
//
//   jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))
import type * as RealTime from '../../src/async/real-time'

const fakeable: typeof RealTime = {
  setTimeout: ((ring: () => void, millis?: number) => setTimeout(ring, millis)) as typeof setTimeout,
  clearTimeout: (timer) => clearTimeout(timer),
  setInterval: ((ring: () => void, millis: number) => setInterval(ring, millis)) as typeof setInterval,
  clearInterval: (timer) => clearInterval(timer),
  setImmediate: ((...timer: Parameters<typeof setImmediate>) =>
    setImmediate(...timer)) as typeof setImmediate,
  now: () => performance.now(),
  wallClock: () => Date.now(),
  soon: (task) => queueMicrotask(task),
}

export = fakeable
