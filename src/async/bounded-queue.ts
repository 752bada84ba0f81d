// A queue from one producer to one consumer. The producer learns when to pause; the consumer waits for the next item.
import { Queue } from './queue'
import { type Limits, type Settle, waitFor } from './wait'

export interface Bounds<T> {
  /** The number of items that may wait before the producer must pause. */
  readonly maxItems: number
  /** The limit on the total size of the items. If it is left out, there is none. */
  readonly maxSize?: number
  readonly sizeOf?: (item: T) => number
}

/** @typeParam End The reason why no more items come, for the consumer. */
export class BoundedQueue<T, End> {
  readonly #bounds: Bounds<T>
  readonly #items = new Queue<T>()
  #size = 0
  #end: End | undefined
  #consumer: Settle<undefined> | undefined
  #producer: (() => void) | undefined

  constructor(bounds: Bounds<T>) {
    this.#bounds = bounds
  }

  /** The number of items that wait. */
  get length(): number {
    return this.#items.length
  }

  /** Why no more items come; `undefined` if more may come. Items may still be waiting. */
  get end(): End | undefined {
    return this.#end
  }

  /** Adds an item. If a limit is reached, the returned promise resolves when all items were taken or dropped. */
  push(item: T): Promise<void> | undefined {
    if (this.#end !== undefined) return undefined
    const { maxItems, maxSize = Infinity, sizeOf } = this.#bounds
    this.#items.push(item)
    this.#size += sizeOf?.(item) ?? 0
    this.#wakeConsumer()
    if (this.#items.length < maxItems && this.#size < maxSize) return undefined
    return new Promise((resolve) => (this.#producer = resolve))
  }

  /** Removes and returns the oldest item; `undefined` if there is none. */
  take(): T | undefined {
    const item = this.#items.shift()
    if (item === undefined) return undefined
    this.#size -= this.#bounds.sizeOf?.(item) ?? 0
    if (this.#items.length === 0) this.#wakeProducer()
    return item
  }

  /** Sets the end: no more items come. Only the first call counts. */
  finish(end: End): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#wakeConsumer()
    this.#wakeProducer()
  }

  /** Resolves when there is an item or the end. Rejects as `waitFor` does. One consumer waits at a time. */
  arrival(limits: Limits, timeout: () => unknown): Promise<undefined> {
    if (this.#items.length > 0 || this.#end !== undefined) return Promise.resolve(undefined)
    return waitFor<undefined>(limits, timeout, (settle) => {
      this.#consumer = settle
      return () => (this.#consumer = undefined)
    })
  }

  #wakeConsumer(): void {
    this.#consumer?.resolve(undefined)
  }

  #wakeProducer(): void {
    this.#producer?.()
    this.#producer = undefined
  }
}
