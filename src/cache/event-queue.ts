// Events that wait for a slow consumer: no more than a number of them. What is dropped is told as a gap, in its place.
import type { EventGap, StreamedEvent } from './map-event'
import type { NamedMap } from './named-map'

export class EventQueue<K, V> {
  readonly #map: NamedMap<K, V>
  readonly #mostEvents: number
  #items: { readonly item: StreamedEvent<K, V>; readonly at: number }[] = []
  #next = 0
  #dropped = 0
  #droppedFrom = 0
  #droppedTo = 0

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
  push(item: StreamedEvent<K, V>): void {
    const at = Date.now()
    if (this.isFull) {
      const oldest = this.#shift()
      if (this.#dropped === 0) this.#droppedFrom = oldest?.at ?? at
      this.#dropped += 1
      this.#droppedTo = at
    }
    this.#items.push({ item, at })
  }

  /** The oldest item; where some before it were dropped, first the gap that tells it. */
  shift(): StreamedEvent<K, V> | undefined {
    if (this.#dropped > 0) {
      const gap: EventGap<K, V> = {
        type: 'gap',
        map: this.#map,
        from: new Date(this.#droppedFrom),
        to: new Date(this.#droppedTo),
        reason: 'overflow',
        dropped: this.#dropped,
      }
      this.#dropped = 0
      return gap
    }
    return this.#shift()?.item
  }

  clear(): void {
    this.#items = []
    this.#next = 0
    this.#dropped = 0
  }

  #shift(): { readonly item: StreamedEvent<K, V>; readonly at: number } | undefined {
    const first = this.#items[this.#next]
    if (first === undefined) return undefined
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
