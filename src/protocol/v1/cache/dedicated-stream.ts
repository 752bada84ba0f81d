// A registration on a stream of its own, and the events that wait there for their consumer.
import { BoundedQueue } from '../../../async/bounded-queue'
import type { Call } from '../../../calls/call'
import {
  type MapListenerRequest,
  ResponseType,
} from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Channel } from '../../../transport/channel'
import type { PacedEvent } from '../../events'
import { StreamLost } from '../../stream-lost'
import type { StreamOpener } from '../stream/stream-opener'
import type { SubChannel, SubChannelEvents } from '../stream/sub-channel'
import { readMapEvent, readResponse } from '../wire/responses'
import type { AnyView } from '../wire/wire'
import { CACHE_SERVICE, ensureCache } from './ensure-cache'
import { entryEvent } from './listener-messages'
import { requestListener } from './quirks'

/** More than these wait on the server's side. */
const MOST_EVENTS_HELD = 64
const NO_LIMIT = { deadline: Infinity, signal: undefined }

/** A registration on a stream of its own. */
export class DedicatedStream {
  readonly #subChannel: SubChannel
  readonly #inbox: EventInbox

  private constructor(subChannel: SubChannel, inbox: EventInbox) {
    this.#subChannel = subChannel
    this.#inbox = inbox
  }

  /** Opens a stream and registers on it. Rejects with `StreamLost` if the stream ends before. */
  static async open(
    streams: StreamOpener,
    channel: Channel,
    mapName: string,
    registration: MapListenerRequest,
    call: Call,
  ): Promise<DedicatedStream> {
    const inbox = new EventInbox()
    const subChannel = await streams.open(channel, CACHE_SERVICE, inbox, call, true)
    try {
      const cacheId = await ensureCache(subChannel, mapName, call)
      await requestListener(subChannel, registration, cacheId, call)
      return new DedicatedStream(subChannel, inbox)
    } catch (error) {
      subChannel.cancel(error)
      throw error
    }
  }

  /** Until when all events have arrived for certain, in milliseconds since the epoch. */
  get completeUntil(): number {
    return this.#subChannel.completeUntil
  }

  /** What comes next; `undefined` if the map was destroyed. Rejects with `StreamLost`, or with the reason of `signal`. */
  next(signal: AbortSignal | undefined): Promise<PacedEvent | undefined> {
    return this.#inbox.next(signal)
  }

  close(): void {
    this.#subChannel.cancel(new Error('nobody listens any more'))
  }
}

type End = { readonly kind: 'destroyed' } | { readonly kind: 'lost'; readonly reason: unknown }

class EventInbox implements SubChannelEvents {
  readonly #events = new BoundedQueue<PacedEvent, End>({ maxItems: MOST_EVENTS_HELD })

  event(message: AnyView): Promise<void> | undefined {
    switch (readResponse(message).type) {
      case ResponseType.MapEvent: {
        const event = entryEvent(readMapEvent(message))
        return event === undefined ? undefined : this.#events.push({ kind: 'event', event })
      }
      case ResponseType.Truncated:
        return this.#events.push({ kind: 'truncated' })
      case ResponseType.Destroyed:
        this.#events.finish({ kind: 'destroyed' })
        return undefined
      case ResponseType.Message:
        return undefined
    }
  }

  ended(reason: unknown): void {
    this.#events.finish({ kind: 'lost', reason })
  }

  async next(signal: AbortSignal | undefined): Promise<PacedEvent | undefined> {
    signal?.throwIfAborted()
    await this.#events.arrival({ ...NO_LIMIT, signal }, () => undefined)
    const event = this.#events.take()
    if (event !== undefined) return event
    if (this.#events.end?.kind === 'lost') throw new StreamLost(this.#events.end.reason, true)
    return undefined
  }
}
