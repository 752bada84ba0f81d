// The sending side of one call. Messages wait until the end of the turn of the event loop, then travel as one write;
// at most one write is on its way, and senders wait while too much has gathered behind it.
import { setImmediate, soon } from '../../async/real-time'
import type { ClientHttp2Stream } from 'node:http2'

const HEADER_BYTES = 5
// Longer messages are written as they are, shorter ones are copied next to each other.
const COPIED_BELOW_BYTES = 16 * 1024
const SENDERS_WAIT_ABOVE_BYTES = 128 * 1024
// Frames were gathered before they come here, but what runs in the same microtasks may bring more: so many of them pass
// before a write.
const MICROTASKS_BEFORE_FRAMES = 4

type Callback = (error?: Error | null) => void

/** Flushes outboxes at the end of the turn of the event loop, all with one timer. */
export class Flusher {
  #due: Outbox[] = []
  readonly #run = (): void => {
    const due = this.#due
    this.#due = []
    for (const outbox of due) outbox.flush()
  }

  add(outbox: Outbox): void {
    if (this.#due.push(outbox) === 1) setImmediate(this.#run)
  }
}

export class Outbox {
  readonly #headerBytes: number
  #messages: Buffer[] = []
  #bytes = 0
  #senders: Callback[] = []
  #stream: ClientHttp2Stream | undefined
  #flusher: Flusher | undefined
  #scheduled = false
  #microtasksLeft = 0
  #writing = false
  #halfClosed = false
  #closed = false
  readonly #written = (): void => {
    // An error is told by the stream's end, too: nothing is lost here.
    this.#writing = false
    this.#schedule()
  }

  readonly #passMicrotask = (): void => {
    this.#microtasksLeft -= 1
    if (this.#microtasksLeft > 0) soon(this.#passMicrotask)
    else this.flush()
  }

  /** @param framed Whether what is added has its headers already. */
  constructor(framed: boolean) {
    this.#headerBytes = framed ? 0 : HEADER_BYTES
  }

  /** From now on what waits can travel. */
  attach(stream: ClientHttp2Stream, flusher: Flusher): void {
    this.#stream = stream
    this.#flusher = flusher
    this.#schedule()
  }

  /** @param taken Called when there is room for another message. */
  add(message: Buffer, taken: Callback | undefined): void {
    if (this.#closed || this.#halfClosed) {
      taken?.()
      return
    }
    this.#messages.push(message)
    this.#bytes += this.#headerBytes + message.length
    this.#schedule()
    if (taken === undefined) return
    if (this.#bytes <= SENDERS_WAIT_ABOVE_BYTES) taken()
    else this.#senders.push(taken)
  }

  /** Nothing follows what was added, so there is nothing to wait for. */
  halfClose(): void {
    this.#halfClosed = true
    this.flush()
  }

  /** Drops what waits; senders may go on, to no effect. */
  close(): void {
    this.#closed = true
    this.#messages = []
    this.#bytes = 0
    this.#releaseSenders()
  }

  flush(): void {
    this.#scheduled = false
    const stream = this.#stream
    if (this.#closed || this.#writing || stream === undefined || stream.destroyed) return
    if (this.#messages.length === 0 && !this.#halfClosed) return
    const chunks = join(this.#messages, this.#headerBytes)
    this.#messages = []
    this.#bytes = 0
    const last = chunks.pop()
    if (chunks.length > 0) stream.cork()
    for (const chunk of chunks) stream.write(chunk)
    if (this.#halfClosed) {
      this.#closed = true
      stream.end(last)
    } else {
      this.#writing = true
      stream.write(last, this.#written)
      stream.uncork()
    }
    this.#releaseSenders()
  }

  #schedule(): void {
    if (this.#scheduled || this.#writing || this.#closed || this.#flusher === undefined) return
    if (this.#messages.length === 0 && !this.#halfClosed) return
    this.#scheduled = true
    if (this.#headerBytes > 0) {
      this.#flusher.add(this)
    } else {
      this.#microtasksLeft = MICROTASKS_BEFORE_FRAMES
      soon(this.#passMicrotask)
    }
  }

  // Not within this call: what a sender does, or throws, must not meet a half-done flush.
  #releaseSenders(): void {
    for (const sender of this.#senders) soon(sender)
    this.#senders = []
  }
}

/** The messages, with their headers, in as few chunks as possible without copying long ones. */
function join(messages: readonly Buffer[], headerBytes: number): Buffer[] {
  if (headerBytes === 0 && messages.length === 1) return [...messages]
  let bytes = 0
  for (const { length } of messages) bytes += headerBytes + (length < COPIED_BELOW_BYTES ? length : 0)
  const chunks: Buffer[] = []
  const copies = Buffer.allocUnsafe(bytes)
  let begin = 0
  let at = 0
  for (const message of messages) {
    if (headerBytes > 0) {
      copies.writeUInt8(0, at)
      copies.writeUInt32BE(message.length, at + 1)
      at += headerBytes
    }
    if (message.length < COPIED_BELOW_BYTES) {
      copies.set(message, at)
      at += message.length
    } else {
      if (at > begin) chunks.push(copies.subarray(begin, at))
      chunks.push(message)
      begin = at
    }
  }
  if (at > begin) chunks.push(copies.subarray(begin, at))
  return chunks
}
