// Reads all elements of a map, without a filter or an order. For a query, the server computes the whole result before
// it sends the first element, which takes 35 ms for 100,000 entries and continues even if nobody reads them. A page
// returns the elements of one partition at once, but there are some hundreds of pages. So the first elements come from
// a page. If the page shows that the map is small, one query reads the others. If the map is large, more pages do, so
// that the server does not hold the whole result in memory.
import type { Bytes } from '../../bytes'
import { ProtocolError } from '../../errors'
import { now } from '../../async/real-time'
import type { Page, ReadOptions, StreamedElements } from '../../protocol/port'

/**
 * If the first page holds at least this many elements, the whole map is read page by page. With the 257 partitions of
 * the default, that is a map of a quarter million entries.
 */
const LARGE_PAGE = 1_000

/** The requests that read the elements. */
export interface WholeSource<E> {
  readonly page: (cookie: Bytes) => Page<E>
  readonly query: (options: ReadOptions) => StreamedElements<E>
  /** The longest wait for the next element. */
  readonly timeoutSeconds: number
  /** Returns a text that is the same for equal keys. */
  readonly identityOf: (element: E) => string
}

export class WholeRead<E> implements StreamedElements<E> {
  readonly #source: WholeSource<E>
  /** Identifies the next page. */
  #cookie: Bytes = new Uint8Array()
  #page: Page<E> | undefined
  /** The identities of the elements of the first page; `undefined` once the page is known to be large. */
  #taken: Set<string> | undefined = new Set()
  /** The query for the other elements. */
  #others: StreamedElements<E> | undefined
  /** The next of the other elements, if it was read already. */
  #held: E | undefined
  /** The elements of the first page that the query repeated since it started. */
  #met: string[] = []
  #isOtherTaken = false
  #isClosed = false

  constructor(source: WholeSource<E>) {
    this.#source = source
  }

  take(): E | undefined {
    if (this.#others !== undefined) return this.#takeOther(this.#others)
    const element = this.#page?.take()
    if (element === undefined || this.#taken === undefined) return element
    if (this.#taken.add(this.#source.identityOf(element)).size >= LARGE_PAGE) this.#taken = undefined
    return element
  }

  /** The page, the query after it, and repeated elements share the time limit of one element. */
  async more(by = now() + this.#source.timeoutSeconds * 1_000): Promise<boolean> {
    while (!this.#isClosed) {
      if (this.#others !== undefined) {
        this.#held = this.#takeOther(this.#others)
        if (this.#held !== undefined) return true
        if (!(await this.#others.more(by))) break
      } else {
        this.#page ??= this.#source.page(this.#cookie)
        if (await this.#page.more(by)) return true
        const cookie = this.#page.nextCookie
        if (cookie.length > 0 && Buffer.compare(cookie, this.#cookie) === 0)
          throw new ProtocolError('The server sent the same page again')
        this.#cookie = cookie
        this.#page = undefined
        if (this.#cookie.length === 0) break
        if (this.#taken !== undefined) this.#others = this.#source.query({ restart: () => this.#restart() })
      }
    }
    return false
  }

  close(): void {
    this.#isClosed = true
    this.#page?.close()
    this.#others?.close()
  }

  /** Returns the next element of the query that was not on the first page. */
  #takeOther(others: StreamedElements<E>): E | undefined {
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) return held
    for (;;) {
      const element = others.take()
      if (element === undefined || this.#taken === undefined || this.#taken.size === 0) return element
      const identity = this.#source.identityOf(element)
      if (!this.#taken.has(identity)) {
        for (const one of this.#met) this.#taken.delete(one)
        this.#met = []
        this.#isOtherTaken = true
        return element
      }
      this.#met.push(identity)
    }
  }

  /** Whether the query may start again: only until an element that was not on the first page was returned. */
  #restart(): boolean {
    this.#met = []
    return !this.#isOtherTaken
  }
}
