// The events of a map as an async iterable.
import { clearTimeout, setTimeout } from '../async/real-time'
import { type CallerStack, captureCaller, fromCaller, onBehalfOf } from '../calls/caller-stack'
import { onAbort } from '../protocol/abort'
import type { Call } from '../protocol/call'
import type { EntryEvent } from '../protocol/map-events'
import { MapInactiveError, SessionClosedError } from '../errors'
import { callOf } from './call-options'
import { EventFeed, isOrdinaryEnd } from './event-feed'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import {
  type EventFor,
  type AnyStreamedEvent,
  gapOf,
  mapEvent,
  type MapEvent,
  primingEvent,
  type StreamedEvent,
} from './map-event'
import type { NamedMap } from './named-map'
import { primingOf, readPresent } from './present-entries'
import { GRACE_MS, type Priming } from './priming'

/**
 * The events of a map, to be consumed once. It is registered at once, and events are kept from then on. It ends when
 * its loop is left, with `close()`, and when the map or the session ends; an abort rejects with the signal's reason.
 * `E` are its events of entries.
 */
export interface EventStream<K, V, E = MapEvent<K, V>>
  extends AsyncIterable<StreamedEvent<K, V, E>>, AsyncDisposable {
  /** Resolves when the server has the registration: no event after that is missed. */
  readonly ready: Promise<void>
  /** Ends it. Nothing happens where it is ended already. */
  close(): Promise<void>
}

/** What happens to events while the consumer takes its time. */
export type Overflow = 'pause' | 'dropOldest' | 'error'

/** The options of an event stream, checked. */
export interface Streaming<V> {
  readonly listening: Listening<V>
  readonly overflow: Overflow
  readonly maxBufferedEvents: number
  readonly signal: AbortSignal | undefined
}

const CLOSED = Symbol('closed')
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

export class MapEventStream<K, V> implements EventStream<K, V, EventFor<K, V>> {
  readonly ready: Promise<void>
  readonly #context: MapContext<K, V>
  readonly #map: NamedMap<K, V>
  readonly #streaming: Streaming<V>
  readonly #abort = new AbortController()
  readonly #events: AsyncGenerator<AnyStreamedEvent<K, V>, undefined>
  #first: Promise<IteratorResult<AnyStreamedEvent<K, V>, undefined>> | undefined
  #registered: () => void = () => undefined
  /** Who consumes the events. */
  #consumer: CallerStack | undefined
  #isReasonTold = false
  #left: Promise<void> | undefined
  #takeSignalBack: () => void = () => undefined

