// The requests of a stream on their way out, as the async iterable that the stub reads. What was not read from it never left the
// client. If the channel takes frames, all requests that are made before the next read are one element, each behind its
// gRPC header; otherwise each request is one.
import type { Bytes } from '../../../bytes'
import { soon } from '../../../async/real-time'
import { ProxyRequest } from '../../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Payload } from '../wire/payloads'
import { FRAME_HEADER_BYTES, int64Bytes, varintBytes, writeInt64, writeVarint } from '../wire/wire'

/** The largest batch. Requests that were not yet handed to the transport can still be sent on the next connection. */
const MOST_BYTES = 64 * 1024
const FEWEST_BYTES = 1024

// Tags of ProxyRequest, of the request of any service, and of Any.
const ID = 0x08
const MESSAGE = 0x22
const TYPE = 0x08
const HANDLE = 0x10
const PAYLOAD = 0x1a
const ANY_VALUE = 0x12

const DONE: IteratorResult<Bytes, undefined> = { done: true, value: undefined }

interface Batch {
  readonly bytes: Buffer
  readonly firstId: number
  length: number
}

export class RequestQueue implements AsyncIterable<Bytes>, AsyncIterator<Bytes, undefined> {
  readonly #framed: boolean
  #batches: Batch[] = []
  #next = 0
  #capacity = FEWEST_BYTES
  #reader: ((result: IteratorResult<Bytes, undefined>) => void) | undefined
  #closed = false

  /** @param framed Whether an element is all the frames that there are. */
  constructor(framed: boolean) {
    this.#framed = framed
  }

  /**
   * A request of a service.
   *
   * @param service The field of an `Any` that names the type of the service's requests.
   * @param handle What the server calls the cache, queue or topic on this stream; `undefined` for none.
   */
  pushRequest(
    id: number,
    service: Bytes,
    type: number,
    handle: number | undefined,
    payload: Payload | undefined,
  ): void {
    // All lengths first, from the inside out.
    const value = payload === undefined ? 0 : lengthDelimited(payload.length)
    const any = payload === undefined ? 0 : payload.typeField.length + value
    const request =
      1 +
      varintBytes(type) +
      (handle === undefined ? 0 : 1 + int64Bytes(handle)) +
      (payload === undefined ? 0 : 1 + varintBytes(any) + any)
    const message = service.length + lengthDelimited(request)
    const batch = this.#batchFor(id, 1 + varintBytes(id) + 1 + varintBytes(message) + message)
    const { bytes } = batch

    let at = batch.length
    bytes[at] = ID
    at = writeVarint(bytes, at + 1, id)
    bytes[at] = MESSAGE
    at = writeVarint(bytes, at + 1, message)
    bytes.set(service, at)
    at += service.length
    bytes[at] = ANY_VALUE
    at = writeVarint(bytes, at + 1, request)
    bytes[at] = TYPE
    at = writeVarint(bytes, at + 1, type)
    if (handle !== undefined) {
      bytes[at] = HANDLE
      at = writeInt64(bytes, at + 1, handle)
    }
    if (payload !== undefined) {
      bytes[at] = PAYLOAD
      at = writeVarint(bytes, at + 1, any)
      bytes.set(payload.typeField, at)
      at += payload.typeField.length
      if (value > 0) {
        bytes[at] = ANY_VALUE
        at = payload.write(bytes, writeVarint(bytes, at + 1, payload.length))
      }
    }
    batch.length = at
    this.#wake()
  }

  /** A handshake, or a heartbeat. */
  push(request: ProxyRequest): void {
    const message = ProxyRequest.encode(request).finish()
    const batch = this.#batchFor(Number(request.id), message.length)
    batch.bytes.set(message, batch.length)
    batch.length += message.length
    this.#wake()
  }

  /** Ends the iteration; returns the first id that nobody read, `Infinity` if all were read. */
  close(): number {
    const unread = this.#batches[this.#next]?.firstId ?? Infinity
    this.#batches = []
    this.#next = 0
    this.#closed = true
    this.#reader?.(DONE)
    this.#reader = undefined
    return unread
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Bytes, undefined>> {
    const batch = this.#take()
    if (batch !== undefined) return Promise.resolve({ done: false, value: batch })
    if (this.#closed) return Promise.resolve(DONE)
    return new Promise((resolve) => (this.#reader = resolve))
  }

  return(): Promise<IteratorResult<Bytes, undefined>> {
    return Promise.resolve(DONE)
  }

  /** Where a message of this length is to be written; its header is there. */
  #batchFor(id: number, length: number): Batch {
    if (!this.#framed) return this.#newBatch(id, length)
    const needed = FRAME_HEADER_BYTES + length
    const last = this.#batches.at(-1)
    const batch =
      last !== undefined && last.length + needed <= last.bytes.length ? last : this.#newBatch(id, needed)
    batch.bytes[batch.length] = 0
    batch.bytes.writeUInt32BE(length, batch.length + 1)
    batch.length += FRAME_HEADER_BYTES
    return batch
  }

  #newBatch(firstId: number, needed: number): Batch {
    // The next batch is likely to be as long as this one has become.
    if (this.#framed && this.#batches.length > 0) this.#capacity = Math.min(MOST_BYTES, 2 * this.#capacity)
    const bytes = Buffer.allocUnsafe(this.#framed ? Math.max(needed, this.#capacity) : needed)
    const batch = { bytes, firstId, length: 0 }
    this.#batches.push(batch)
    return batch
  }

  #take(): Bytes | undefined {
    const batch = this.#batches[this.#next]
    if (batch === undefined) return undefined
    this.#next += 1
    if (this.#next === this.#batches.length) {
      this.#batches = []
      this.#next = 0
    }
    if (4 * batch.length < this.#capacity) this.#capacity = Math.max(FEWEST_BYTES, this.#capacity / 2)
    return batch.bytes.subarray(0, batch.length)
  }

  // Later in this turn, so that what is asked for side by side travels together.
  #wake(): void {
    if (this.#reader === undefined) return
    const reader = this.#reader
    this.#reader = undefined
    soon(() => {
      const batch = this.#take()
      reader(batch === undefined ? DONE : { done: false, value: batch })
    })
  }
}

function lengthDelimited(length: number): number {
  return length === 0 ? 0 : 1 + varintBytes(length) + length
}
