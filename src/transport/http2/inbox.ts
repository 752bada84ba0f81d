// The receiving side of one call: messages that have arrived and were not asked for yet.
import { MessageSplitter } from './message-splitter'
import type { Verdict } from './status'

const FULL_ABOVE_BYTES = 64 * 1024
// What an entry costs besides its bytes, so that empty messages fill the box as well.
const ENTRY_BYTES = 64

export class Inbox {
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

  /** Whether no more should be received for now. */
  get isFull(): boolean {
    return this.#bytes > FULL_ABOVE_BYTES
  }

  /** Whether the bytes so far end within a message. */
  get endsWithinMessage(): boolean {
    return this.#splitter.isWithinMessage
  }

  /** What is wrong with the bytes, or `undefined`. */
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
