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

/** Room for the ends of so many items. */
const FIRST_COUNT = 64

/** A list of byte strings in one buffer: no object for each. */
export class PackedBytes {
  #bytes: Buffer
  /** Where each item ends. An array of numbers is copied more often as it grows, and leaves more garbage. */
  #ends = new Uint32Array(FIRST_COUNT)
  #count = 0

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** What all items take together. */
  get byteLength(): number {
    return this.beginOf(this.#count)
  }

  /** All items, one after the other. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Where item `index` begins; for `count`, where the last one ends. */
  beginOf(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
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

  /** Adds what `write` makes of `value`; `false`, and nothing is added, if it cannot write it. */
  write<T>(value: T, write: ByteWriter<T>): boolean {
    const begin = this.byteLength
    for (;;) {
      const end = write(value, this.#bytes, begin)
      if (end < 0) return false
      if (end <= this.#bytes.length) {
        this.#push(end)
        return true
      }
      this.#reserve(this.#bytes.length + 1)
    }
  }

  /** Takes the last items out again. */
  removeLast(count: number): void {
    this.#count -= count
  }

  #push(end: number): void {
    if (this.#count === this.#ends.length) {
      const larger = new Uint32Array(2 * this.#count)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#ends[this.#count++] = end
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, bytes))
    larger.set(this.#bytes.subarray(0, this.byteLength))
    this.#bytes = larger
  }
}
