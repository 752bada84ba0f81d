// Waiting for abort signals. Node.js takes the eleventh listener of one signal for a leak and warns, yet one signal may
// end any number of calls: each signal has one listener of ours, whatever waits for it.
import { clearTimeout, setTimeout } from '../async/real-time'

interface Waiting {
  readonly waiters: Set<() => void>
  readonly listener: () => void
}

const waitingFor = new WeakMap<AbortSignal, Waiting>()

/** Calls `aborted` when the signal aborts, never at once. The result takes it back. */
export function onAbort(signal: AbortSignal | undefined, aborted: () => void): () => void {
  if (signal === undefined) return nothing
  const waiting = waitingFor.get(signal) ?? listen(signal)
  // An object of its own, so that one function may wait twice.
  const waiter = (): void => aborted()
  waiting.waiters.add(waiter)
  return () => {
    if (waiting.waiters.delete(waiter) && waiting.waiters.size === 0) forget(signal, waiting)
  }
}

/** Resolves after `millis`; rejects with the reason of the signal where that aborts before. */
export function pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const timer = setTimeout(() => {
      takeBack()
      resolve()
    }, millis)
    const takeBack = onAbort(signal, () => {
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
  // There is nothing to take back.
}
