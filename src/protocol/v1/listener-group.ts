// One registration on the server and all who share it.
import type { Call } from '../call'
import type { EventSink, ListenTarget } from '../map-events'
import type { StreamLost } from './exchange'

/** What the server has, or should have: events without or with values. */
export type Registration = 'none' | 'lite' | 'full'

/** A sink that waits for a registration that serves it. */
export interface Asked {
  readonly sink: EventSink
  readonly call: Call
  readonly registered: () => void
  readonly failed: (reason: unknown) => void
}

export class ListenerGroup {
  readonly name: string
  readonly target: ListenTarget
  readonly filterId: number
  /** Who is told of events. */
  readonly sinks = new Set<EventSink>()
  readonly asked = new Set<Asked>()
  /** Whoever wants to know when the server has what it should. */
  readonly leaving = new Set<() => void>()
  /** What the server had when it answered last. */
  registered: Registration = 'none'
  /** Whether a request is under way. */
  isBusy = false

  constructor(name: string, target: ListenTarget, filterId: number) {
    this.name = name
    this.target = target
    this.filterId = filterId
  }

  /** What the server should have. */
  get wanted(): Registration {
    for (const { lite } of this.sinks) if (!lite) return 'full'
    for (const { sink } of this.asked) if (!sink.lite) return 'full'
    return this.sinks.size + this.asked.size === 0 ? 'none' : 'lite'
  }

  /** The server has what it should. */
  settle(): void {
    for (const { sink, registered } of [...this.asked]) {
      this.sinks.add(sink)
      registered()
    }
    for (const left of [...this.leaving]) left()
  }

  /** The server refuses what it should have. */
  refused(reason: unknown): void {
    for (const { failed } of [...this.asked]) failed(reason)
    for (const left of [...this.leaving]) left()
  }

  /** The server has nothing any more; who is told of events stays. */
  lost(reason: StreamLost): void {
    this.registered = 'none'
    this.isBusy = false
    for (const { failed } of [...this.asked]) failed(reason)
    for (const left of [...this.leaving]) left()
  }

  /** It is over. Gives those who were told of events. */
  end(reason?: unknown): EventSink[] {
    for (const { failed } of [...this.asked]) failed(reason)
    for (const left of [...this.leaving]) left()
    const sinks = [...this.sinks]
    this.sinks.clear()
    return sinks
  }
}
