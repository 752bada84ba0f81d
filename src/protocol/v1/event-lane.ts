// A registration on a stream of its own. Its consumer may take its time: when more than a few events wait, nothing
// more is read, and the server keeps them.
import {
  type MapListenerRequest,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import { onAbort } from '../abort'
import type { Call } from '../call'
import type { PacedEvent } from '../map-events'
import { ensureCache } from './ensure-cache'
import { readCacheResponse } from './envelope'
import { StreamLost } from './exchange'
import { readMapEvent, registerListener } from './listener-messages'
import { entryEvent } from './map-event-message'
import type { SubChannel, SubChannelEvents } from './sub-channel'

const MOST_EVENTS_HELD = 64

export class EventLane {
  readonly #subChannel: SubChannel
  readonly #inbox: EventInbox

  private constructor(subChannel: SubChannel, inbox: EventInbox) {
    this.#subChannel = subChannel
    this.#inbox = inbox
  }

  /** Opens a stream with `open` and registers on it. Rejects with `StreamLost` where the stream ends before. */
  static async open(
    open: (events: SubChannelEvents) => Promise<SubChannel>,
    mapName: string,
    registration: MapListenerRequest,
    call: Call,
  ): Promise<EventLane> {
    const inbox = new EventInbox()
    const subChannel = await open(inbox)
    try {
      const cacheId = await ensureCache(subChannel, mapName, call)
      await registerListener(subChannel, cacheId, registration, call)
      return new EventLane(subChannel, inbox)
    } catch (error) {
      subChannel.cancel(error)
      throw error
    }
  }

  /** When something was received last, in milliseconds since the epoch. */
  get lastReceived(): number {
    return this.#subChannel.lastReceived
  }

  /** What comes next; `undefined` where the map was destroyed. Rejects with `StreamLost`, or the reason of `signal`. */
  next(signal: AbortSignal | undefined): Promise<PacedEvent | undefined> {
    return this.#inbox.next(signal)
  }

  close(): void {
    this.#subChannel.cancel(new Error('nobody listens any more'))
  }
}

class EventInbox implements SubChannelEvents {
  #events: PacedEvent[] = []
  #end: { readonly destroyed: boolean; readonly reason: unknown } | undefined
  #arrival: (() => void) | undefined
  #room: (() => void) | undefined

  event(message: Any): Promise<void> | undefined {
    const response = readCacheResponse(message)
    if (response.type === ResponseType.Destroyed) this.#finish(true, undefined)
    if (response.type === ResponseType.Truncated) this.#events.push({ kind: 'truncated' })
    if (response.type === ResponseType.MapEvent) {
      const event = entryEvent(readMapEvent(response))
      if (event !== undefined) this.#events.push({ kind: 'event', event })
    }
    this.#wake()
    if (this.#events.length < MOST_EVENTS_HELD) return undefined
    return new Promise((resolve) => (this.#room = resolve))
  }

  ended(reason: unknown): void {
    this.#finish(false, reason)
    this.#room?.()
  }

  async next(signal: AbortSignal | undefined): Promise<PacedEvent | undefined> {
    for (;;) {
      signal?.throwIfAborted()
      const event = this.#events.shift()
      if (event !== undefined) {
        if (this.#events.length === 0) this.#room?.()
        return event
      }
      if (this.#end?.destroyed === true) return undefined
      if (this.#end !== undefined) throw new StreamLost(this.#end.reason, true)
      await this.#arrived(signal)
    }
  }

  #finish(destroyed: boolean, reason: unknown): void {
    this.#end ??= { destroyed, reason }
    this.#wake()
  }

  #wake(): void {
    this.#arrival?.()
    this.#arrival = undefined
  }

  #arrived(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const arrived = (): void => {
        takeBack()
        resolve()
      }
      this.#arrival = arrived
      const takeBack = onAbort(signal, arrived)
    })
  }
}
