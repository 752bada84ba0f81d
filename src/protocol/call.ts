// What the protocol knows of one call of the user: its name for error texts, its deadline, its abort signal.
import { alarm } from '../async/alarm'
import { clearTimeout } from '../async/real-time'
import { MapInactiveError, type Outcome, RequestTimeoutError } from '../errors'
import { onAbort } from './abort'
import type { SentRequests } from './sent-requests'

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
  /** Counts its requests, where its caller wants to know what an abort leaves behind. */
  readonly sent?: SentRequests | undefined
  /**
   * Called once when the server can do nothing more with the call: it answered, its stream ended, or nothing was
   * ever sent. That may be long after the caller was told of a timeout.
   */
  onFinished?: (() => void) | undefined
}

/** `get on map 'orders'`, for error texts. */
export function describeCall(call: Pick<Call, 'operation' | 'mapName'>): string {
  return call.mapName === undefined ? call.operation : `${call.operation} on map '${call.mapName}'`
}

export function timeoutError(call: Call, outcome: Outcome, cause?: unknown): RequestTimeoutError {
  const { operation, timeoutSeconds } = call
  return new RequestTimeoutError(`${describeCall(call)} did not complete within ${timeoutSeconds} s`, {
    operation,
    timeoutSeconds,
    outcome,
    cause,
  })
}

export function inactiveError(
  call: { readonly operation: string; readonly mapName: string },
  reason: MapInactiveError['reason'],
  outcome: Outcome,
): MapInactiveError {
  const message = `${describeCall(call)} failed: the map was ${reason}; ask the session for it again`
  return new MapInactiveError(message, { mapName: call.mapName, reason, outcome })
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
