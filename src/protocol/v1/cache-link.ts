// A cache as a connection knows it: its name for good, and the id that the current stream has for it.
import { MapInactiveError, type Outcome } from '../../errors'
import type { CacheEvents } from '../cache-events'
import { ListenerGroups, type SendListenerRequest } from './listener-groups'
import type { PendingRequest } from './pending-request'

type InactiveReason = 'released' | 'destroyed'

export class CacheLink {
  readonly name: string
  readonly events: CacheEvents
  /** Its id on the current stream; `undefined` until that stream has ensured it. */
  id: number | undefined
  /** Whether the request for its id is under way. */
  ensuring = false
  /** What is sent as soon as there is an id, in order. */
  readonly waiting = new Set<PendingRequest<unknown>>()
  readonly listeners: ListenerGroups
  #inactive: InactiveReason | undefined

  /** `send` sends a request of the listeners whenever there is a connection. */
  constructor(name: string, events: CacheEvents, send: SendListenerRequest) {
    this.name = name
    this.events = events
    this.listeners = new ListenerGroups(send)
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
    return new MapInactiveError(operation, this.name, this.#inactive, outcome)
  }
}
