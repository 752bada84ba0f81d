// A cache known to a connection: its name, and the id that the server gave it on the current stream, which changes with each
// stream.
import { now } from '../../../async/real-time'
import type { MapInactiveError, Outcome } from '../../../errors'
import { inactiveError } from '../../../calls/call'
import type { CacheEvents } from '../../events'
import { Registrations } from '../../registrations/registrations'
import { registrable } from './quirks'

type InactiveReason = 'released' | 'destroyed'

export class CacheHandle {
  readonly name: string
  readonly events: CacheEvents
  /** Its id on the current stream; `undefined` until that stream has ensured it. */
  id: number | undefined
  /** The request for its id, while it is under way. */
  ensuring: Promise<void> | undefined
  readonly listeners = new Registrations(registrable)
  /** When the last request was sent for which the server knew the cache, on the clock of `now()`. */
  knownAt = now()
  #inactive: InactiveReason | undefined

  constructor(name: string, events: CacheEvents) {
    this.name = name
    this.events = events
  }

  get isActive(): boolean {
    return this.#inactive === undefined
  }

  deactivate(reason: InactiveReason): void {
    this.#inactive ??= reason
  }

  /**
   * Why a call fails now; `undefined` if the cache is active, or is released and still answers.
   *
   * @param isDestroyed Whether the server says to this call that the cache is destroyed, which others will learn of.
   */
  inactiveError(operation: string, outcome: Outcome, isDestroyed = false): MapInactiveError | undefined {
    if (!isDestroyed && this.#inactive !== 'destroyed') return undefined
    return inactiveError({ operation, mapName: this.name }, 'destroyed', outcome)
  }

  /** Throws why a call fails now, before anything was sent. */
  assertExists(operation: string): void {
    const inactive = this.inactiveError(operation, 'not-sent')
    if (inactive !== undefined) throw inactive
  }

  /** Why its listeners receive nothing any more. */
  get endReason(): MapInactiveError {
    const reason = this.#inactive ?? 'released'
    return inactiveError({ operation: 'listen', mapName: this.name }, reason, 'not-sent')
  }
}
