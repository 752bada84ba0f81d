// A listener of a map: told of each event in the server's order, one after the other. A listener that returns a
// promise is told of the next event when it is settled.
import { now } from '../async/real-time'
import { captureCaller, onBehalfOf } from '../calls/caller-stack'
import { onAbort } from '../protocol/abort'
import { type Call, within } from '../protocol/call'
import { callOf } from './call-options'
import { EventFeed, isOrdinaryEnd } from './event-feed'
import type { Listening } from './listen-options'
import type { MapContext } from './map-context'
import type { EventFor, AnyStreamedEvent, EventGap, MapEvent, MapTruncation } from './map-event'
import type { NamedMap } from './named-map'

/** What is called for which event; `E` are the events of entries. Each may be asynchronous. */
export interface MapListener<K, V, E = MapEvent<K, V>> {
  /** For every event, before the others. */
  readonly onAny?: ((event: E) => unknown) | undefined
  readonly onInsert?: ((event: Extract<E, { readonly type: 'insert' }>) => unknown) | undefined
  readonly onUpdate?: ((event: Extract<E, { readonly type: 'update' }>) => unknown) | undefined
  readonly onDelete?: ((event: Extract<E, { readonly type: 'delete' }>) => unknown) | undefined
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

/** An entry that is there waits for its turn; it goes before the events that came after it was read. */
interface Offer<K, V> {
  readonly event: EventFor<K, V>
  readonly taken: () => void
}

export class ListenerSubscription<K, V> implements Subscription {
  readonly #context: MapContext<K, V>
  readonly #listener: MapListener<K, V, EventFor<K, V>>
  readonly #listening: Listening<V>
  readonly #signal: AbortSignal | undefined
  readonly #feed: EventFeed<K, V>
  #isBusy = false
  #isOver = false
  #offer: Offer<K, V> | undefined
  #reading: object | undefined
  #closing: Promise<void> | undefined
  #takeSignalBack: () => void = () => undefined

  constructor(
    context: MapContext<K, V>,
    map: NamedMap<K, V>,
    listener: MapListener<K, V, EventFor<K, V>>,
    listening: Listening<V>,
    signal: AbortSignal | undefined,
  ) {
    this.#context = context
    this.#listener = listener
    this.#listening = listening
    this.#signal = signal
    const bound = { mostEvents: MOST_WAITING, overflow: 'dropOldest' } as const
    this.#feed = new EventFeed(context, map, listening, bound, () => this.#callWaiting())
  }

  get isActive(): boolean {
    return this.#closing === undefined && this.#feed.end === undefined && this.#context.isUsable
  }

  /** Registers it; resolves when the server has it and, with priming, the listener was told of what is there. */
  async start(call: Call): Promise<void> {
    try {
      await this.#context.order.hold(() =>
        this.#context.remote.listen(this.#listening.target, this.#feed, call),
      )
      this.#signal?.throwIfAborted()
      this.#takeSignalBack = onAbort(this.#signal, this.#aborted)
      if (this.#listening.priming) await this.#tellPresent(this.#feed.present(call), call)
      this.#signal?.throwIfAborted()
      if (this.#feed.end !== undefined) throw this.#feed.end.reason
    } catch (error) {
      this.#aborted()
      throw error
    }
  }

  close(): Promise<void> {
    const closing = (this.#closing ??= this.#end())
    return onBehalfOf(captureCaller(), undefined, () => closing)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  readonly #aborted = (): void => {
    this.close().catch((error: unknown) => this.#context.settings.report(error))
  }

  async #end(): Promise<void> {
    this.#over()
    if (!this.#context.isUsable) return
    const call = callOf('close', this.#context.name, {}, this.#context.settings.requestTimeoutSeconds)
    await this.#context.remote.unlisten(this.#listening.target, this.#feed, call)
  }

  /** It is not called any more. */
  #over(): void {
    this.#isOver = true
    this.#feed.stop()
    this.#takeSignalBack()
    this.#offer?.taken()
    this.#offer = undefined
  }

  /** Tells of the entries that are there, at the listener's pace; where `call` is given, it must not be too slow. */
  async #tellPresent(present: AsyncIterable<EventFor<K, V>>, call: Call | undefined): Promise<void> {
    const reading = {}
    this.#reading = reading
    for await (const event of present) {
      if (this.#reading !== reading || this.#isOver) return
      if (!this.#isBusy) {
        this.#call(event)
        continue
      }
      const taken = new Promise<void>((resolve) => (this.#offer = { event, taken: resolve }))
      if (call === undefined) await taken
      else await within(taken, { ...call, deadline: now() + call.timeoutSeconds * 1_000 })
    }
  }

  #tellPresentAfter(item: AnyStreamedEvent<K, V>): void {
    const { requestTimeoutSeconds } = this.#context.settings
    const present = this.#feed.presentAfter(
      item,
      callOf('listen', this.#context.name, {}, requestTimeoutSeconds),
    )
    if (present === undefined) return
    this.#tellPresent(present, undefined).catch((error: unknown) => {
      if (this.isActive) this.#context.settings.report(error)
    })
  }

  #callWaiting(): void {
    while (!this.#isBusy && !this.#isOver) {
      if (this.#offer !== undefined) {
        const { event, taken } = this.#offer
        this.#offer = undefined
        taken()
        this.#call(event)
        continue
      }
      const item = this.#feed.take()
      if (item === undefined) break
      this.#call(item)
      this.#tellPresentAfter(item)
    }
    if (!this.#isBusy && !this.#isOver && this.#feed.end !== undefined) this.#ended(this.#feed.end.reason)
  }

  #ended(reason: unknown): void {
    this.#over()
    if (!isOrdinaryEnd(reason)) this.#context.settings.report(reason)
  }

  #call(item: AnyStreamedEvent<K, V>): void {
    const pending = this.#pendingOf(item)
    if (pending === undefined) return
    this.#isBusy = true
    void pending.then(() => {
      this.#isBusy = false
      this.#callWaiting()
    })
  }

  /** Calls what is to be called for `item`; what is to be waited for, `undefined` where nothing is. */
  #pendingOf(item: AnyStreamedEvent<K, V>): Promise<unknown> | undefined {
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
