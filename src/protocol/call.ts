// What the protocol knows of one call of the user: its name for error texts, its deadline, its abort signal.
import { RequestTimeoutError, type Outcome } from '../errors'
import { onAbort } from './abort'

/** One call of the user on its way to the server. */
export interface Call {
  /** The public method, such as `'get'`. */
  readonly operation: string
  /** The map it was called on; `undefined` for calls of the session. */
  readonly mapName: string | undefined
  /** The time it has, in seconds, counted from the call. */
  readonly timeoutSeconds: number
  /** When that time is over, on the clock of `now()`; `Infinity` where it never is. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
  /**
   * Called once when the server can do nothing more with the call: it answered, its stream ended, or nothing was
   * ever sent. That may be long after the caller was told of a timeout.
   */
  onFinished?: (() => void) | undefined
}

/** Node's timers fire at once when asked to wait longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Milliseconds on a clock that never jumps. The first use of the global `performance` would load modules of Node.js that
 * nothing else here needs, which is a twentieth of the time up to the first answer.
 */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** Calls `ring` at `time` (on the clock of `now()`), never for `Infinity`. The result is for `clearTimeout`. */
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

/** `get on map 'orders'`, for error texts. */
export function describeCall(call: Pick<Call, 'operation' | 'mapName'>): string {
  return call.mapName === undefined ? call.operation : `${call.operation} on map '${call.mapName}'`
}

export function timeoutError(call: Call, outcome: Outcome, cause?: unknown): RequestTimeoutError {
  return new RequestTimeoutError(
    `${describeCall(call)} did not complete within ${call.timeoutSeconds} s`,
    call.operation,
    call.timeoutSeconds,
    outcome,
    cause,
  )
}

/** Settles as `promise` does, or when `call` is given up before. The work behind `promise` goes on. */
export function within<T>(promise: Promise<T>, call: Call): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer)
      takeBack()
    }
    const fail = (reason: unknown): void => {
      settle()
      reject(reason)
    }
    const aborted = (): void => fail(call.signal?.reason)
    const timer = alarm(call.deadline, () => fail(timeoutError(call, 'not-sent')))
    const takeBack = onAbort(call.signal, aborted)
    promise.then((value) => {
      settle()
      resolve(value)
    }, fail)
    if (call.signal?.aborted === true) aborted()
  })
}
