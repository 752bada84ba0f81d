// The streams on which streamed reads run, one read at a time each: a consumer that takes its time holds up nothing
// but its own stream. A few are kept for the next read; there is no bound on how many are in use, so that reads
// inside of reads cannot wait for each other.
import type { InitRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Channel } from '../../transport/channel'
import type { Call } from '../call'
import type { CacheLink } from './cache-link'
import type { RequestFacts } from './cache-requests'
import { ensureCache } from './ensure-cache'
import { cacheRequest } from './envelope'
import type { ReadPace } from './read-pace'
import type { StreamedRequest } from './streamed-request'
import { SubChannel } from './sub-channel'

const MOST_IDLE = 4

export class QueryLanes {
  readonly #pace: ReadPace
  readonly #lanes = new Set<QueryLane>()
  readonly #idle: QueryLane[] = []

  constructor(pace: ReadPace) {
    this.#pace = pace
  }

  /** A stream on `channel` on which nothing runs. */
  async acquire(channel: Channel, init: InitRequest, signal: AbortSignal): Promise<QueryLane> {
    for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop()) {
      if (lane.isOpen && lane.channel === channel) return lane
      lane.close(new Error('the connection was replaced'))
    }
    const lane = await QueryLane.open(channel, init, this.#pace, signal, (ended) => this.#lanes.delete(ended))
    if (lane.isOpen) this.#lanes.add(lane)
    return lane
  }

  /** Takes a stream back; one whose read was left early is ended. */
  release(lane: QueryLane, request: StreamedRequest | undefined): void {
    if (request?.isComplete === true && lane.isOpen && this.#idle.length < MOST_IDLE) this.#idle.push(lane)
    else lane.close(new Error('the read was left'))
  }

  /** Ends all of them. */
  close(reason: unknown): void {
    for (const lane of [...this.#lanes]) lane.close(reason)
    this.#idle.length = 0
  }

  /** Ends those on which nothing runs. */
  closeIdle(reason: unknown): void {
    for (const lane of this.#idle.splice(0)) lane.close(reason)
  }
}

export class QueryLane {
  readonly channel: Channel
  readonly #subChannel: SubChannel
  readonly #ids = new WeakMap<CacheLink, number>()

  private constructor(channel: Channel, subChannel: SubChannel) {
    this.channel = channel
    this.#subChannel = subChannel
  }

  /** Rejects with what the stream ended with, or the reason of `signal`. */
  static async open(
    channel: Channel,
    init: InitRequest,
    pace: ReadPace,
    signal: AbortSignal,
    ended: (lane: QueryLane) => void,
  ): Promise<QueryLane> {
    const opened: { lane?: QueryLane } = {}
    const events = {
      event: () => undefined,
      ended: () => {
        if (opened.lane !== undefined) ended(opened.lane)
      },
    }
    const { subChannel } = await SubChannel.open(channel, init, events, pace, signal)
    opened.lane = new QueryLane(channel, subChannel)
    return opened.lane
  }

  get isOpen(): boolean {
    return this.#subChannel.isOpen
  }

  /** Makes the cache known on this stream. */
  async ensure(link: CacheLink, call: Call): Promise<void> {
    if (this.#ids.has(link)) return
    this.#ids.set(link, await ensureCache(this.#subChannel, link.name, call))
  }

  start(
    link: CacheLink,
    facts: RequestFacts,
    payload: Any | undefined,
    request: StreamedRequest,
  ): StreamedRequest {
    this.#subChannel.send((id) => cacheRequest(id, facts, this.#ids.get(link), payload), request)
    return request
  }

  close(reason: unknown): void {
    this.#subChannel.cancel(reason)
  }
}
