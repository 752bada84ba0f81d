// A read of all there is in a map, without a filter or an order. A query makes its whole result on the server before it gives
// the first element, which takes 35 ms for 100,000 entries and goes on where nobody reads them; a page gives at once
// those of one partition, but there are some hundreds of pages. So the first elements come from a page. Where that
// shows that the map is small, a query gives the others: it costs the server one request. Where it is large, more pages do, so
// that the server does not hold all of it at once.
import { now } from '../async/real-time'
import { type Bytes, LEFT_OUT, type LeftOut, type PageOrder, type StreamedElements } from '../protocol/port'

/** A map with so many elements on a page is read by pages: with the 257 partitions of the default, one of a quarter million. */
const LARGE_PAGE = 1_000

const NONE = new Uint8Array()
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

/** Makes an element of what came, or leaves it out. */
type Take<E, T> = (came: E) => T | LeftOut

/** Where the elements come from; the first of each has to be there at `firstBy`, on the clock of `now()`. */
export interface WholeSource<E, T> {
  readonly page: (order: PageOrder, firstBy: number, take: Take<E, T>) => StreamedElements<T>
  readonly query: (firstBy: number, take: Take<E, T>) => StreamedElements<T>
  /** The longest wait for the next element. */
  readonly timeoutSeconds: number
  /** A text that is equal for equal keys. */
  readonly identityOf: (came: E) => string
  readonly decode: (came: E) => T
}

/** As of a generator, calls of `next` may be made before the ones before them are settled. */
export class WholeRead<E, T> implements StreamedElements<T> {
  readonly #source: WholeSource<E, T>
  /** Of the page to ask for next. */
  #cookie: Bytes = NONE
  #page: StreamedElements<T> | undefined
  /** What the first page gave, as long as it is not known to be large. */
  #given: Set<string> | undefined = new Set()
  /** The query for the others. */
  #others: StreamedElements<T> | undefined
  #isOver = false
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  readonly #step = async (): Promise<IteratorResult<T, undefined>> => {
    try {
      return await this.#nextOfPages()
    } catch (error) {
      this.#isOver = true
      throw error
    } finally {
      this.#waiting -= 1
    }
  }

  constructor(source: WholeSource<E, T>) {
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#others !== undefined && this.#waiting === 0) return this.#others.next()
    this.#waiting += 1
    const next = this.#turn.then(this.#step, this.#step)
    this.#turn = next
    return next
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#isOver = true
    await (this.#others ?? this.#page)?.return?.()
    return DONE
  }

  async #nextOfPages(): Promise<IteratorResult<T, undefined>> {
    // The page, and the query behind it, have the time of one element together.
    const firstBy = now() + this.#source.timeoutSeconds * 1_000
    while (!this.#isOver) {
      if (this.#others !== undefined) return this.#others.next()
      this.#page ??= this.#openPage(firstBy)
      const element = await this.#page.next()
      if (element.done === false) return element
      this.#page = undefined
      if (this.#cookie.length === 0) break
      if (this.#given !== undefined) this.#others = this.#openQuery(this.#given, firstBy)
    }
    this.#isOver = true
    return DONE
  }

  #openPage(firstBy: number): StreamedElements<T> {
    const { identityOf, decode } = this.#source
    const order = { cookie: this.#cookie, told: (next: Bytes) => (this.#cookie = next) }
    // A page that does not tell of a next one is the last.
    this.#cookie = NONE
    return this.#source.page(order, firstBy, (came) => {
      if (this.#given !== undefined && this.#given.add(identityOf(came)).size >= LARGE_PAGE)
        this.#given = undefined
      return decode(came)
    })
  }

  #openQuery(given: Set<string>, firstBy: number): StreamedElements<T> {
    const { identityOf, decode } = this.#source
    // Until it has given an element, the query may be sent again, and begins anew.
    let met: string[] = []
    return this.#source.query(firstBy, (came) => {
      if (given.size > 0) {
        const identity = identityOf(came)
        if (given.has(identity)) {
          met.push(identity)
          return LEFT_OUT
        }
        for (const one of met) given.delete(one)
        met = []
      }
      return decode(came)
    })
  }
}
