// Calls a listener for each event of a map, in the server's order, one after the other. If the listener returns a
// promise, the next event waits until it is settled.
import { contextOfListener } from '../../calls/event-listeners'
import { runReporting } from '../../calls/user-code'
import { onAbort } from '../../async/abort'
import { now } from '../../async/real-time'
import { waitFor } from '../../async/wait'
import { type Call, timeoutError } from '../../calls/call'
import { captureCaller, onBehalfOf } from '../../calls/caller-stack'
import type { AnyStreamedEvent, EventFor, EventGap, MapEvent, MapTruncation } from './map-event'
import { isOrdinaryEnd, PushedEvents } from './pushed-events'
import type { EventRegistration } from './event-registration'

/**
 * The functions that `listen` calls, each for a kind of event; at least one is needed. `E` is the type of the events of
 * entries.
 *
 * If a function returns a promise, the next event waits until the promise is settled. If a function throws or its
 * promise rejects, the error becomes an `error` event of the session.
 *
 * @example
 * ```ts
 * import { type MapListener, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * const listener: MapListener<string, number> = {
 *   onInsert: ({ key, newValue }) => console.log(key, newValue),
 *   onDelete: ({ key }) => console.log(key, 'is gone'),
 *   onGap: ({ from, to }) => console.warn('events are missing from', from, 'to', to),
 * }
 * await using subscription = await stock.listen(listener)
 * await stock.set('apples', 3) // prints apples 3
 * await stock.delete('apples') // prints apples is gone
 * ```
 */
export interface MapListener<K, V, E = MapEvent<K, V>> {
  /** Called for every event of an entry, before the function for its type. */
  readonly onAny?: ((event: E) => unknown) | undefined
  /** Called when an entry was inserted. */
  readonly onInsert?: ((event: Extract<E, { readonly type: 'insert' }>) => unknown) | undefined
  /** Called when the value of an entry was replaced, and for priming events. */
  readonly onUpdate?: ((event: Extract<E, { readonly type: 'update' }>) => unknown) | undefined
  /** Called when an entry was deleted. */
  readonly onDelete?: ((event: Extract<E, { readonly type: 'delete' }>) => unknown) | undefined
  /** Called when all entries were removed at once. There is no event for each of them. */
  readonly onTruncated?: ((truncation: MapTruncation<K, V>) => unknown) | undefined
  /** Called when events are missing: the connection was lost and is back, or the listener was too slow. */
  readonly onGap?: ((gap: EventGap<K, V>) => unknown) | undefined
}

/**
 * The registration of a listener, made by `listen`. It ends with `close()`, when the signal of its options aborts, and
 * when the map or the session ends.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * const subscription = await stock.listen((event) => console.log(event.type, event.key))
 * await stock.set('apples', 3) // prints insert apples
 * await subscription.close()
 * await stock.set('apples', 2)
 * console.log(subscription.isActive) // prints false
 * ```
 */
export interface Subscription extends AsyncDisposable {
  /** Whether the listener still gets events: the subscription has not ended, and the map is active. */
  readonly isActive: boolean
  /**
   * Ends the subscription. The listener is not called any more; the promise resolves when the server has removed the
   * registration. Does nothing if the subscription has ended.
   *
   * @throws {RequestTimeoutError} the server did not answer in time; the subscription has ended all the same.
   */
  close(): Promise<void>
}

/** The number of events that may wait for a listener that returned a promise. */
const MAX_WAITING_EVENTS = 10_000

const CALLBACK_OF = {
  insert: 'onInsert',
  update: 'onUpdate',
  delete: 'onDelete',
  truncated: 'onTruncated',
  gap: 'onGap',
} as const

/** An entry that was read while the listener was busy. It goes before the events that arrived after it was read. */
interface Offer<K, V> {
  readonly event: EventFor<K, V>
  readonly taken: () => void
}

export class ListenerSubscription<K, V> implements Subscription {
  readonly #registration: EventRegistration<K, V>
  readonly #listener: MapListener<K, V, EventFor<K, V>>
  readonly #events: PushedEvents<K, V>
  readonly #context = contextOfListener()
  /** `calling` while a promise of the listener is pending. */
  #state: 'idle' | 'calling' | 'over' = 'idle'
  #offer: Offer<K, V> | undefined
  #closing: Promise<void> | undefined
  #stopWatching: () => void = () => undefined

  private constructor(registration: EventRegistration<K, V>, listener: MapListener<K, V, EventFor<K, V>>) {
    this.#registration = registration
    this.#listener = listener
    const bounds = { maxEvents: MAX_WAITING_EVENTS, overflow: 'dropOldest' } as const
    this.#events = new PushedEvents(registration, bounds, () => this.#deliverWaiting())
  }

