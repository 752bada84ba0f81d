// What the caller of a write is told when its signal aborts, beside the reason of the signal.
import type { Outcome } from '../errors'
import { CALL_OPTIONS, type CallOptions, type GivenOptions } from './call-options'

/** What every method that changes entries takes as its last argument. */
export interface WriteOptions extends CallOptions {
  /**
   * Called where the call is given up because `signal` aborted, right before it rejects with the signal's reason.
   * `'not-sent'`: nothing left the client, and there is no effect. `'unknown'`: it may have been carried out, in part
   * or as a whole, or still be.
   *
   * What it throws is an `error` event of the session.
   */
  readonly onAborted?: ((outcome: Outcome) => void) | undefined
}

export const WRITE_OPTIONS = [...CALL_OPTIONS, 'onAborted'] as const

/** What tells how a write ended that was given up. */
interface Aborting {
  readonly signal: AbortSignal | undefined
  readonly sent?: { readonly outcome: Outcome } | undefined
}

/** Tells of an abort where `error` is one; `settings` gets what the callback throws. */
export function tellAborted(
  error: unknown,
  { signal, sent }: Aborting,
  { onAborted }: GivenOptions,
  settings: { report(error: unknown): void },
): void {
  if (signal?.aborted !== true || !Object.is(error, signal.reason) || sent === undefined) return
  try {
    // It may be an async function, whatever its type says.
    const result = (onAborted as (outcome: Outcome) => unknown)(sent.outcome)
    if (result instanceof Promise) result.catch((thrown: unknown) => settings.report(thrown))
  } catch (thrown) {
    settings.report(thrown)
  }
}
