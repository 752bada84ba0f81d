// Finds the ends of the gRPC messages (one byte of flags, four of length, the message) in the bytes of a stream,
// without cutting them apart.
import { faultOfHeader, HEADER_BYTES } from './message-splitter'
import type { StatusParts } from './status'

export class FrameScanner {
  readonly #maxBytes: number
  readonly #header = Buffer.alloc(HEADER_BYTES)
  #headerBytes = 0
  #missingBytes = 0
  /** The number of bytes of the last chunk up to the end of its last complete message. */
  wholeBytes = 0

  /** @param maxBytes The longest message that is accepted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The error in the bytes, after which no more can be scanned; `undefined` if there is none. */
  scan(chunk: Buffer): StatusParts | undefined {
    this.wholeBytes = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#missingBytes > 0) {
        const bytes = Math.min(this.#missingBytes, chunk.length - at)
        this.#missingBytes -= bytes
        at += bytes
        if (this.#missingBytes === 0) this.wholeBytes = at
        continue
      }
      let fault: StatusParts | undefined
      if (this.#headerBytes === 0 && chunk.length - at >= HEADER_BYTES) {
        fault = this.#begin(chunk.readUInt8(at), chunk.readUInt32BE(at + 1))
        at += HEADER_BYTES
      } else {
        const wanted = HEADER_BYTES - this.#headerBytes
        const bytes = chunk.copy(this.#header, this.#headerBytes, at, at + wanted)
        this.#headerBytes += bytes
        at += bytes
        if (this.#headerBytes < HEADER_BYTES) return undefined
        this.#headerBytes = 0
        fault = this.#begin(this.#header.readUInt8(0), this.#header.readUInt32BE(1))
      }
      if (fault !== undefined) return fault
      if (this.#missingBytes === 0) this.wholeBytes = at
    }
    return undefined
  }

  #begin(flags: number, length: number): StatusParts | undefined {
    this.#missingBytes = length
    return faultOfHeader(flags, length, this.#maxBytes)
  }
}
