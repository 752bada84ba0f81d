// The events of one registration on the stream that all calls share. That stream must never pause, so events are
// checked as they arrive, and a limited number of them waits here for a slow consumer.
import type { Call } from '../../calls/call'
import { EventOverflowError, MapInactiveError, SessionClosedError } from '../../errors'
import type { EntryEvent, Interval, EventSink } from '../../protocol/events'
import { EventQueue } from './event-queue'
import type { AnyStreamedEvent } from './map-event'
import { PrimedEvents } from './primed-events'
import type { EventRegistration } from './event-registration'

/** The number of events that may wait, and the policy for more. */
export interface BufferBounds {
  readonly maxEvents: number
  readonly overflow: 'dropOldest' | 'error'
}

export class PushedEvents<K, V> implements EventSink {
  readonly lite: boolean
  readonly primed: PrimedEvents<K, V>
  readonly #registration: EventRegistration<K, V>
  readonly #bounds: BufferBounds
  readonly #queue: EventQueue<K, V>
  readonly #arrived: () => void
  #end: { readonly reason: unknown } | undefined

  /** @param arrived Called when `take` returns something new, and when `end` is set. */
  constructor(registration: EventRegistration<K, V>, bounds: BufferBounds, arrived: () => void) {
    this.lite = registration.options.lite
    this.primed = new PrimedEvents(registration, true)
    this.#registration = registration
    this.#bounds = bounds
    this.#queue = new EventQueue(registration.map, bounds.maxEvents)
    this.#arrived = arrived
  }

  /** Why no more events arrive; `undefined` while they may. Some may still be waiting. */
  get end(): { readonly reason: unknown } | undefined {
    return this.#end
  }

  /** Resolves when the server has the registration. */
  async register(call: Call): Promise<void> {
    const { context, options } = this.#registration
    await context.remote.listen(options.target, this, call)
  }

  /** Drops the waiting events, and removes the registration from the server. */
  async unregister(): Promise<void> {
    this.stop()
    await this.#unlisten()
  }

  /** Removes and returns the oldest item; `undefined` if none is waiting. */
  take(): AnyStreamedEvent<K, V> | undefined {
    const readsAgain = this.#registration.options.resync && this.#end === undefined && this.#queue.hasDropped
    if (!readsAgain) return this.#queue.shift()
    // All waiting events are older than the entries that will be read.
    const gap = this.#queue.dropAll()
    if (gap !== undefined) this.primed.followWithEntries(gap)
    return gap
  }

  /** Drops the waiting events, and those that still arrive. */
  stop(): void {
    this.#end ??= { reason: undefined }
    this.#queue.clear()
    this.primed.stop()
  }

  event(event: EntryEvent): void {
    this.#push(this.primed.event(event))
  }

  truncated(): void {
    this.#push(this.primed.truncated())
  }

  interrupted(): void {
    this.primed.interrupted()
  }

  gap(interval: Interval): void {
    this.#push(this.primed.gap(interval))
  }

  ended(reason: unknown): void {
    if (this.#end !== undefined) return
    this.#end = { reason }
    this.primed.stop()
    this.#arrived()
  }

  #push(item: AnyStreamedEvent<K, V> | undefined): void {
    if (item === undefined || this.#end !== undefined) return
    const { maxEvents, overflow } = this.#bounds
    if (overflow === 'error' && this.#queue.isFull) {
      const { context } = this.#registration
      this.ended(overflowError(context.name, maxEvents))
      // The server need not send events for which there is no room.
      this.#unlisten().catch((error: unknown) => context.settings.report(error))
    } else {
      this.#queue.push(item)
      this.#arrived()
    }
  }

  async #unlisten(): Promise<void> {
    const { context, options, createCall } = this.#registration
    if (context.isUsable) await context.remote.unlisten(options.target, this, createCall('close'))
  }
}

/** Whether events end without an error, because the map or the session has ended. */
export function isOrdinaryEnd(reason: unknown): boolean {
  return reason === undefined || reason instanceof MapInactiveError || reason instanceof SessionClosedError
}

function overflowError(mapName: string, maxBufferedEvents: number): EventOverflowError {
  return new EventOverflowError(
    `The events of map '${mapName}' came faster than they were consumed: ${maxBufferedEvents} were waiting; ` +
      "consume them faster, raise maxBufferedEvents, or choose overflow 'pause' or 'dropOldest'",
    { mapName, maxBufferedEvents },
  )
}
