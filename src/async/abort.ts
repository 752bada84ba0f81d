// Shares one listener per abort signal. One signal may end any number of calls, but Node.js warns of a leak at the
// eleventh listener of a signal.
import { clearTimeout, setTimeout } from './real-time'

interface Waiting {
  readonly waiters: Set<() => void>
  readonly listener: () => void
}

const waitingFor = new WeakMap<AbortSignal, Waiting>()

/** Calls `aborted` when the signal aborts, never at once. Returns a function that stops watching the signal. */
export function onAbort(signal: AbortSignal | undefined, aborted: () => void): () => void {
  if (signal === undefined) return nothing
  const waiting = waitingFor.get(signal) ?? listen(signal)
  // A new function, so that the same `aborted` may wait twice.
  const waiter = (): void => aborted()
  waiting.waiters.add(waiter)
  return () => {
    if (waiting.waiters.delete(waiter) && waiting.waiters.size === 0) forget(signal, waiting)
  }
}

/** Resolves after `millis`. Rejects with the reason of the signal if it aborts before. */
export function pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const timer = setTimeout(() => {
      stopWatching()
      resolve()
    }, millis)
    const stopWatching = onAbort(signal, () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    })
  })
}

function listen(signal: AbortSignal): Waiting {
  const waiters = new Set<() => void>()
  const listener = (): void => {
    for (const waiter of waiters) waiter()
    waiters.clear()
    forget(signal, waiting)
  }
  const waiting = { waiters, listener }
  waitingFor.set(signal, waiting)
  signal.addEventListener('abort', listener)
  return waiting
}

function forget(signal: AbortSignal, { listener }: Waiting): void {
  waitingFor.delete(signal)
  signal.removeEventListener('abort', listener)
}

function nothing(): void {
  // No signal is watched.
}