  /**
   * Resolves when the server has the registration and, with `priming`, the listener got the entries that are present.
   */
  static async start<K, V>(
    registration: EventRegistration<K, V>,
    listener: MapListener<K, V, EventFor<K, V>>,
    call: Call,
  ): Promise<Subscription> {
    const subscription = new ListenerSubscription(registration, listener)
    try {
      await subscription.#start(call)
      return subscription
    } catch (error) {
      subscription.#abandon()
      throw error
    }
  }

  get isActive(): boolean {
    const { isUsable } = this.#registration.context
    return this.#closing === undefined && this.#events.end === undefined && isUsable
  }

  close(): Promise<void> {
    const closing = (this.#closing ??= this.#close())
    return onBehalfOf(captureCaller(), undefined, () => closing)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #start(call: Call): Promise<void> {
    const { signal, timeoutSeconds } = call
    await this.#registration.context.order.holdWrites(() => this.#events.register(call))
    signal?.throwIfAborted()
    this.#stopWatching = onAbort(signal, () => this.#abandon())
    if (this.#events.primed.entriesFollow('registration')) await this.#deliverPresent(call, timeoutSeconds)
    signal?.throwIfAborted()
    if (this.#events.end !== undefined) throw this.#events.end.reason
  }

  async #close(): Promise<void> {
    this.#stop()
    await this.#events.unregister()
  }

  /** Closes the subscription without a caller that waits for it. */
  #abandon(): void {
    this.close().catch(this.#report)
  }

  /** Stops calling the listener. */
  #stop(): void {
    this.#state = 'over'
    this.#events.stop()
    this.#stopWatching()
    this.#offer?.taken()
  }

  /** Delivers the entries that are present. Each of them waits for a busy listener no longer than `maxWaitSeconds`. */
  async #deliverPresent(call: Call, maxWaitSeconds: number): Promise<void> {
    for await (const event of this.#events.primed.present(call)) {
      switch (this.#state) {
        case 'over':
          return
        case 'idle':
          this.#call(event)
          break
        case 'calling':
          await this.#offerEntry(event, { ...call, deadline: now() + maxWaitSeconds * 1_000 })
      }
    }
  }

  /** Resolves when the entry has been delivered. */
  #offerEntry(event: EventFor<K, V>, call: Call): Promise<undefined> {
    const timeout = (): Error => timeoutError(call, 'not-sent')
    return waitFor<undefined>(call, timeout, ({ resolve }) => {
      this.#offer = { event, taken: () => resolve(undefined) }
      return () => (this.#offer = undefined)
    })
  }

  #deliverPresentAgain(): void {
    const call = this.#registration.createCall('listen')
    this.#deliverPresent(call, Infinity).catch((error: unknown) => {
      if (this.isActive) this.#report(error)
    })
  }

  #deliverWaiting(): void {
    while (this.#state === 'idle') {
      const item = this.#takeOffer() ?? this.#events.take()
      if (item === undefined) break
      this.#call(item)
      if (this.#events.primed.entriesFollow(item)) this.#deliverPresentAgain()
    }
    const { end } = this.#events
    if (this.#state !== 'idle' || end === undefined) return
    this.#stop()
    if (!isOrdinaryEnd(end.reason)) this.#report(end.reason)
  }

  #takeOffer(): EventFor<K, V> | undefined {
    const offer = this.#offer
    offer?.taken()
    return offer?.event
  }

  #call(item: AnyStreamedEvent<K, V>): void {
    const pending = this.#callbacks(item)
    // A callback may have closed the subscription.
    if (pending === undefined || this.#state === 'over') return
    this.#state = 'calling'
    void pending.then(() => {
      if (this.#state === 'over') return
      this.#state = 'idle'
      this.#deliverWaiting()
    })
  }

  /** Runs the callbacks for `item`. Returns a promise to await; `undefined` if no callback returned one. */
  #callbacks(item: AnyStreamedEvent<K, V>): Promise<unknown> | undefined {
    const isOfEntry = item.type !== 'gap' && item.type !== 'truncated'
    const any = isOfEntry ? this.#run(this.#listener.onAny, item) : undefined
    const own = this.#run(this.#listener[CALLBACK_OF[item.type]], item)
    return any === undefined || own === undefined ? (any ?? own) : Promise.all([any, own])
  }

  #run(
    callback: ((event: never) => unknown) | undefined,
    event: AnyStreamedEvent<K, V>,
  ): Promise<unknown> | undefined {
    if (callback === undefined) return undefined
    const run = callback as (event: AnyStreamedEvent<K, V>) => unknown
    return runReporting(() => this.#context.runInAsyncScope(run, this.#listener, event), this.#report)
  }

  /** Reports errors that no call rejects with. */
  readonly #report = (error: unknown): void => this.#registration.context.settings.report(error)
}
