// A map of the server as users see it: its life, its events, and what it does as a whole. Its methods for entries and for queries
// are in its base classes, map-entries.ts and map-queries.ts.
import { inspect } from 'node:util'
import type { CallOptions, WriteOptions } from '../calls/call-options'
import type { EventListener } from '../calls/event-listeners'
import type { EventStream } from './events/event-stream'
import type { EventOptions } from './events/event-operations'
import type { ListenOptions } from './events/listen-options'
import type { EventFor } from './events/map-event'
import type { MapListener, Subscription } from './events/subscription'
import { MapContext } from './map-context'
import { MapQueries } from './map-queries'
import type { Operations } from './operations'
import type { MapLifecycleEvents } from './map-lifecycle'

const MAP_CLASS = 'NamedMap'

/**
 * A map of keys to values on the server. All clients that ask for its name share it. Get one from
 * `session.getMap(name)`.
 *
 * Keys and values are JSON. `undefined` means that there is nothing; `null`, `0`, `''` and `false` are keys and
 * values like any other. Calls on one key are carried out in the order in which they were made, whether they are
 * awaited or not.
 *
 * Calls that change entries are never repeated: if the connection is lost before the answer, they reject with
 * `ConnectionError`, whose `outcome` is `'unknown'`: the change may or may not have been made. Reads are sent
 * again on the next connection, within their time.
 *
 * Every method rejects with `SessionClosedError` if the session is closed, `MapInactiveError` if the map was
 * released or destroyed, `RequestTimeoutError` if there is no answer in time, `ConnectionError` if there is no
 * connection or it was lost, `ServerError` if the server fails the request, `CodecError` if a key or value cannot
 * be written or read, `TypeError` if an argument is wrong, and the `reason` of a signal that aborts.
 *
 * @example The examples of the methods begin with this one:
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await stock.set('apples', 3)
 * ```
 */
export class NamedMap<K, V> extends MapQueries<K, V> {
  readonly #context: MapContext<K, V>
  readonly #operations: Operations<K, V>

  /** @internal */
  constructor(context: MapContext<K, V>, operations: Operations<K, V>) {
    super(operations)
    if (!(context instanceof MapContext)) {
      throw new TypeError(
        `A ${new.target.name} is not made with new; call await session.getMap(name) or session.getCache(name)`,
      )
    }
    this.#context = context
    this.#operations = operations
  }

  /** The map's name on the server. */
  get name(): string {
    return this.#context.name
  }

  /** Whether calls can be made: the map was neither released nor destroyed, and the session is open. */
  get isActive(): boolean {
    return this.#context.isUsable
  }

  /**
   * Resolves to whether the map has no entries.
   *
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * console.log(await stock.isEmpty()) // prints false
   * ```
   */
  isEmpty(options?: CallOptions): Promise<boolean> {
    return this.#operations.wholeMap.isEmpty(options)
  }

  /**
   * Resolves to whether the server can answer requests for the map: `false` while no server that stores its entries
   * is running.
   *
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * if (!(await stock.isReady({ timeoutSeconds: 5 }))) console.error('no storage')
   * ```
   */
  isReady(options?: CallOptions): Promise<boolean> {
    return this.#operations.wholeMap.isReady(options)
  }

  /**
   * Resolves to the number of entries.
   *
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * console.log(await stock.size()) // prints 1
   * ```
   */
  size(options?: CallOptions): Promise<number> {
    return this.#operations.wholeMap.size(options)
  }

  /**
   * Removes all entries. Listeners get an event for each.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: entries may be
   *   removed.
   *
   * @example
   * ```ts
   * await stock.clear()
   * console.log(await stock.size()) // prints 0
   * ```
   */
  clear(options?: WriteOptions): Promise<void> {
    return this.#operations.wholeMap.clear(options)
  }

  /**
   * Removes all entries at once. Listeners get one `truncated` event, and none for each entry.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the entries may
   *   be removed.
   *
   * @example
   * ```ts
   * stock.once('truncated', ({ mapName }) => console.error(mapName, 'is empty'))
   * await stock.truncate()
   * ```
   */
  truncate(options?: WriteOptions): Promise<void> {
    return this.#operations.wholeMap.truncate(options)
  }

