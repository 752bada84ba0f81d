// The events of a map as an async iterable.
import { onAbort } from '../../async/abort'
import type { Call } from '../../calls/call'
import { StreamedCall } from '../../calls/streamed-call'
import { type CallerStack, captureCaller, fromCaller, onBehalfOf } from '../../calls/caller-stack'
import type { AnyStreamedEvent, EventFor, MapEvent, StreamedEvent } from './map-event'
import { isOrdinaryEnd } from './pushed-events'
import type { EventRegistration } from './event-registration'
import { bufferedItems, pacedItems, type StreamedItems } from './streamed-items'

/**
 * The events of a map as an async iterable, to be consumed once. `E` is the type of its events of entries.
 *
 * `events` registers the stream at once, and keeps the events that arrive before there is a consumer. The stream ends
 * when its loop is left, when `close()` is called, and when the map or the session ends. If its signal aborts, the loop
 * rejects with the reason of the signal.
 *
 * The loop rejects with `ServerError` if the server refuses the registration, `RequestTimeoutError` if it does not
 * answer in time, `ConnectionError` if there is no connection for the registration, and `EventOverflowError` if events
 * are too many for `overflow: 'error'`. After a lost connection the stream is registered again, and yields a gap.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await using events = stock.events({ key: 'apples' })
 * await events.ready
 * await stock.set('apples', 3)
 * await stock.delete('apples')
 * for await (const event of events) {
 *   console.log(event.type)
 *   if (event.type === 'delete') break
 * }
 * // prints insert
 * // prints delete
 * ```
 */
export interface EventStream<K, V, E = MapEvent<K, V>>
  extends AsyncIterable<StreamedEvent<K, V, E>>, AsyncDisposable {
  /**
   * Resolves when the server has the registration: no event after that is missed. Rejects if the registration fails.
   */
  readonly ready: Promise<void>
  /**
   * Ends the stream, and resolves when the server has removed the registration. Does nothing if the stream has ended.
   *
   * @throws {RequestTimeoutError} the server did not answer in time; the stream has ended all the same.
   */
  close(): Promise<void>
}

/** The policy for events that arrive faster than they are consumed; see `EventOptions`. */
export type Overflow = 'pause' | 'dropOldest' | 'error'

/** The options that only event streams have, checked. */
export interface CheckedStreamOptions {
  readonly overflow: Overflow
  readonly maxBufferedEvents: number
}

type Next<K, V> = IteratorResult<AnyStreamedEvent<K, V>, undefined>

const CLOSED = Symbol('closed')
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

export class MapEventStream<K, V> implements EventStream<K, V, EventFor<K, V>> {
  readonly ready: Promise<void>
  readonly #items: StreamedItems<K, V>
  /** The signal of the user. */
  readonly #signal: AbortSignal | undefined
  /** Aborts when the stream is closed, with `CLOSED`, and when the signal of the user aborts. */
  readonly #abort: AbortController
  /** The first item, which is requested before there is a consumer; then whether there can be more. */
  #progress: Promise<Next<K, V>> | 'iterating' | 'over'
  #consumer: CallerStack | undefined
  #left: Promise<void> | undefined

  private constructor(
    items: StreamedItems<K, V>,
    signal: AbortSignal | undefined,
    abort: AbortController,
    first: Promise<Next<K, V>>,
    ready: Promise<void>,
  ) {
    this.ready = ready
    this.#items = items
    this.#signal = signal
    this.#abort = abort
    this.#progress = first
  }

  /** Begins to register. Writes that are made from now on wait for the registration. */
  static open<K, V>(
    registration: EventRegistration<K, V>,
    { overflow, maxBufferedEvents: maxEvents }: CheckedStreamOptions,
    call: Call,
  ): MapEventStream<K, V> {
    const { lifecycle, order, settings } = registration.context
    const { signal } = call
    const streamed = new StreamedCall(settings.traffic, call)
    if (signal?.aborted !== true) streamed.begin()
    const abort = new AbortController()
    const aborted = (): void => abort.abort(signal?.reason)
    if (signal?.aborted === true) aborted()
    const stopWatching = onAbort(signal, aborted)
    const stopWatchingMap = lifecycle.onEnd((end) => {
      if (end === 'released') abort.abort(CLOSED)
    })

    let registered = (): void => undefined
    const registering = new Promise<void>((resolve) => {
      registered = () => {
        streamed.ended('answered')
        resolve()
      }
    })
    const own = { ...streamed.call, signal: abort.signal }
    const source =
      overflow === 'pause'
        ? pacedItems(registration, own, registered)
        : bufferedItems(registration, { maxEvents, overflow }, own, registered)
    const items = untilEnd(source, () => {
      stopWatching()
      stopWatchingMap()
    })
    const first = items.next()
    const held = order.holdWrites(() => Promise.race([registering, first.then(() => undefined)]))
    const ready = onBehalfOf(captureCaller(), signal, () => held)
    // The consumer gets the error in any case.
    ready.then(
      () => streamed.ended('left'),
      (error: unknown) => streamed.failed(error),
    )
    const stream = new MapEventStream(items, signal, abort, first, ready)
    onAbort(abort.signal, () => {
      stream.#leave().catch((error: unknown) => settings.report(error))
    })
    return stream
  }

  [Symbol.asyncIterator](): AsyncIterator<AnyStreamedEvent<K, V>, undefined> {
    if (this.#consumer !== undefined)
      throw new TypeError('An event stream can be consumed once; ask the map for another')
    this.#consumer = captureCaller()
    return {
      next: () => this.#next(),
      return: async () => {
        // Whoever leaves a loop asked for nothing that could fail. The session reports what it could not end.
        await this.close().catch(() => undefined)
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

  async #next(): Promise<Next<K, V>> {
    const { signal } = this.#abort
    if (this.#progress === 'over' || signal.reason === CLOSED) return DONE
    try {
      signal.throwIfAborted()
      const next = this.#progress === 'iterating' ? this.#items.next() : this.#progress
      this.#progress = 'iterating'
      return await next
    } catch (error) {
      this.#progress = 'over'
      throw fromCaller(error, this.#consumer, this.#signal)
    }
  }

  /** Removes the registration, even if there is no consumer. */
  #leave(): Promise<void> {
    return (this.#left = this.#items.return(undefined).then(() => undefined))
  }
}

/** Yields the same items. Ends without an error if the stream is closed, or the map or the session has ended. */
async function* untilEnd<K, V>(items: StreamedItems<K, V>, ended: () => void): StreamedItems<K, V> {
  try {
    yield* items
  } catch (error) {
    if (error !== CLOSED && !isOrdinaryEnd(error)) throw error
  } finally {
    ended()
  }
  return undefined
}
