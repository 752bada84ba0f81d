// Many small results in one buffer, one after the other: nothing is written twice, and the engine is asked for memory
// once in a while.

const SLAB_BYTES = 16 * 1024
/** With less room than this a new one is begun. */
const LEAST_ROOM = 4 * 1024

export class Slab {
  #bytes = Buffer.alloc(0)
  #used = 0
  /** What writes may run code of the caller's, which may write more. */
  #isWriting = false

  /**
   * What `write` makes of `value`: it writes at `at`, and gives where that ends. `undefined` where it gives less than 0,
   * or the result is too large.
   */
  take<T>(value: T, write: (value: T, out: Buffer, at: number) => number): Buffer | undefined {
    if (this.#isWriting) return undefined
    if (this.#bytes.length - this.#used < LEAST_ROOM) {
      this.#bytes = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#used = 0
    }
    const begin = this.#used
    this.#isWriting = true
    try {
      const end = write(value, this.#bytes, begin)
      if (end < 0 || end > this.#bytes.length) return undefined
      this.#used = end
      return this.#bytes.subarray(begin, end)
    } finally {
      this.#isWriting = false
    }
  }
}
