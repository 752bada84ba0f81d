// Converts the events of a source to their final form for a listener, without the events that are older than the
// entries that were read. Reads the entries that are present: at first with `priming`, and after a gap with `resync`.
import { pause } from '../../async/abort'
import { backoffMillis } from '../../async/backoff'
import type { Call } from '../../calls/call'
import { startedNow } from '../../calls/call-options'
import { elementsOf } from '../queries/results'
import { ConnectionError, RequestTimeoutError } from '../../errors'
import type { EntryEvent, Interval } from '../../protocol/events'
import type { EntryBytes } from '../../protocol/port'
import {
  type AnyStreamedEvent,
  createGap,
  type EventFor,
  type EventGap,
  mapEvent,
  type MapTruncation,
  primingEvent,
} from './map-event'
import { byBytes, Priming } from './priming'
import type { EventRegistration } from './event-registration'

/**
 * The attempts to read the entries, as a stream can fail alone. After a lost connection they are read again with the
 * gap.
 */
const MAX_ATTEMPTS = 5
const ABSENT = new Uint8Array()

export class PrimedEvents<K, V> {
  readonly #registration: EventRegistration<K, V>
  readonly #isPrompt: boolean
  /** Decides which events to deliver, by the entries that were read last; `undefined` if none are read. */
  #priming: Priming | undefined
  /** The item after which the consumer gets the entries that are present. */
  #lastBeforeEntries: 'registration' | EventGap<K, V> | undefined

  /** @param isPrompt Whether `event` is called as soon as an event arrives, not when a consumer asks for it. */
  constructor(registration: EventRegistration<K, V>, isPrompt: boolean) {
    this.#registration = registration
    this.#isPrompt = isPrompt
    if (registration.options.priming) this.followWithEntries('registration')
  }

  /** The number of keys of entries that are kept in memory. */
  get keysHeld(): number {
    return this.#priming?.keysHeld ?? 0
  }

  /** The event in its final form; `undefined` if the entries that were read contain it already. */
  event(event: EntryEvent): EventFor<K, V> | undefined {
    return this.#priming?.admitsEvent(event) === false ? undefined : this.#view(event)
  }

  truncated(): MapTruncation<K, V> {
    this.#priming?.truncated()
    return { type: 'truncated', map: this.#registration.map }
  }

  /** The connection is lost, and `gap` will be called when it is back. */
  interrupted(): void {
    // The entries that are being read will be read again after the gap.
    if (this.#registration.options.resync) this.#priming = undefined
  }

  /** The source missed the events of an interval. */
  gap(interval: Interval): EventGap<K, V> {
    const { context, map } = this.#registration
    const gap = createGap(map, interval, 'disconnected')
    context.settings.log('warn', () => {
      const { from, to } = gap
      return `A listener to map '${context.name}' missed the events from ${from.toISOString()} to ${to.toISOString()}`
    })
    if (this.#registration.options.resync) this.followWithEntries(gap)
    else this.#priming?.gap()
    return gap
  }

  /** The entries that are present will be read when the consumer has got `last`. */
  followWithEntries(last: 'registration' | EventGap<K, V>): void {
    const { target, seesAllChanges } = this.#registration.options
    // The bytes of a key in an event can differ from those that were registered.
    const identify = target.kind === 'key' ? () => '' : byBytes
    this.#priming = new Priming({ identify, seesAllChanges, isPrompt: this.#isPrompt })
    this.#lastBeforeEntries = last
  }

  /** Whether the consumer must read `present` after this item. */
  entriesFollow(item: 'registration' | AnyStreamedEvent<K, V>): boolean {
    return item === this.#lastBeforeEntries
  }

  /**
   * Reads the entries that are present, as events. Ends early if they have to be read again after another gap.
   *
   * @param call Its `timeoutSeconds` is the longest wait for the next entry.
   */
  async *present(call: Call): AsyncGenerator<EventFor<K, V>, undefined> {
    const priming = this.#priming
    if (priming === undefined) return undefined
    const isWanted = (): boolean => priming.isReading && this.#priming === priming
    const mostAttempts = this.#lastBeforeEntries === 'registration' ? MAX_ATTEMPTS : Infinity
    try {
      for await (const entry of readPresent(this.#registration, call, isWanted, mostAttempts)) {
        if (!isWanted()) return undefined
        if (priming.admitsEntry(entry)) yield this.#view(primingEvent(entry.key, entry.value))
      }
      priming.finished()
    } catch (error) {
      // These entries are no longer needed.
      if (isWanted()) throw error
    }
    return undefined
  }

  /** The consumer has got the events of all changes that were made before the entries were read. */
  caughtUp(): void {
    this.#priming?.caughtUp()
  }

  /** Stops reading, and drops the entries that were read. */
  stop(): void {
    this.caughtUp()
    this.#priming = undefined
  }

  #view(event: EntryEvent): EventFor<K, V> {
    const { map, context, options } = this.#registration
    return mapEvent(map, context.codec, event, options.lite)
  }
}

/**
 * Reads the entries of the registration. If it is for one key and the key is absent, its entry has an empty value. If a
 * stream is lost, all entries are read again as long as they are needed. After a gap, nobody waits for a call, and without
 * the entries the consumer would know nothing of what it missed: they are read again until that succeeds.
 */
async function* readPresent<K, V>(
  registration: EventRegistration<K, V>,
  call: Call,
  isWanted: () => boolean,
  mostAttempts: number,
): AsyncGenerator<EntryBytes, undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* readOnce(registration, call)
      return undefined
    } catch (error) {
      const isLate = error instanceof RequestTimeoutError && mostAttempts === Infinity
      if (!(isLate || error instanceof ConnectionError)) throw error
      if (attempt === mostAttempts || !isWanted()) throw error
      await pause(backoffMillis(attempt), call.signal)
    }
  }
}

async function* readOnce<K, V>(
  { context, options: { target, filter } }: EventRegistration<K, V>,
  call: Call,
): AsyncGenerator<EntryBytes, undefined> {
  const { remote, order } = context
  if (target.kind === 'key') {
    const { key } = target
    const timed = startedNow(call)
    await order.turnToRead(key, timed)
    const value = await remote.get(key, timed)
    yield { key, value: value ?? ABSENT }
    return undefined
  }
  const encoded = context.encodeOptionalQuery(call.operation, 'filter', filter)
  // The timeout of a call applies to each entry, and not to the whole read.
  const unlimited = { ...call, deadline: Infinity }
  yield* elementsOf(remote.queries.queryEntries({ filter: encoded, comparator: undefined }, unlimited))
  return undefined
}
