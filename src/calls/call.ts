// The data of one call that the protocol needs: its name for error texts, its deadline, its abort signal, and the
// number of its requests that were sent.
import { settledWithin } from '../async/wait'
import { MapInactiveError, type Outcome, RequestTimeoutError } from '../errors'

export interface Call {
  /** The public method, such as `'get'`. */
  readonly operation: string
  /** The map it was called on; `undefined` for calls of the session. */
  readonly mapName: string | undefined
  /** The timeout in seconds, counted from the call; for a streamed read the longest wait for the next element. */
  readonly timeoutSeconds: number
  /** When the call times out, on the clock of `now()`; `Infinity` for never. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
  /** Counts the requests that were sent, if the caller wants to know whether an aborted call may have an effect. */
  readonly sent?: SentRequests | undefined
  /**
   * Called once when the server has finished the call: it answered, its stream ended, or nothing was sent. This may be
   * long after the call was rejected with a timeout.
   */
  onFinished?: (() => void) | undefined
}

/** Counts the requests of one call that were sent. A call may send none, or several one after the other. */
export class SentRequests {
  /** How many were passed to a stream, and the bytes of all of them. */
  attempts = 0
  bytes = 0
  #count = 0

  /** Whether the server may have carried out any of them. */
  get outcome(): Outcome {
    return this.#count === 0 ? 'not-sent' : 'unknown'
  }

  /** Counts a request that was passed to a stream. */
  add(bytes = 0): void {
    this.#count += 1
    this.attempts += 1
    this.bytes += bytes
  }

  /** Removes a request that was not sent, or that the server reports as not carried out. */
  remove(): void {
    this.#count -= 1
  }
}

/** Returns a text such as `get on map 'orders'`, for error texts. */
export function describeCall(call: Pick<Call, 'operation' | 'mapName'>): string {
  return call.mapName === undefined ? call.operation : `${call.operation} on map '${call.mapName}'`
}

export function timeoutError(
  call: Pick<Call, 'operation' | 'mapName' | 'timeoutSeconds'>,
  outcome: Outcome,
  cause?: unknown,
): RequestTimeoutError {
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

/**
 * Settles like `promise`, or rejects when the call times out or aborts. This does not stop the work behind `promise`.
 */
export function within<T>(promise: Promise<T>, call: Call): Promise<T> {
  return settledWithin(promise, call, () => timeoutError(call, 'not-sent'))
}
