// Events that wait for a slow consumer: no more than a number of them. What is dropped is told as a gap, in its place.
import { wallClock } from '../async/real-time'
import type { AnyStreamedEvent, EventGap } from './map-event'
import type { NamedMap } from './named-map'

interface Waiting<K, V> {
  readonly item: AnyStreamedEvent<K, V>
  readonly at: number
}

/** What was dropped; `events` is `undefined` where nobody knows how many there were. */
interface Dropped {
  events: number | undefined
  from: number
  to: number
}

export class EventQueue<K, V> {
  readonly #map: NamedMap<K, V>
  readonly #mostEvents: number
  /** Those before `#next` are taken, and kept no longer. */
  #items: (Waiting<K, V> | undefined)[] = []
  #next = 0
  #dropped: Dropped | undefined

  constructor(map: NamedMap<K, V>, mostEvents: number) {
    this.#map = map
    this.#mostEvents = mostEvents
  }

  get length(): number {
    return this.#items.length - this.#next
  }

  get isFull(): boolean {
    return this.length >= this.#mostEvents
  }

  /** Adds an item at the end; where there is no room the oldest one makes it. */
  push(item: AnyStreamedEvent<K, V>): void {
    if (this.isFull) this.#drop()
    this.#items.push({ item, at: wallClock() })
  }

  /** The oldest item; where some before it were dropped, first the gap that tells it. */
  shift(): AnyStreamedEvent<K, V> | undefined {
    return this.#takeGap() ?? this.#shift()?.item
  }

  /** Drops everything, and gives the gap that tells it; `undefined` where there is nothing to tell. */
  dropAll(): EventGap<K, V> | undefined {
    while (this.length > 0) this.#drop()
    return this.#takeGap()
  }

  clear(): void {
    this.#items = []
    this.#next = 0
    this.#dropped = undefined
  }

  #drop(): void {
    const oldest = this.#shift()
    if (oldest === undefined) return
    const { item, at } = oldest
    const to = wallClock()
    this.#dropped ??= { events: 0, from: at, to }
    this.#dropped.to = to
    if (item.type === 'gap') {
      // What is missing because of it, nobody has counted.
      this.#dropped.events = undefined
      this.#dropped.from = Math.min(this.#dropped.from, item.from.getTime())
    } else if (this.#dropped.events !== undefined) {
      this.#dropped.events += 1
    }
  }

  #takeGap(): EventGap<K, V> | undefined {
    if (this.#dropped === undefined) return undefined
    const { events, from, to } = this.#dropped
    this.#dropped = undefined
    const moments = { from: new Date(from), to: new Date(to) }
    return { type: 'gap', map: this.#map, ...moments, reason: 'overflow', dropped: events }
  }

  #shift(): Waiting<K, V> | undefined {
    const first = this.#items[this.#next]
    if (first === undefined) return undefined
    this.#items[this.#next] = undefined
    this.#next += 1
    if (this.#next === this.#items.length) {
      this.#items = []
      this.#next = 0
    } else if (this.#next > 1_024 && this.#next * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#next)
      this.#next = 0
    }
    return first
  }
}
