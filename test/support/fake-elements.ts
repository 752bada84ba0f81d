// Elements of a stream that are there, or come one by one.
import type { StreamedElements } from '../../src/protocol/port'

export interface FakeElements<E> extends StreamedElements<E> {
  /** How often it was closed. */
  readonly closed: number
}

/** Gives the elements after a turn each; what is an `Error` is thrown in the place where it stands. */
export function fakeElements<E>(elements: Iterable<E | Error> | AsyncIterable<E | Error>): FakeElements<E> {
  const source =
    Symbol.asyncIterator in elements ? elements[Symbol.asyncIterator]() : elements[Symbol.iterator]()
  let arrived: E | undefined
  let closed = 0
  return {
    take: () => {
      const element = arrived
      arrived = undefined
      return element
    },
    more: async () => {
      const next = await source.next()
      if (next.done === true || closed > 0) return false
      if (next.value instanceof Error) throw next.value
      arrived = next.value
      return true
    },
    close: () => {
      closed += 1
    },
    get closed() {
      return closed
    },
  }
}
