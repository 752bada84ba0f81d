// The events of one registration on the stream of the calls, which must not wait: judged as they come, and kept in
// their order for a consumer that may take its time, no more than a number of them.
import { EventOverflowError, MapInactiveError, SessionClosedError } from '../errors'
import type { EntryEvent, EventGap as GapMoments, EventSink } from '../protocol/map-events'
import type { StreamCall } from '../protocol/port'
import { EventQueue } from './event-queue'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import {
  type EventFor,
  type AnyStreamedEvent,
  type EventGap,
  gapOf,
  mapEvent,
  primingEvent,
} from './map-event'
import type { NamedMap } from './named-map'
import { primingOf, readPresent } from './present-entries'
import type { Priming } from './priming'

/** How many events there is room for, and what happens when there is none. */
export interface FeedBound {
  readonly mostEvents: number
  readonly overflow: 'dropOldest' | 'error'
}

export class EventFeed<K, V> implements EventSink {
  readonly lite: boolean
  readonly #context: MapContext<K, V>
  readonly #map: NamedMap<K, V>
  readonly #listening: Listening<V>
  readonly #bound: FeedBound
  readonly #queue: EventQueue<K, V>
  readonly #arrived: () => void
  #priming: Priming | undefined
  /** The last gap that the connection left, where the entries that are there are to be told after it. */
  #gapToFill: EventGap<K, V> | undefined
  #end: { readonly reason: unknown } | undefined

  /** `arrived` is called when there is something to take, or the end. */
  constructor(
    context: MapContext<K, V>,
    map: NamedMap<K, V>,
    listening: Listening<V>,
    bound: FeedBound,
    arrived: () => void,
  ) {
    this.lite = listening.lite
    this.#context = context
    this.#map = map
    this.#listening = listening
    this.#bound = bound
    this.#queue = new EventQueue(map, bound.mostEvents)
    this.#arrived = arrived
    if (listening.priming) this.#priming = primingOf(listening, true)
  }

  /** Why nothing more comes after what waits; `undefined` while something may. */
  get end(): { readonly reason: unknown } | undefined {
    return this.#end
  }

  /** The oldest item that waits. */
  take(): AnyStreamedEvent<K, V> | undefined {
    const item = this.#queue.shift()
    const isOverflow = item?.type === 'gap' && item.reason === 'overflow'
    if (!isOverflow || !this.#listening.resync || this.#end !== undefined) return item
    // All that waits is older than what is told after the gap.
    const more = this.#queue.dropAll()
    this.#gapToFill = more === undefined ? item : joined(item, more)
    this.#priming = primingOf(this.#listening, true)
    return this.#gapToFill
  }

  /** The entries that are to be told after `item`; `undefined` where there are none to tell. */
  presentAfter(
    item: AnyStreamedEvent<K, V>,
    call: StreamCall,
  ): AsyncGenerator<EventFor<K, V>, undefined> | undefined {
    return item === this.#gapToFill ? this.present(call) : undefined
  }

  /** The entries that are there, as events; ends early where another gap makes them be told anew. */
  async *present(call: StreamCall): AsyncGenerator<EventFor<K, V>, undefined> {
    const priming = this.#priming
    const isWanted = (): boolean =>
      priming?.isReading === true && this.#priming === priming && this.#end === undefined
    if (priming === undefined) return undefined
    try {
      for await (const entry of readPresent(this.#context, this.#listening, call, isWanted)) {
        if (!isWanted()) return undefined
        if (priming.admitsEntry(entry)) yield this.#view(primingEvent(entry.key, entry.value))
      }
      priming.finished()
    } catch (error) {
      if (isWanted()) throw error
    }
    return undefined
  }

  /** Nothing more is kept. */
  stop(): void {
    this.#end ??= { reason: undefined }
    this.#queue.clear()
    this.#priming?.caughtUp()
    this.#priming = undefined
  }

  event(event: EntryEvent): void {
    if (this.#end !== undefined || this.#priming?.admitsEvent(event) === false) return
    this.#push(this.#view(event))
  }

  truncated(): void {
    this.#priming?.truncated()
    this.#push({ type: 'truncated', map: this.#map })
  }

  interrupted(): void {
    // What is read now will be read again after the gap.
    if (this.#listening.resync) this.#priming = undefined
  }

  gap(moments: GapMoments): void {
    const gap = gapOf(this.#map, moments)
    if (this.#listening.resync) {
      this.#priming = primingOf(this.#listening, true)
      this.#gapToFill = gap
    } else {
      this.#priming?.gap()
    }
    this.#push(gap)
  }

  ended(reason: unknown): void {
    if (this.#end !== undefined) return
    this.#end = { reason }
    this.#arrived()
  }

  #push(item: AnyStreamedEvent<K, V>): void {
    if (this.#end !== undefined) return
    if (this.#bound.overflow === 'error' && this.#queue.isFull) {
      this.ended(overflowError(this.#map.name, this.#bound.mostEvents))
    } else {
      this.#queue.push(item)
      this.#arrived()
    }
  }

  #view(event: EntryEvent): EventFor<K, V> {
    return mapEvent(this.#map, this.#context.codec, event, this.lite)
  }
}

/** Whether there is nothing to tell of it: the map or the session is not there any more. */
export function isOrdinaryEnd(reason: unknown): boolean {
  return reason === undefined || reason instanceof MapInactiveError || reason instanceof SessionClosedError
}

/** Both gaps and what is between. */
function joined<K, V>(one: EventGap<K, V>, other: EventGap<K, V>): EventGap<K, V> {
  const isCounted = one.dropped !== undefined && other.dropped !== undefined
  return { ...one, to: other.to, dropped: isCounted ? one.dropped + other.dropped : undefined }
}

function overflowError(mapName: string, maxBufferedEvents: number): EventOverflowError {
  return new EventOverflowError(
    `The events of map '${mapName}' came faster than they were consumed: ${maxBufferedEvents} were waiting; ` +
      "consume them faster, raise maxBufferedEvents, or choose overflow 'pause' or 'dropOldest'",
    { mapName, maxBufferedEvents },
  )
}