  /**
   * Removes the map with all entries from the cluster, for every client. The map is inactive afterwards: ask the
   * session for it again. Does nothing if it was destroyed before.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the map may be
   *   destroyed.
   *
   * @example
   * ```ts
   * await stock.destroy()
   * console.log(stock.isActive) // prints false
   * ```
   */
  destroy(options?: WriteOptions): Promise<void> {
    return this.#operations.wholeMap.destroy(options)
  }

  /**
   * Ends the use of the map on this client; its entries stay on the server. New calls are refused, and the promise
   * resolves when those in progress have ended. Does nothing if the map is inactive already.
   *
   * @example
   * ```ts
   * await stock.release()
   * const again = await session.getMap<string, number>('stock')
   * console.log(await again.get('apples')) // prints 3
   * ```
   */
  release(): Promise<void> {
    return this.#operations.wholeMap.release()
  }

  /**
   * Calls `listener` for each event of the entries that the options select, in the server's order. A function is
   * called for every event; an object has a function for each kind. If one returns a promise, the next call waits
   * until that settles; up to 10,000 events wait meanwhile, older ones are dropped, and the listener gets a gap in
   * their place.
   *
   * Resolves when the server has the registration: no event after that is missed. After a lost connection the
   * registration is made again before calls go on, and the listener gets a gap. What a listener throws is an `error`
   * event of the session. The registration ends with `close()`, with an abort of `options.signal`, and with the map.
   *
   * @throws {ConnectionError} the connection was lost before the server had the registration.
   * @throws {TypeError} the listener or an option is wrong.
   *
   * @example
   * ```ts
   * const subscription = await stock.listen({ onUpdate: (event) => console.error(event.key, event.newValue) })
   * await stock.set('apples', 4)
   * await subscription.close()
   * ```
   */
  async listen<Lite extends boolean = false, Primed extends boolean = false>(
    listener:
      MapListener<K, V, EventFor<K, V, Lite, Primed>> | ((event: EventFor<K, V, Lite, Primed>) => unknown),
    options?: ListenOptions<K, V, Lite, Primed>,
  ): Promise<Subscription> {
    return await this.#operations.events.listen(this, listener, options)
  }

  /**
   * Returns the events of the entries that the options select, as an async iterable to be consumed once. It
   * registers at once, and keeps events from then on. It yields gaps and truncations as well; `type` tells them
   * apart.
   *
   * @throws {TypeError} an option is wrong; this is thrown at once.
   *
   * @example
   * ```ts
   * await using events = stock.events()
   * await events.ready
   * await stock.set('apples', 4)
   * for await (const event of events) {
   *   console.log(event.type) // prints update
   *   break
   * }
   * ```
   */
  events<Lite extends boolean = false, Primed extends boolean = false>(
    options?: EventOptions<K, V, Lite, Primed>,
  ): EventStream<K, V, EventFor<K, V, Lite, Primed>> {
    return this.#operations.events.events(this, options) as EventStream<K, V, EventFor<K, V, Lite, Primed>>
  }

  /**
   * Calls `listener` each time the event happens to the map, by this client or another.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * stock.on('destroyed', ({ mapName }) => console.error(mapName, 'is gone'))
   * ```
   */
  on<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.add(event, listener)
    return this
  }

  /**
   * Calls `listener` the next time the event happens to the map, and not again. `off` removes it before.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * stock.once('truncated', ({ mapName }) => console.error(mapName, 'is empty'))
   * ```
   */
  once<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.addOnce(event, listener)
    return this
  }

  /**
   * Removes a listener. Does nothing if it was not added.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * const report = () => console.error('empty')
   * stock.on('truncated', report)
   * stock.off('truncated', report)
   * ```
   */
  off<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.remove(event, listener)
    return this
  }

  /** Written out, as bundlers shorten the names of classes. @internal */
  get [Symbol.toStringTag](): string {
    return MAP_CLASS
  }

  /** The class, the name and the state, for logs. @internal */
  [inspect.custom](): string {
    return `${this[Symbol.toStringTag]} ${inspect(this.name)} { ${this.#context.state} }`
  }
}
