// The results of streamed reads, as async iterables.
import { ConnectionError } from '../../errors'
import type { StreamedElements } from '../../protocol/port'

/**
 * The elements of a streamed read, one by one. Nothing is sent before they are consumed; each loop sends a new request.
 * Leaving a loop early ends the read. A loop rejects with `RequestTimeoutError` if the next element does not arrive in
 * time, and with `ConnectionError` if the connection is lost in the middle of an answer. `toArray` and `toMap` of a read
 * begin anew then, as often as `retry` allows.
 *
 * @example
 * ```ts
 * import { Filters, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<string, { age: number }>('people')
 * for await (const [name, { age }] of people.entries({ filter: Filters.greater('age', 30) })) console.log(name, age)
 * const names = await people.keys().toArray()
 * ```
 */
export interface Results<T> extends AsyncIterable<T> {
  /** Returns all elements in the order in which they arrive. It holds all of them in memory. */
  toArray(): Promise<T[]>
  /**
   * Returns all pairs as a `Map`. It holds all of them in memory. The `Map` compares keys that are objects by identity.
   */
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
    return new Map(await this.toArray())
  }
}

/** The source of the elements of an iteration. */
export interface Reading<T> {
  readonly elements: StreamedElements<unknown>
  readonly decode: (element: never) => T
}

export function reading<E, T>(elements: StreamedElements<E>, decode: (element: E) => T): Reading<T> {
  return { elements, decode }
}

/** Yields the elements of a stream one by one, and closes the stream when the loop ends. */
export async function* elementsOf<E>(stream: StreamedElements<E>): AsyncGenerator<E, undefined> {
  try {
    do {
      for (let element = stream.take(); element !== undefined; element = stream.take()) yield element
    } while (await stream.more())
    return undefined
  } finally {
    stream.close()
  }
}

/** Begins one iteration, and creates its errors. */
export interface Iteration<T> {
  /** Checks the options, also if `limit` is 0, and opens the stream. */
  begin(): Promise<Reading<T>>
  /** Opens another stream after the connection of the last one was lost. */
  beginAgain(): Promise<Reading<T>>
  /** How often the read may be sent. */
  readonly attempts: number
  /** The maximum number of elements. */
  readonly limit: number
  /** Returns the error that the iteration rejects with because of an error. It has ended. */
  failure(error: unknown): unknown
  /** The iteration has ended without an error. This may be called again after any end. */
  ended(outcome: 'answered' | 'left'): void
}

/** The results of a read that begins when it is consumed, and again with each loop. */
export class StreamedResults<T> extends IterableResults<T> {
  readonly #iterate: () => Iteration<T>

  constructor(iterate: () => Iteration<T>) {
    super()
    this.#iterate = iterate
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new ResultIterator(this.#iterate())
  }

  /** Nobody sees an element before the last one has arrived, so a read whose connection is lost can begin anew. */
  override async toArray(): Promise<T[]> {
    const iteration = this.#iterate()
    try {
      let reading = await iteration.begin()
      for (let attempt = 1; ; attempt++) {
        const elements: T[] = []
        try {
          await takeAll(reading, iteration.limit, elements)
          iteration.ended('answered')
          return elements
        } catch (error) {
          // A read that gave nothing yet was begun anew where that is of use.
          const isLostMidway = isLost(error) && elements.length > 0
          if (!isLostMidway || attempt >= iteration.attempts) throw error
          reading = await iteration.beginAgain()
        }
      }
    } catch (error) {
      throw iteration.failure(error)
    }
  }
}

async function takeAll<T>({ elements, decode }: Reading<T>, limit: number, all: T[]): Promise<void> {
  try {
    while (all.length < limit) {
      const element = elements.take()
      if (element !== undefined) all.push(decode(element as never))
      else if (!(await elements.more())) break
    }
  } finally {
    elements.close()
  }
}

/** Whether the connection was lost after the request was sent. */
function isLost(error: unknown): boolean {
  return error instanceof ConnectionError && error.outcome === 'unknown'
}

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

/**
 * One loop over results. Like a generator, it allows a call of `next` before the last one has settled. Unlike a
 * generator, it needs only one promise for an element that has arrived (0.4 us less).
 */
class ResultIterator<T> implements AsyncIterator<T, undefined> {
  readonly #iteration: Iteration<T>
  #reading: Reading<T> | undefined
  #left: number
  #isOver = false
  /** The promise that a pending `next` waits for. Later calls of `next` wait for it too. */
  #arriving: Promise<IteratorResult<T, undefined>> | undefined
  readonly #again = (): Promise<IteratorResult<T, undefined>> => this.next()

  constructor(iteration: Iteration<T>) {
    this.#iteration = iteration
    this.#left = iteration.limit
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#arriving !== undefined) return this.#arriving.then(this.#again, this.#again)
    if (this.#reading !== undefined && this.#left > 0) {
      try {
        const result = this.#take(this.#reading)
        if (result !== undefined) return Promise.resolve(result)
      } catch (error) {
        return Promise.reject(this.#failed(error))
      }
    }
    return (this.#arriving = this.#nextToArrive())
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#close()
    // Nothing was to follow on the last element within the limit.
    this.#iteration.ended(this.#left > 0 ? 'left' : 'answered')
    return Promise.resolve(DONE)
  }

  async #nextToArrive(): Promise<IteratorResult<T, undefined>> {
    try {
      return await this.#arrival()
    } finally {
      this.#arriving = undefined
    }
  }

  async #arrival(): Promise<IteratorResult<T, undefined>> {
    try {
      if (this.#isClosed()) return DONE
      this.#reading ??= await this.#iteration.begin()
      while (!this.#isClosed() && this.#left > 0) {
        const result = this.#take(this.#reading)
        if (result !== undefined) return result
        if (!(await this.#reading.elements.more())) break
      }
      this.#close()
      this.#iteration.ended('answered')
      return DONE
    } catch (error) {
      if (this.#isClosed()) return DONE
      throw this.#failed(error)
    }
  }

  #take({ elements, decode }: Reading<T>): IteratorResult<T, undefined> | undefined {
    const element = elements.take()
    if (element === undefined) return undefined
    this.#left -= 1
    return { done: false, value: decode(element as never) }
  }

  #failed(error: unknown): Error {
    this.#close()
    // The reason of a signal may be any value.
    return this.#iteration.failure(error) as Error
  }

  /** Whether it was closed, possibly during a wait. */
  #isClosed(): boolean {
    return this.#isOver
  }

  #close(): void {
    this.#isOver = true
    this.#reading?.elements.close()
  }
}

/** The results of a request that was sent before they are consumed. They can be consumed once. */
export class StartedResults<T> extends IterableResults<T> {
  readonly #results: AsyncGenerator<T, undefined>
  #first: Promise<IteratorResult<T, undefined>> | undefined
  #consumed = false

  private constructor(results: AsyncGenerator<T, undefined>) {
    super()
    this.#results = results
  }

  /** Sends the request. */
  static start<T>(results: AsyncGenerator<T, undefined>): StartedResults<T> {
    const started = new StartedResults(results)
    started.#first = results.next()
    // The consumer of the results gets the error.
    started.#first.catch(() => undefined)
    return started
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
