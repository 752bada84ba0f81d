// A cache as a connection knows it: its name for good, and the id that the current stream has for it.
import type { MapInactiveError, Outcome } from '../../errors'
import type { CacheEvents } from '../cache-events'
import { inactiveError } from '../call'
import { ListenerGroups } from './listener-groups'
import type { PendingRequest } from './pending-request'

type InactiveReason = 'released' | 'destroyed'

export class CacheLink {
  readonly name: string
  readonly events: CacheEvents
  /** Its id on the current stream; `undefined` until that stream has ensured it. */
  id: number | undefined
  /** The request for its id, while it is under way. */
  ensuring: Promise<void> | undefined
  /** What is sent as soon as there is an id, in order. */
  readonly waiting = new Set<PendingRequest<unknown>>()
  readonly listeners = new ListenerGroups()
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

  /** Why a call fails now; `undefined` where the cache is active, or is released and still answers. */
  inactiveError(operation: string, outcome: Outcome): MapInactiveError | undefined {
    if (this.#inactive !== 'destroyed') return undefined
    return inactiveError({ operation, mapName: this.name }, this.#inactive, outcome)
  }

  /** Why its listeners are told of nothing any more. */
  get endReason(): MapInactiveError {
    return inactiveError(
      { operation: 'listen', mapName: this.name },
      this.#inactive ?? 'released',
      'not-sent',
    )
  }
}
