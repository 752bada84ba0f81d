// The events of a map as an async iterable.
import { type Call, now } from '../protocol/call'
import type { EntryEvent, EventGap as GapMoments, EventSink } from '../protocol/map-events'
import { EventOverflowError, MapInactiveError, SessionClosedError } from '../errors'
import { callOf } from './call-options'
import { EventQueue } from './event-queue'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import { gapOf, MapEvent, primingEvent, type StreamedEvent } from './map-event'
import type { NamedMap } from './named-map'
import { readPresent } from './present-entries'
import { Priming } from './priming'

/**
 * The events of a map, to be consumed once. It is registered at once, and events are kept from then on. It ends when
 * its loop is left, with `close()`, and when the map or the session ends; an abort rejects with the signal's reason.
 */
export interface EventStream<K, V> extends AsyncIterable<StreamedEvent<K, V>>, AsyncDisposable {
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

export class MapEventStream<K, V> implements EventStream<K, V> {
  readonly ready: Promise<void>
  readonly #context: MapContext<K, V>
  readonly #map: NamedMap<K, V>
  readonly #streaming: Streaming<V>
  readonly #abort = new AbortController()
  readonly #events: AsyncGenerator<StreamedEvent<K, V>, undefined>
  readonly #first: Promise<IteratorResult<StreamedEvent<K, V>, undefined>>
  #registered: () => void = () => undefined
  #consumed = false

