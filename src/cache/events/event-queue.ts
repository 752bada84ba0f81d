// The events that wait for a slow consumer. When there is no room for another event, the oldest one is dropped, and a
// gap replaces all that were dropped.
import { Queue } from '../../async/queue'
import { wallClock } from '../../async/real-time'
import { type AnyStreamedEvent, createGap, type EventGap, type NamedMap } from './map-event'

interface Waiting<K, V> {
  readonly item: AnyStreamedEvent<K, V>
  readonly arrivedAt: number
}

/** The drops since the last gap; `events` is `undefined` if the number of events is unknown. */
interface Dropped {
  readonly events: number | undefined
  readonly from: number
  readonly to: number
}

export class EventQueue<K, V> {
  readonly #map: NamedMap<K, V>
  readonly #maxEvents: number
  readonly #waiting = new Queue<Waiting<K, V>>()
  #dropped: Dropped | undefined

  constructor(map: NamedMap<K, V>, maxEvents: number) {
    this.#map = map
    this.#maxEvents = maxEvents
  }

  get length(): number {
    return this.#waiting.length
  }

  get isFull(): boolean {
    return this.length >= this.#maxEvents
  }

  /** Whether the next item is a gap because items were dropped. */
  get hasDropped(): boolean {
    return this.#dropped !== undefined
  }

  /** Adds an item at the end, and drops the oldest one if the queue is full. */
  push(item: AnyStreamedEvent<K, V>): void {
    if (this.isFull) this.#drop()
    this.#waiting.push({ item, arrivedAt: wallClock() })
  }

  /**
   * Removes and returns the gap if items were dropped, otherwise the oldest item; `undefined` if the queue is empty.
   */
  shift(): AnyStreamedEvent<K, V> | undefined {
    return this.#takeGap() ?? this.#waiting.shift()?.item
  }

  /** Drops everything. Returns one gap for all that was dropped; `undefined` if nothing was. */
  dropAll(): EventGap<K, V> | undefined {
    while (this.length > 0) this.#drop()
    return this.#takeGap()
  }

  /** Removes all items without a gap. */
  clear(): void {
    this.#waiting.clear()
    this.#dropped = undefined
  }

  #drop(): void {
    const oldest = this.#waiting.shift()
    if (oldest === undefined) return
    const { item, arrivedAt } = oldest
    const { events, from } = this.#dropped ?? { events: 0, from: arrivedAt }
    const to = wallClock()
    this.#dropped =
      item.type === 'gap'
        ? // The number of events that are missing because of a gap is unknown.
          { events: undefined, from: Math.min(from, item.from.getTime()), to }
        : { events: events === undefined ? undefined : events + 1, from, to }
  }

  #takeGap(): EventGap<K, V> | undefined {
    if (this.#dropped === undefined) return undefined
    const { events, ...moments } = this.#dropped
    this.#dropped = undefined
    return createGap(this.#map, moments, 'overflow', events)
  }
}
