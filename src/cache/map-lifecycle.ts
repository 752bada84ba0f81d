// Whether a map is active, how many of its calls are in progress, and who listens to what happens to it as a whole.
import { inactiveError } from '../calls/call'
import { EventListeners, type ListenerFailure } from '../calls/event-listeners'

/** Something happened to a map as a whole. */
export interface MapLifecycleEvent {
  readonly type: 'truncated' | 'destroyed' | 'released'
  readonly mapName: string
}

/** The events of a map, each with the argument of its listeners. */
export interface MapLifecycleEvents {
  /** All entries were removed at once, by this client or another. */
  truncated: MapLifecycleEvent
  /** The map was destroyed, by this client or another; it is inactive now. */
  destroyed: MapLifecycleEvent
  /** This client released the map; it is inactive now, its entries are still on the server. */
  released: MapLifecycleEvent
}

/** What ends a map, for code that has to end with it. A map that was released can still see its session be closed. */
export type MapEnd = 'released' | 'destroyed' | 'session closed'

export const LIFECYCLE_EVENTS = ['truncated', 'destroyed', 'released'] as const

export class MapLifecycle {
  readonly listeners: EventListeners<MapLifecycleEvents>
  readonly #mapName: string
  readonly #observe: (event: MapLifecycleEvent) => void
  #inactive: 'released' | 'destroyed' | undefined
  #callsInProgress = 0
  #idle: (() => void)[] = []
  readonly #endWatchers = new Set<(end: MapEnd) => void>()

  /** `observe` gets every event before the listeners do. */
  constructor(mapName: string, observe: (event: MapLifecycleEvent) => void, report: ListenerFailure) {
    this.#mapName = mapName
    this.#observe = observe
    this.listeners = new EventListeners(LIFECYCLE_EVENTS, report)
  }

  get inactive(): 'released' | 'destroyed' | undefined {
    return this.#inactive
  }

  /** @throws {MapInactiveError} the map was released or destroyed. */
  assertActive(operation: string): void {
    if (this.#inactive === undefined) return
    throw inactiveError({ operation, mapName: this.#mapName }, this.#inactive, 'not-sent')
  }

  truncated(): void {
    this.#emit('truncated')
  }

  /** Does nothing if the map is inactive already. */
  deactivate(reason: 'released' | 'destroyed'): void {
    if (this.#inactive !== undefined) return
    this.#inactive = reason
    this.#emit(reason)
    this.#ended(reason)
  }

  /** The session is closed. An inactive map may have calls that are still in progress. */
  sessionClosed(): void {
    this.#ended('session closed')
  }

  /** Calls `watcher` at each end of the map. Returns a function that removes it. */
  onEnd(watcher: (end: MapEnd) => void): () => void {
    this.#endWatchers.add(watcher)
    return () => this.#endWatchers.delete(watcher)
  }

  /** A call is in progress, until `settled` is called for it. */
  began(): void {
    this.#callsInProgress += 1
  }

  settled(): void {
    this.#callsInProgress -= 1
    if (this.#callsInProgress > 0) return
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  /** Resolves when no call is in progress. */
  idle(): Promise<void> {
    if (this.#callsInProgress === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #ended(end: MapEnd): void {
    for (const watcher of [...this.#endWatchers]) watcher(end)
  }

  #emit(type: MapLifecycleEvent['type']): void {
    const event = { type, mapName: this.#mapName }
    this.#observe(event)
    this.listeners.emit(type, event)
  }
}
