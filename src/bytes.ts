// Bytes, as every layer passes them on: one by one, packed into one buffer, and as texts that can be compared.

export type Bytes = Uint8Array

/** A text of one character for each byte: equal for equal bytes. */
export function textOf(bytes: Bytes, begin = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', begin, end)
}

/** The same bytes as a `Buffer`; nothing is copied. */
export function asBuffer(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Writes `value` at `at`, and returns where it ends: beyond `out` if it needs more room, and less than 0 if it cannot write it. */
export type ByteWriter<T> = (value: T, out: Buffer, at: number) => number

/** Room for so many items. */
const FIRST_COUNT = 64

/** A list of byte strings in one buffer: no object for each. */
export class PackedBytes {
  #bytes: Buffer
  /**
   * Where each item begins, and last where the last one ends. An array of numbers is copied more often as it grows, and
   * leaves more garbage.
   */
  #bounds: Uint32Array
  #count = 0

  /**
   * @param capacity The number of bytes that there is room for at first.
   * @param count The number of items that there is room for at first.
   */
  constructor(capacity: number, count = FIRST_COUNT) {
    this.#bytes = Buffer.allocUnsafe(capacity)
    this.#bounds = new Uint32Array(count + 1)
  }

  get count(): number {
    return this.#count
  }

  /** What all items take together. */
  get byteLength(): number {
    return this.beginOf(this.#count)
  }

  /** All items, one after the other, and room for more. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Where item `index` begins; for `count`, where the last one ends. */
  beginOf(index: number): number {
    return this.#bounds[index] ?? 0
  }

  at(index: number): Buffer {
    return this.#bytes.subarray(this.beginOf(index), this.beginOf(index + 1))
  }

  add(item: Bytes): void {
    const begin = this.byteLength
    this.#reserve(begin + item.length)
    this.#bytes.set(item, begin)
    this.#push(begin + item.length)
  }

  /**
   * Adds an item that a `ByteWriter` wrote into `bytes` at `byteLength`; `end` is what it returned. Returns `false` if
   * the item did not fit: then there is more room, and it must be written again. The writer is called by the user of this
   * class, because the engine optimizes the call only where it is always the same writer.
   */
  addWritten(end: number): boolean {
    if (end <= this.#bytes.length) {
      this.#push(end)
      return true
    }
    this.#reserve(this.#bytes.length + 1)
    return false
  }

  /** Takes the last items out again. */
  removeLast(count: number): void {
    this.#count -= count
  }

  #push(end: number): void {
    this.#count += 1
    if (this.#count === this.#bounds.length) {
      const larger = new Uint32Array(2 * this.#count)
      larger.set(this.#bounds)
      this.#bounds = larger
    }
    this.#bounds[this.#count] = end
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, bytes))
    larger.set(this.#bytes.subarray(0, this.byteLength))
    this.#bytes = larger
  }
}
