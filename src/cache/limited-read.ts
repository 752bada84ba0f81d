// One consumption of a streamed read: it begins with the first element that is asked for, and ends with the last that
// is wanted. No generator: an element costs 0.4 us less without one.
import type { StreamedElements } from '../protocol/port'

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

/** As of a generator, calls of `next` may be made before the ones before them are settled. */
export class LimitedRead<T> implements StreamedElements<T> {
  readonly #begin: () => Promise<StreamedElements<T>>
  #beginning: Promise<void> | undefined
  #elements: StreamedElements<T> | undefined
  #left: number
  #isOver = false
  #last: Promise<unknown> = Promise.resolve()
  readonly #finish = (): Promise<IteratorResult<T, undefined>> => this.return()
  readonly #again = (): Promise<IteratorResult<T, undefined>> => this.next()

  /** `begin` makes the checks, also where `limit` is 0, and gives the elements. */
  constructor(begin: () => Promise<StreamedElements<T>>, limit: number) {
    this.#begin = begin
    this.#left = limit
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return Promise.resolve(DONE)
    if (this.#elements === undefined) return (this.#beginning ??= this.#first()).then(this.#again)
    // What was asked for before is still wanted.
    if (this.#left === 0) return this.#last.then(this.#finish, this.#finish)
    this.#left -= 1
    return (this.#last = this.#elements.next())
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#isOver = true
    await this.#elements?.return?.()
    return DONE
  }

  async #first(): Promise<void> {
    try {
      this.#elements = await this.#begin()
    } catch (error) {
      this.#isOver = true
      throw error
    }
  }
}
