// The receiving side of one call: messages that have arrived and were not asked for yet, to be taken one by one, or as
// frames, all that are there at once.
import { FrameScanner } from './frame-scanner'
import { MessageSplitter } from './message-splitter'
import type { Verdict } from './status'

export interface Inbox {
  /** Whether there is nothing to take. */
  readonly isEmpty: boolean
  /** Whether no more should be received for now. */
  readonly isFull: boolean
  /** Whether the bytes so far end within a message. */
  readonly endsWithinMessage: boolean
  /** Whether it is better to wait for the end of the turn than to take at once. */
  readonly gathers: boolean
  /** What is wrong with the bytes, or `undefined`. */
  receive(chunk: Buffer): Verdict | undefined
  /** What is to be given out next, or `undefined` where there is nothing. */
  take(): Buffer | undefined
  clear(): void
}

const FULL_ABOVE_BYTES = 64 * 1024
// What an entry costs besides its bytes, so that empty messages fill the box as well.
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

  receive(chunk: Buffer): Verdict | undefined {
    return this.#splitter.split(chunk)
  }

  /** The oldest message, or `undefined` where there is none. */
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
  /** How many of the bytes are whole frames. */
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

  receive(chunk: Buffer): Verdict | undefined {
    const fault = this.#scanner.scan(chunk)
    if (this.#scanner.wholeBytes > 0) this.#wholeBytes = this.#bytes + this.#scanner.wholeBytes
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    return fault
  }

  /** All whole frames. */
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
