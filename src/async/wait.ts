// Waits for an asynchronous result until it settles, its deadline passes, or its signal aborts. All limited waits use
// this.
import { onAbort } from './abort'
import { alarm } from './alarm'
import { clearTimeout } from './real-time'

/** The limits of a wait. */
export interface Limits {
  /** When the wait times out, on the clock of `now()`; `Infinity` for never. */
  readonly deadline: number
  /** Ends the wait when it aborts. */
  readonly signal: AbortSignal | undefined
}

/** Ends a wait. Only the first call counts. */
export interface Settle<T> {
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Calls `begin` with functions that settle the returned promise. Rejects with the error that `timeout` returns if the
 * deadline passes first, and with the signal's reason if it aborts first. `begin` is not called if it has aborted
 * already.
 *
 * @param begin May return a function. It is called once, when the wait ends for any reason.
 */
export function waitFor<T>(
  { deadline, signal }: Limits,
  timeout: () => unknown,
  begin: (settle: Settle<T>) => (() => void) | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    let isOver = false
    let cleanUp: (() => void) | undefined
    const end = (): boolean => {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      stopWatching()
      cleanUp?.()
      return true
    }
    const settle: Settle<T> = {
      resolve: (value) => {
        if (end()) resolve(value)
      },
      reject: (reason) => {
        if (end()) reject(reason)
      },
    }
    const timer = alarm(deadline, () => settle.reject(timeout()))
    const stopWatching = onAbort(signal, () => settle.reject(signal?.reason))
    const cleaner = begin(settle)
    // `begin` may have settled the promise.
    if (isOver as boolean) cleaner?.()
    else cleanUp = cleaner
  })
}

/** Settles like `promise`, within the limits. When a limit ends the wait, the work behind `promise` continues. */
export function settledWithin<T>(promise: Promise<T>, limits: Limits, timeout: () => unknown): Promise<T> {
  // No other code may handle its rejection.
  promise.catch(() => undefined)
  return waitFor(limits, timeout, ({ resolve, reject }) => {
    promise.then(resolve, reject)
    return undefined
  })
}
