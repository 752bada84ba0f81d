// The result of a streamed read.

/**
 * What a streamed read gives, element by element. Nothing is sent before it is consumed; each loop over it asks the
 * server anew. Leaving a loop early ends what is sent. A loop rejects with `RequestTimeoutError` where the next element
 * does not come in time, and with `ConnectionError` where the connection is lost in the middle of an answer.
 */
export interface Results<T> extends AsyncIterable<T> {
  /** All elements, in the order in which they come; they are all held in memory. */
  toArray(): Promise<T[]>
  /** All pairs as a `Map`; they are all held in memory. Keys that are objects are keys by identity there. */
  toMap<K, V>(this: Results<readonly [K, V]>): Promise<Map<K, V>>
}

abstract class IterableResults<T> implements Results<T> {
  abstract [Symbol.asyncIterator](): AsyncIterator<T, undefined>

  async toArray(): Promise<T[]> {
    const elements: T[] = []
    for await (const element of this) elements.push(element)
    return elements
  }

  async toMap<K, V>(this: Results<readonly [K, V]>): Promise<Map<K, V>> {
    const map = new Map<K, V>()
    for await (const [key, value] of this) map.set(key, value)
    return map
  }
}

/** The results of a read that begins when it is consumed, and again with each loop. */
export class StreamedResults<T> extends IterableResults<T> {
  readonly #start: () => AsyncIterator<T, undefined>

  constructor(start: () => AsyncIterator<T, undefined>) {
    super()
    this.#start = start
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return this.#start()
  }
}

/** The results of a request that is sent at once. They can be consumed once. */
export class StartedResults<T> extends IterableResults<T> {
  readonly #results: AsyncGenerator<T, undefined>
  #first: Promise<IteratorResult<T, undefined>> | undefined
  #consumed = false

  constructor(results: AsyncGenerator<T, undefined>) {
    super()
    this.#results = results
    this.#first = results.next()
    // Whoever consumes the results gets the failure.
    this.#first.catch(() => undefined)
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    if (this.#consumed)
      throw new TypeError('The results of an invocation can be consumed once; keep them in an array')
    this.#consumed = true
    return {
      next: () => {
        const first = this.#first
        this.#first = undefined
        return first ?? this.#results.next()
      },
      return: () => this.#results.return(undefined),
    }
  }
}
