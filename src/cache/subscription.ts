// A listener of a map: told of each event in the server's order, one after the other. A listener that returns a
// promise is told of the next event when it is settled.
import type { Call } from '../protocol/call'
import type { EntryEvent, EventGap as GapMoments, EventSink } from '../protocol/map-events'
import type { EntryBytes } from '../protocol/port'
import { callOf } from './call-options'
import { EventQueue } from './event-queue'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import {
  type EventGap,
  gapOf,
  MapEvent,
  type MapTruncation,
  primingEvent,
  type StreamedEvent,
} from './map-event'
import type { NamedMap } from './named-map'
import { readPresent } from './present-entries'
import { Priming } from './priming'

/** What is called for which event. Each may be asynchronous. */
export interface MapListener<K, V> {
  /** For every event, before the others. */
  readonly onAny?: ((event: MapEvent<K, V>) => unknown) | undefined
  readonly onInsert?: ((event: MapEvent<K, V>) => unknown) | undefined
  readonly onUpdate?: ((event: MapEvent<K, V>) => unknown) | undefined
  readonly onDelete?: ((event: MapEvent<K, V>) => unknown) | undefined
  /** All entries were removed at once; there is no event for each. */
  readonly onTruncated?: ((truncation: MapTruncation<K, V>) => unknown) | undefined
  /** Events are missing: the connection was lost and is back, or the listener was too slow. */
  readonly onGap?: ((gap: EventGap<K, V>) => unknown) | undefined
}

/** The registration of a listener. */
export interface Subscription extends AsyncDisposable {
  /** Whether events still come: it was not closed, and the map is active. */
  readonly isActive: boolean
  /** Ends it: the listener is not called any more. Nothing happens where it is ended already. */
  close(): Promise<void>
}

/** Events that wait for a listener that takes its time. */
const MOST_WAITING = 10_000

export class ListenerSubscription<K, V> implements Subscription, EventSink {
  readonly lite: boolean
  readonly #context: MapContext<K, V>
  readonly #map: NamedMap<K, V>
  readonly #listener: MapListener<K, V>
  readonly #listening: Listening<V>
  readonly #signal: AbortSignal | undefined
  readonly #waiting: EventQueue<K, V>
  #active = true
  #busy = false
  #priming: Priming | undefined
  #room: (() => void) | undefined

  constructor(
    context: MapContext<K, V>,
    map: NamedMap<K, V>,
    listener: MapListener<K, V>,
    listening: Listening<V>,
    signal: AbortSignal | undefined,
  ) {
    this.lite = listening.lite
    this.#context = context
    this.#map = map
    this.#listener = listener
    this.#listening = listening
    this.#signal = signal
    this.#waiting = new EventQueue(map, MOST_WAITING)
  }

  get isActive(): boolean {
    return this.#active
  }

  /** Registers it; resolves when the server has it and, with priming, the listener was told of what is there. */
  async start(call: Call): Promise<void> {
    const priming = this.#listening.priming ? this.#beginPriming() : undefined
    await this.#context.order.hold(() => this.#context.remote.listen(this.#listening.target, this, call))
    this.#signal?.addEventListener('abort', this.#aborted, { once: true })
    if (this.#signal?.aborted === true) this.#aborted()
    if (priming !== undefined) await this.#prime(priming, call)
  }

  close(): Promise<void> {
    if (!this.#active) return Promise.resolve()
    this.ended()
    if (!this.#context.isUsable) return Promise.resolve()
    const call = callOf('close', this.#context.name, {}, this.#context.settings.requestTimeoutSeconds)
    return this.#context.remote.unlisten(this.#listening.target, this, call)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  event(event: EntryEvent): void {
    if (!this.#active || this.#priming?.admitsEvent(event) === false) return
    this.#tell(new MapEvent(this.#map, this.#context.codec, event, this.lite))
  }

  truncated(): void {
    if (this.#active) this.#tell({ type: 'truncated', map: this.#map })
  }

  gap(gap: GapMoments): void {
    if (!this.#active) return
    this.#tell(gapOf(this.#map, gap))
    if (!this.#listening.resync) return
    const { requestTimeoutSeconds } = this.#context.settings
    const call = callOf('listen', this.#context.name, {}, requestTimeoutSeconds)
    const priming = this.#beginPriming()
    this.#prime(priming, call).catch((error: unknown) => {
      // Another gap begins it anew.
      if (this.#active && this.#priming === priming && this.#context.isUsable)
        this.#context.settings.report(error)
    })
  }

  ended(): void {
    this.#active = false
    this.#waiting.clear()
    this.#signal?.removeEventListener('abort', this.#aborted)
    this.#room?.()
  }

  readonly #aborted = (): void => {
    this.close().catch((error: unknown) => this.#context.settings.report(error))
  }

  #beginPriming(): Priming {
    this.#priming = new Priming()
    return this.#priming
  }

  async #prime(priming: Priming, call: Call): Promise<void> {
    for await (const entry of readPresent(this.#context, this.#listening, call)) {
      if (!this.#active || this.#priming !== priming) return
      if (priming.admitsEntry(entry)) this.#tell(this.#primingEvent(entry))
      if (this.#waiting.isFull) await new Promise<void>((resolve) => (this.#room = resolve))
    }
    priming.finished()
  }

  #primingEvent({ key, value }: EntryBytes): MapEvent<K, V> {
    return new MapEvent(this.#map, this.#context.codec, primingEvent(key, value), this.lite)
  }

  #tell(item: StreamedEvent<K, V>): void {
    if (this.#busy) this.#waiting.push(item)
    else this.#call(item)
  }

  #call(item: StreamedEvent<K, V>): void {
    const pending = this.#pendingOf(item)
    if (pending === undefined) return
    this.#busy = true
    void pending.then(() => {
      this.#busy = false
      this.#callWaiting()
    })
  }

  #callWaiting(): void {
    while (!this.#busy && this.#active) {
      const item = this.#waiting.shift()
      if (item === undefined) break
      this.#call(item)
    }
    if (!this.#waiting.isFull) this.#room?.()
  }

  /** Calls what is to be called for `item`; what is to be waited for, `undefined` where nothing is. */
  #pendingOf(item: StreamedEvent<K, V>): Promise<unknown> | undefined {
    const { onAny, onInsert, onUpdate, onDelete, onTruncated, onGap } = this.#listener
    switch (item.type) {
      case 'gap':
        return this.#run(onGap, item)
      case 'truncated':
        return this.#run(onTruncated, item)
      case 'insert':
        return both(this.#run(onAny, item), this.#run(onInsert, item))
      case 'update':
        return both(this.#run(onAny, item), this.#run(onUpdate, item))
      case 'delete':
        return both(this.#run(onAny, item), this.#run(onDelete, item))
    }
  }

  #run<E>(callback: ((event: E) => unknown) | undefined, event: E): Promise<unknown> | undefined {
    if (callback === undefined) return undefined
    try {
      const result = callback.call(this.#listener, event)
      if (!isThenable(result)) return undefined
      return Promise.resolve(result).catch((error: unknown) => this.#context.settings.report(error))
    } catch (error) {
      this.#context.settings.report(error)
      return undefined
    }
  }
}

function both(
  one: Promise<unknown> | undefined,
  other: Promise<unknown> | undefined,
): Promise<unknown> | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Promise.all([one, other])
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
