// The frames of gRPC: a byte that says whether the message is compressed, its length in four bytes, and the message.

const HEADER_BYTES = 5

/** A message, and before it the header of its frame. */
export function frame(message: Uint8Array): [header: Uint8Array, message: Uint8Array] {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(message.length, 1)
  return [header, message]
}

/** Finds messages in bytes that arrive in pieces. */
export class FrameReader {
  readonly #maxMessageBytes: number
  #parts: Buffer[] = []
  #length = 0
  #isBroken = false
  /** The bytes to wait for before it is worth a look. */
  #wanted = HEADER_BYTES

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Whether a message came that is too long or compressed. Nothing is read after it. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** The messages that `chunk` completes. */
  *read(chunk: Buffer): Iterable<Uint8Array> {
    if (this.#isBroken) return
    this.#parts.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts)
    let at = 0
    this.#wanted = HEADER_BYTES
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at + 1)
      this.#isBroken = length > this.#maxMessageBytes || bytes[at] !== 0
      if (this.#isBroken) return
      const end = at + HEADER_BYTES + length
      if (end > bytes.length) {
        this.#wanted = HEADER_BYTES + length
        break
      }
      yield bytes.subarray(at + HEADER_BYTES, end)
      at = end
    }
    this.#parts = at < bytes.length ? [bytes.subarray(at)] : []
    this.#length = bytes.length - at
  }
}
