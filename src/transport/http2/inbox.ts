// Buffers the received messages of one call until the client asks for them. It returns them one by one, or as frames,
// all complete ones at once.
import { FrameScanner } from './frame-scanner'
import { MessageSplitter } from './message-splitter'
import type { StatusParts } from './status'

export interface Inbox {
  /** Whether there is nothing to return. */
  readonly isEmpty: boolean
  /** Whether receiving should pause. */
  readonly isFull: boolean
  /** Whether the bytes so far end within a message. */
  readonly endsWithinMessage: boolean
  /** Whether it is better to take at the end of the turn than at once. */
  readonly gathers: boolean
  /** The error in the bytes; `undefined` if there is none. */
  receive(chunk: Buffer): StatusParts | undefined
  /** Removes and returns the next item; `undefined` if there is none. */
  take(): Buffer | undefined
  clear(): void
}

const FULL_ABOVE_BYTES = 64 * 1024
// The memory of an entry besides its bytes. It is counted so that empty messages also fill the inbox.
const ENTRY_BYTES = 64

export class MessageInbox implements Inbox {
  readonly gathers = false
  readonly #splitter: MessageSplitter
  #messages: Buffer[] = []
  #next = 0
  #bytes = 0

  constructor(maxMessageBytes: number) {
    this.#splitter = new MessageSplitter(maxMessageBytes, (message) => {
      this.#messages.push(message)
      this.#bytes += ENTRY_BYTES + message.length
    })
  }

  get isEmpty(): boolean {
    return this.#next === this.#messages.length
  }

  get isFull(): boolean {
    return this.#bytes > FULL_ABOVE_BYTES
  }

  get endsWithinMessage(): boolean {
    return this.#splitter.isWithinMessage
  }

  receive(chunk: Buffer): StatusParts | undefined {
    return this.#splitter.split(chunk)
  }

  /** Removes and returns the oldest message; `undefined` if there is none. */
  take(): Buffer | undefined {
    const message = this.#messages[this.#next]
    if (message === undefined) return undefined
    this.#next += 1
    this.#bytes -= ENTRY_BYTES + message.length
    if (this.isEmpty) this.clear()
    return message
  }

  clear(): void {
    this.#messages = []
    this.#next = 0
    this.#bytes = 0
  }
}

export class FrameInbox implements Inbox {
  readonly gathers = true
  readonly #scanner: FrameScanner
  #chunks: Buffer[] = []
  #bytes = 0
  /** The number of bytes in complete frames. */
  #wholeBytes = 0

  constructor(maxMessageBytes: number) {
    this.#scanner = new FrameScanner(maxMessageBytes)
  }

  get isEmpty(): boolean {
    return this.#wholeBytes === 0
  }

  get isFull(): boolean {
    return this.#wholeBytes > FULL_ABOVE_BYTES
  }

  get endsWithinMessage(): boolean {
    return this.#bytes > this.#wholeBytes
  }

  receive(chunk: Buffer): StatusParts | undefined {
    const fault = this.#scanner.scan(chunk)
    if (this.#scanner.wholeBytes > 0) this.#wholeBytes = this.#bytes + this.#scanner.wholeBytes
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    return fault
  }

  /** Removes and returns all complete frames. */
  take(): Buffer | undefined {
    if (this.#wholeBytes === 0) return undefined
    const [first] = this.#chunks
    const all =
      this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#bytes)
    const whole = this.#wholeBytes
    this.clear()
    if (whole === all.length) return all
    const rest = all.subarray(whole)
    this.#chunks.push(rest)
    this.#bytes = rest.length
    return all.subarray(0, whole)
  }

  clear(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#wholeBytes = 0
  }
}
