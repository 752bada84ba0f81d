// The sending side of one call. It collects messages until the end of the turn of the event loop and sends them as one
// write. At most one write is in progress, and senders wait while too much data waits behind it.
import { setImmediate, soon } from '../../async/real-time'
import type { ClientHttp2Stream } from 'node:http2'
import { HEADER_BYTES } from './message-splitter'

// Longer messages are written without a copy, shorter ones are copied into one chunk.
const COPIED_BELOW_BYTES = 16 * 1024
const SENDERS_WAIT_ABOVE_BYTES = 128 * 1024
// Frames were collected before, but code in the same microtasks may add more. This many microtasks pass before a write.
const MICROTASKS_BEFORE_FRAMES = 4

type Callback = (error?: Error | null) => void

/** Flushes write buffers at the end of the turn of the event loop, all with one timer. */
export class Flusher {
  #due: WriteBuffer[] = []
  readonly #run = (): void => {
    const due = this.#due
    this.#due = []
    for (const buffer of due) buffer.flush()
  }

  add(buffer: WriteBuffer): void {
    if (this.#due.push(buffer) === 1) setImmediate(this.#run)
  }
}

export class WriteBuffer {
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
    // The end of the stream reports the error too, so it can be ignored here.
    this.#writing = false
    this.#schedule()
  }

  readonly #passMicrotask = (): void => {
    this.#microtasksLeft -= 1
    if (this.#microtasksLeft > 0) soon(this.#passMicrotask)
    else this.flush()
  }

  /** @param framed Whether added messages have their headers already. */
  constructor(framed: boolean) {
    this.#headerBytes = framed ? 0 : HEADER_BYTES
  }

  /** Starts to send the waiting messages. */
  attach(stream: ClientHttp2Stream, flusher: Flusher): void {
    this.#stream = stream
    this.#flusher = flusher
    this.#schedule()
  }

  /** @param taken Called when there is room for the next message. */
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

  /** No more messages follow, so the rest is sent at once. */
  halfClose(): void {
    this.#halfClosed = true
    this.flush()
  }

  /** Drops the waiting messages. Further messages have no effect. */
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

  // Not within this call: the code of a sender, or its error, must not interrupt a flush.
  #releaseSenders(): void {
    for (const sender of this.#senders) soon(sender)
    this.#senders = []
  }
}

/** Returns the messages with their headers, in as few chunks as possible without copies of long ones. */
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
