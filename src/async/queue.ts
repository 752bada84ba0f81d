// A first-in, first-out queue in constant time. `Array.shift` is slower, because it moves all following items.

/** The number of emptied slots at which the array is cut, once they are also more than half of it. */
const MOST_TAKEN = 1_024

export class Queue<T> {
  #items: (T | undefined)[] = []
  #next = 0

  get length(): number {
    return this.#items.length - this.#next
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Removes and returns the oldest item; `undefined` if there is none. */
  shift(): T | undefined {
    if (this.#next === this.#items.length) return undefined
    const first = this.#items[this.#next]
    this.#items[this.#next] = undefined
    this.#next += 1
    if (this.#next === this.#items.length) {
      this.clear()
    } else if (this.#next > MOST_TAKEN && this.#next * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#next)
      this.#next = 0
    }
    return first
  }

  clear(): void {
    this.#items = []
    this.#next = 0
  }
}