  /** `call` is the registration's. */
  constructor(context: MapContext<K, V>, map: NamedMap<K, V>, streaming: Streaming<V>, call: Call) {
    this.#context = context
    this.#map = map
    this.#streaming = streaming
    const { signal, overflow } = streaming
    const registered = new Promise<void>((resolve) => (this.#registered = resolve))
    const own = { ...call, signal: this.#abort.signal }
    this.#events = this.#untilEnd(overflow === 'pause' ? this.#paced(own) : this.#queued(own, overflow))
    if (signal?.aborted === true) this.#abort.abort(signal.reason)
    signal?.addEventListener('abort', this.#aborted, { once: true })
    context.lifecycle.listeners.add('released', this.#ended)
    this.#first = this.#events.next()
    this.ready = context.order.hold(() => Promise.race([registered, this.#first.then(() => undefined)]))
    // Whoever consumes the events gets the failure.
    this.ready.catch(() => undefined)
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamedEvent<K, V>, undefined> {
    if (this.#consumed) throw new TypeError('An event stream can be consumed once; ask the map for another')
    this.#consumed = true
    let first: Promise<IteratorResult<StreamedEvent<K, V>, undefined>> | undefined = this.#first
    return {
      next: () => {
        const next = first ?? this.#events.next()
        first = undefined
        return next
      },
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  async close(): Promise<void> {
    this.#abort.abort(CLOSED)
    await this.#events.return(undefined)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  readonly #aborted = (): void => this.#abort.abort(this.#streaming.signal?.reason)

  readonly #ended = (): void => this.#abort.abort(CLOSED)

  /** Ends with `events`, and where the stream was closed, or the map or the session is not there any more. */
  async *#untilEnd(
    events: AsyncGenerator<StreamedEvent<K, V>, undefined>,
  ): AsyncGenerator<StreamedEvent<K, V>, undefined> {
    try {
      yield* events
    } catch (error) {
      const isEnd =
        error === CLOSED || error instanceof MapInactiveError || error instanceof SessionClosedError
      if (!isEnd) throw error
    } finally {
      this.#streaming.signal?.removeEventListener('abort', this.#aborted)
      this.#context.lifecycle.listeners.remove('released', this.#ended)
      this.#registered()
    }
    return undefined
  }

  /** On a stream of its own, which waits for the consumer. */
  async *#paced(call: Call): AsyncGenerator<StreamedEvent<K, V>, undefined> {
    const { listening } = this.#streaming
    let priming: Priming | undefined
    for await (const next of this.#context.remote.pacedEvents(listening.target, listening.lite, call)) {
      switch (next.kind) {
        case 'registered':
          this.#registered()
          if (listening.priming) yield* this.#present((priming = new Priming()), call)
          break
        case 'gap':
          yield gapOf(this.#map, next.gap)
          if (listening.resync) yield* this.#present((priming = new Priming()), call)
          break
        case 'truncated':
          yield { type: 'truncated', map: this.#map }
          break
        case 'event':
          if (priming?.admitsEvent(next.event) !== false) yield this.#event(next.event)
      }
    }
    return undefined
  }

  /** On the stream of the calls, which must not wait: events wait here, as many as there is room for. */
  async *#queued(
    call: Call,
    overflow: 'dropOldest' | 'error',
  ): AsyncGenerator<StreamedEvent<K, V>, undefined> {
    const { listening, maxBufferedEvents } = this.#streaming
    const { target } = listening
    const inbox = new EventInbox(this.#map, listening.lite, maxBufferedEvents, overflow, (event) =>
      this.#event(event),
    )
    let priming: Priming | undefined = listening.priming ? new Priming() : undefined
    inbox.admits = (event) => priming?.admitsEvent(event) !== false
    await this.#context.remote.listen(target, inbox, call)
    this.#registered()
    try {
      if (priming !== undefined) yield* this.#present(priming, call)
      for (;;) {
        const next = await inbox.next(this.#abort.signal)
        if (next === undefined) return undefined
        yield next
        if (next.type !== 'gap' || next.reason !== 'disconnected' || !listening.resync) continue
        priming = new Priming()
        yield* this.#present(priming, call)
      }
    } finally {
      if (this.#context.isUsable) {
        const { requestTimeoutSeconds } = this.#context.settings
        await this.#context.remote.unlisten(
          target,
          inbox,
          callOf('close', this.#map.name, {}, requestTimeoutSeconds),
        )
      }
    }
  }

  async *#present(priming: Priming, call: Call): AsyncGenerator<StreamedEvent<K, V>, undefined> {
    for await (const entry of readPresent(this.#context, this.#streaming.listening, renewed(call))) {
      if (priming.admitsEntry(entry)) yield this.#event(primingEvent(entry.key, entry.value))
    }
    priming.finished()
    return undefined
  }

  #event(event: EntryEvent): MapEvent<K, V> {
    return new MapEvent(this.#map, this.#context.codec, event, this.#streaming.listening.lite)
  }
}

/** The same call, made now. */
function renewed(call: Call): Call {
  return { ...call, deadline: now() + call.timeoutSeconds * 1_000 }
}

class EventInbox<K, V> implements EventSink {
  readonly lite: boolean
  admits: (event: EntryEvent) => boolean = () => true
  readonly #map: NamedMap<K, V>
  readonly #queue: EventQueue<K, V>
  readonly #overflow: 'dropOldest' | 'error'
  readonly #mostEvents: number
  readonly #view: (event: EntryEvent) => MapEvent<K, V>
  #failure: EventOverflowError | undefined
  #isEnded = false
  #arrival: (() => void) | undefined

  constructor(
    map: NamedMap<K, V>,
    lite: boolean,
    mostEvents: number,
    overflow: 'dropOldest' | 'error',
    view: (event: EntryEvent) => MapEvent<K, V>,
  ) {
    this.lite = lite
    this.#map = map
    this.#queue = new EventQueue(map, mostEvents)
    this.#overflow = overflow
    this.#mostEvents = mostEvents
    this.#view = view
  }

  event(event: EntryEvent): void {
    if (this.admits(event)) this.#push(this.#view(event))
  }

  truncated(): void {
    this.#push({ type: 'truncated', map: this.#map })
  }

  gap(gap: GapMoments): void {
    this.#push(gapOf(this.#map, gap))
  }

  ended(): void {
    this.#isEnded = true
    this.#wake()
  }

  /** The next item; `undefined` at the end. What came before an overflow or the end is given first. */
  async next(signal: AbortSignal): Promise<StreamedEvent<K, V> | undefined> {
    for (;;) {
      signal.throwIfAborted()
      const item = this.#queue.shift()
      if (item !== undefined) return item
      if (this.#failure !== undefined) throw this.#failure
      if (this.#isEnded) return undefined
      await new Promise<void>((resolve) => {
        const arrived = (): void => {
          signal.removeEventListener('abort', arrived)
          resolve()
        }
        this.#arrival = arrived
        signal.addEventListener('abort', arrived)
      })
    }
  }

  #push(item: StreamedEvent<K, V>): void {
    if (this.#failure !== undefined) return
    if (this.#overflow === 'error' && this.#queue.isFull) {
      this.#failure = new EventOverflowError(this.#map.name, this.#mostEvents)
    } else {
      this.#queue.push(item)
    }
    this.#wake()
  }

  #wake(): void {
    this.#arrival?.()
    this.#arrival = undefined
  }
}