  /** `call` is the registration's. */
  constructor(context: MapContext<K, V>, map: NamedMap<K, V>, streaming: Streaming<V>, call: Call) {
    this.#context = context
    this.#map = map
    this.#streaming = streaming
    const { signal, overflow } = streaming
    const registered = new Promise<void>((resolve) => (this.#registered = resolve))
    const own = { ...call, signal: this.#abort.signal }
    this.#events = this.#untilEnd(overflow === 'pause' ? this.#paced(own) : this.#queued(own, overflow))
    if (signal?.aborted === true) this.#aborted()
    this.#takeSignalBack = onAbort(signal, this.#aborted)
    context.lifecycle.listeners.add('released', this.#ended)
    const first = this.#events.next()
    this.#first = first
    onAbort(this.#abort.signal, this.#leave)
    const ready = context.order.hold(() => Promise.race([registered, first.then(() => undefined)]))
    this.ready = onBehalfOf(captureCaller(), signal, () => ready)
    // Whoever consumes the events gets the failure.
    this.ready.catch(() => undefined)
  }

  [Symbol.asyncIterator](): AsyncIterator<AnyStreamedEvent<K, V>, undefined> {
    if (this.#consumer !== undefined)
      throw new TypeError('An event stream can be consumed once; ask the map for another')
    this.#consumer = captureCaller()
    return {
      next: () => this.#next(),
      return: async () => {
        await this.close()
        return DONE
      },
    }
  }

  close(): Promise<void> {
    this.#abort.abort(CLOSED)
    return onBehalfOf(captureCaller(), undefined, async () => this.#left)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #next(): Promise<IteratorResult<AnyStreamedEvent<K, V>, undefined>> {
    const { signal } = this.#abort
    try {
      if (signal.aborted) {
        if (signal.reason === CLOSED || this.#isReasonTold) return DONE
        throw signal.reason
      }
      const next = this.#first ?? this.#events.next()
      this.#first = undefined
      return await next
    } catch (error) {
      this.#isReasonTold = true
      throw fromCaller(error, this.#consumer, this.#streaming.signal)
    }
  }

  readonly #aborted = (): void => this.#abort.abort(this.#streaming.signal?.reason)

  readonly #ended = (): void => this.#abort.abort(CLOSED)

  /** Ends the registration, also where nobody consumes. */
  readonly #leave = (): void => {
    this.#left = this.#events.return(undefined).then(() => undefined)
    this.#left.catch((error: unknown) => this.#context.settings.report(error))
  }

  /** Ends with `events`, and where the stream was closed, or the map or the session is not there any more. */
  async *#untilEnd(
    events: AsyncGenerator<AnyStreamedEvent<K, V>, undefined>,
  ): AsyncGenerator<AnyStreamedEvent<K, V>, undefined> {
    try {
      yield* events
    } catch (error) {
      const isEnd =
        error === CLOSED || error instanceof MapInactiveError || error instanceof SessionClosedError
      if (!isEnd) throw error
    } finally {
      this.#takeSignalBack()
      this.#context.lifecycle.listeners.remove('released', this.#ended)
    }
    return undefined
  }

  /** On a stream of its own, which waits for the consumer. */
  async *#paced(call: Call): AsyncGenerator<AnyStreamedEvent<K, V>, undefined> {
    const { listening } = this.#streaming
    let priming: Priming | undefined
    const events = this.#context.remote.pacedEvents(listening.target, listening.lite, call)
    for await (const next of quietly(events, () => priming)) {
      switch (next.kind) {
        case 'registered':
          this.#registered()
          if (listening.priming) yield* this.#present((priming = primingOf(listening, false)), call)
          break
        case 'gap':
          yield gapOf(this.#map, next.gap)
          priming?.gap()
          if (listening.resync) yield* this.#present((priming = primingOf(listening, false)), call)
          break
        case 'truncated':
          priming?.truncated()
          yield { type: 'truncated', map: this.#map }
          break
        case 'event':
          if (priming?.admitsEvent(next.event) !== false) yield this.#view(next.event)
      }
    }
    return undefined
  }

  async *#present(priming: Priming, call: Call): AsyncGenerator<AnyStreamedEvent<K, V>, undefined> {
    for await (const entry of readPresent(this.#context, this.#streaming.listening, call, () => true)) {
      if (priming.admitsEntry(entry)) yield this.#view(primingEvent(entry.key, entry.value))
    }
    priming.finished()
    return undefined
  }

  /** On the stream of the calls, which must not wait: events wait here, as many as there is room for. */
  async *#queued(
    call: Call,
    overflow: 'dropOldest' | 'error',
  ): AsyncGenerator<AnyStreamedEvent<K, V>, undefined> {
    const { listening, maxBufferedEvents } = this.#streaming
    const arrival = new Arrival(this.#abort.signal)
    const bound = { mostEvents: maxBufferedEvents, overflow }
    const feed = new EventFeed(this.#context, this.#map, listening, bound, () => {
      arrival.come()
      // What does not fit any more need not be sent.
      if (feed.end !== undefined)
        this.#unlisten(feed).catch((error: unknown) => this.#context.settings.report(error))
    })
    await this.#context.remote.listen(listening.target, feed, call)
    this.#registered()
    try {
      if (listening.priming) yield* feed.present(call)
      for (;;) {
        this.#abort.signal.throwIfAborted()
        const next = feed.take()
        if (next !== undefined) {
          yield next
          const present = feed.presentAfter(next, call)
          if (present !== undefined) yield* present
        } else if (feed.end !== undefined) {
          if (isOrdinaryEnd(feed.end.reason)) return undefined
          throw feed.end.reason
        } else {
          await arrival.next()
        }
      }
    } finally {
      feed.stop()
      await this.#unlisten(feed)
    }
  }

  async #unlisten(feed: EventFeed<K, V>): Promise<void> {
    if (!this.#context.isUsable) return
    const { requestTimeoutSeconds } = this.#context.settings
    const call = callOf('close', this.#map.name, {}, requestTimeoutSeconds)
    await this.#context.remote.unlisten(this.#streaming.listening.target, feed, call)
  }

  #view(event: EntryEvent): EventFor<K, V> {
    return mapEvent(this.#map, this.#context.codec, event, this.#streaming.listening.lite)
  }
}

/** Gives the same, and tells priming of a pause: events that were under way have come then. */
async function* quietly<T>(
  items: AsyncIterable<T>,
  priming: () => Priming | undefined,
): AsyncGenerator<T, undefined> {
  const iterator = items[Symbol.asyncIterator]()
  let quiet: NodeJS.Timeout | undefined
  try {
    for (;;) {
      const keysHeld = priming()?.keysHeld ?? 0
      quiet = keysHeld === 0 ? undefined : setTimeout(() => priming()?.caughtUp(), GRACE_MS)
      const next = await iterator.next()
      clearTimeout(quiet)
      if (next.done === true) return undefined
      yield next.value
    }
  } finally {
    clearTimeout(quiet)
    await iterator.return?.()
  }
}

/** Wakes whoever waits for something to take; what wakes it may have happened already, so look first. */
class Arrival {
  readonly #signal: AbortSignal
  #wake: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  come(): void {
    this.#wake?.()
  }

  /** Resolves when something comes, or when the signal aborts. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const arrived = (): void => {
        takeBack()
        this.#wake = undefined
        resolve()
      }
      const takeBack = onAbort(this.#signal, arrived)
      this.#wake = arrived
    })
  }
}
