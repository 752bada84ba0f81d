// Splits the bytes of a stream into gRPC messages (one byte of flags, four of length, the message). A message within
// one chunk is a view of it; one that spans chunks is copied once, when it is complete.
import { status as Status } from '@grpc/grpc-js'
import type { StatusParts } from './status'

export const HEADER_BYTES = 5
const COMPRESSED = 1

export class MessageSplitter {
  readonly #maxBytes: number
  readonly #take: (message: Buffer) => void
  #header: Buffer | undefined
  #headerBytes = 0
  #parts: Buffer[] = []
  #length = 0
  #missingBytes = 0

  /**
   * @param maxBytes The longest message that is accepted.
   * @param take Called with each message during `split`, in order.
   */
  constructor(maxBytes: number, take: (message: Buffer) => void) {
    this.#maxBytes = maxBytes
    this.#take = take
  }

  /** Whether the bytes so far end within a message. */
  get isWithinMessage(): boolean {
    return this.#headerBytes > 0 || this.#missingBytes > 0
  }

  /** The error in the bytes, after which no more can be split; `undefined` if there is none. */
  split(chunk: Buffer): StatusParts | undefined {
    let at = this.#missingBytes > 0 ? this.#continueMessage(chunk) : 0
    while (at < chunk.length) {
      if (this.#headerBytes > 0 || chunk.length - at < HEADER_BYTES) {
        at += this.#continueHeader(chunk, at)
        if (this.#headerBytes < HEADER_BYTES) return undefined
        this.#headerBytes = 0
        const header = this.#headerBuffer()
        const fault = this.#begin(header.readUInt8(0), header.readUInt32BE(1))
        if (fault !== undefined) return fault
      } else {
        const fault = this.#begin(chunk.readUInt8(at), chunk.readUInt32BE(at + 1))
        if (fault !== undefined) return fault
        at += HEADER_BYTES
      }
      const end = at + this.#length
      if (end > chunk.length) {
        if (at < chunk.length) this.#parts.push(chunk.subarray(at))
        this.#missingBytes = end - chunk.length
        return undefined
      }
      this.#take(chunk.subarray(at, end))
      at = end
    }
    return undefined
  }

  /** Returns the number of bytes of the chunk that belong to the message that began before. */
  #continueMessage(chunk: Buffer): number {
    const bytes = Math.min(this.#missingBytes, chunk.length)
    this.#parts.push(bytes === chunk.length ? chunk : chunk.subarray(0, bytes))
    this.#missingBytes -= bytes
    if (this.#missingBytes === 0) {
      const message = Buffer.concat(this.#parts, this.#length)
      this.#parts = []
      this.#take(message)
    }
    return bytes
  }

  #continueHeader(chunk: Buffer, at: number): number {
    const bytes = chunk.copy(
      this.#headerBuffer(),
      this.#headerBytes,
      at,
      at + HEADER_BYTES - this.#headerBytes,
    )
    this.#headerBytes += bytes
    return bytes
  }

  #headerBuffer(): Buffer {
    return (this.#header ??= Buffer.allocUnsafe(HEADER_BYTES))
  }

  #begin(flags: number, length: number): StatusParts | undefined {
    const fault = faultOfHeader(flags, length, this.#maxBytes)
    if (fault === undefined) this.#length = length
    return fault
  }
}

/** Returns the error in the header of a message; `undefined` if there is none. */
export function faultOfHeader(flags: number, length: number, maxBytes: number): StatusParts | undefined {
  if (flags !== 0) {
    const details =
      flags === COMPRESSED
        ? 'Received a compressed message, but no compression was offered'
        : `Received bytes that are no gRPC message: its flags are 0x${flags.toString(16)}`
    return { code: Status.INTERNAL, details }
  }
  if (length > maxBytes) {
    const details = `Received message larger than max (${length} vs ${maxBytes})`
    return { code: Status.RESOURCE_EXHAUSTED, details }
  }
  return undefined
}
