// The streams on which streamed reads run, one read at a time each: a slow consumer holds up nothing but its own stream. A few are
// kept for the next read. There is no bound on how many are in use, so that reads inside of reads cannot wait for each other.
import type { Call } from '../../../calls/call'
import type { Channel } from '../../../transport/channel'
import type { StreamOpener } from '../stream/stream-opener'
import type { SubChannel } from '../stream/sub-channel'
import type { Payload } from '../wire/payloads'
import type { CacheHandle } from './cache-handle'
import { CACHE_SERVICE, ensureCache } from './ensure-cache'
import type { ResponseBuffer } from './response-buffer'

const MOST_IDLE = 4

export class StreamPool {
  readonly #streams: StreamOpener
  readonly #idle: PooledStream[] = []
  /** Counts the connections. A stream of an earlier one may work still, but is not kept. */
  #generation = 0

  constructor(streams: StreamOpener) {
    this.#streams = streams
  }

  /** A stream on `channel` on which nothing runs. Rejects with `StreamLost` if to try again makes sense. */
  async acquire(channel: Channel, call: Call): Promise<PooledStream> {
    for (let stream = this.#idle.pop(); stream !== undefined; stream = this.#idle.pop()) {
      if (stream.isOpen && stream.channel === channel) return stream
      stream.close(new Error('the connection was replaced'))
    }
    const events = { event: () => undefined, ended: () => undefined }
    const generation = this.#generation
    const subChannel = await this.#streams.open(channel, CACHE_SERVICE, events, call)
    return new PooledStream(channel, subChannel, generation)
  }

  /** Keeps the stream for another read, or ends it if more of its answer was to come. */
  release(stream: PooledStream, response: ResponseBuffer | undefined): void {
    const isUsable = response?.isComplete === true && stream.isOpen && stream.generation === this.#generation
    if (isUsable && this.#idle.length < MOST_IDLE) this.#idle.push(stream)
    else stream.close(new Error('the read was left'))
  }

  /** The connection is lost: ends the streams on which nothing runs, and keeps none of the others when they are released. */
  lost(reason: unknown): void {
    this.#generation += 1
    for (const stream of this.#idle.splice(0)) stream.close(reason)
  }
}

export class PooledStream {
  readonly channel: Channel
  readonly generation: number
  readonly #subChannel: SubChannel
  readonly #ids = new WeakMap<CacheHandle, number>()

  constructor(channel: Channel, subChannel: SubChannel, generation: number) {
    this.channel = channel
    this.generation = generation
    this.#subChannel = subChannel
  }

  get isOpen(): boolean {
    return this.#subChannel.isOpen
  }

  /** Makes the cache known on this stream. */
  async ensure(handle: CacheHandle, call: Call): Promise<void> {
    if (this.#ids.has(handle)) return
    this.#ids.set(handle, await ensureCache(this.#subChannel, handle.name, call))
  }

  /** Sends a request whose answer goes to `response`. */
  request(handle: CacheHandle, type: number, payload: Payload | undefined, response: ResponseBuffer): void {
    this.#subChannel.request(type, this.#ids.get(handle), payload, response)
  }

  close(reason: unknown): void {
    this.#subChannel.cancel(reason)
  }
}
