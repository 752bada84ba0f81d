// What all calls of one map share: its settings, its codec, the order of its writes, and how a call begins.
import { type CallerStack, captureFewCallers, fromCaller } from '../calls/caller-stack'
import type { Codec } from '../codec/codec'
import type { Call } from '../protocol/call'
import type { Bytes, RemoteCache } from '../protocol/port'
import { tellAborted } from './aborted-write'
import { callOf, checkedOptions, type GivenOptions, startOf } from './call-options'
import { EntryCodec } from './entry-codec'
import type { MapLifecycle } from './map-lifecycle'
import { checkedOptionalQuery, checkedQuery, type QueryName } from './query-options'
import { ttlMillisOf } from './ttl'
import { WriteOrder } from './write-order'

/** What a map needs of its session. */
export interface MapSettings {
  readonly codec: Codec
  /** The serializer of the server that the codec is for. */
  readonly format: string
  readonly requestTimeoutSeconds: number
  readonly maxRequestBytes: number
  /** Time to live of entries that are stored without one, in milliseconds; 0 for the server's default. */
  readonly defaultTtlMillis: number
  isOpen(): boolean
  /** Gets what listeners throw. */
  report(error: unknown): void
  /** @throws {SessionClosedError} the session is closed. */
  assertOpen(operation: string, mapName: string): void
}

export class MapContext<K, V> {
  readonly remote: RemoteCache
  readonly settings: MapSettings
  readonly lifecycle: MapLifecycle
  readonly codec: EntryCodec<K, V>
  readonly order: WriteOrder

  constructor(remote: RemoteCache, settings: MapSettings, lifecycle: MapLifecycle) {
    this.remote = remote
    this.settings = settings
    this.lifecycle = lifecycle
    this.codec = new EntryCodec(settings.codec, remote.name, settings.maxRequestBytes, (bytes) =>
      remote.requestBytes(bytes),
    )
    this.order = new WriteOrder((key) => this.codec.identityOf(key))
  }

  get name(): string {
    return this.remote.name
  }

  get isUsable(): boolean {
    return this.state === 'active'
  }

  get state(): 'active' | 'released' | 'destroyed' | 'session closed' {
    return this.lifecycle.inactive ?? (this.settings.isOpen() ? 'active' : 'session closed')
  }

  /** @throws {SessionClosedError | MapInactiveError} no call can be made. */
  assertUsable(operation: string): void {
    this.settings.assertOpen(operation, this.name)
    this.lifecycle.assertActive(operation)
  }

  /**
   * Begins a call; what is wrong with it rejects before anything is sent. The stack of what it rejects with shows
   * `caller`, or without one, the code that made the call.
   */
  start<T>(
    operation: string,
    options: unknown,
    known: readonly string[],
    run: (call: Call, given: GivenOptions) => Promise<T>,
    caller?: CallerStack,
  ): Promise<T> {
    return this.startReading(operation, options, known, run, asItIs, caller)
  }

  /** The same, and gives what `read` makes of the answer: for calls that are made most, it saves them a promise. */
  startReading<A, T>(
    operation: string,
    options: unknown,
    known: readonly string[],
    run: (call: Call, given: GivenOptions) => Promise<A>,
    read: (answer: A) => T,
    caller?: CallerStack,
  ): Promise<T> {
    const { lifecycle } = this
    let signal: AbortSignal | undefined
    let stack = caller
    try {
      this.assertUsable(operation)
      const given = checkedOptions(operation, options, known)
      const call = callOf(operation, this.name, given, this.settings.requestTimeoutSeconds)
      signal = call.signal
      stack ??= captureFewCallers(startOf(call))
      if (call.sent === undefined) signal?.throwIfAborted()
      const pending = call.sent === undefined ? run(call, given) : this.#runTelling(call, given, run)
      lifecycle.began()
      // As an async function it would cost every call 0.1 us more.
      return pending.then(
        (answer) => {
          lifecycle.settled()
          try {
            return read(answer)
          } catch (error) {
            throw fromCaller(error, stack, signal)
          }
        },
        (error: unknown) => {
          lifecycle.settled()
          throw fromCaller(error, stack, signal)
        },
      )
    } catch (error) {
      return Promise.reject(fromCaller(error, stack, signal))
    }
  }

  async #runTelling<T>(
    call: Call,
    given: GivenOptions,
    run: (call: Call, given: GivenOptions) => Promise<T>,
  ): Promise<T> {
    try {
      // Not before the caller has the promise.
      if (call.signal?.aborted === true) await Promise.resolve()
      call.signal?.throwIfAborted()
      return await run(call, given)
    } catch (error) {
      tellAborted(error, call, given, this.settings)
      throw error
    }
  }

  /**
   * The time to live that a call asks for, in milliseconds for the wire.
   *
   * @throws {TypeError} it is none.
   */
  ttlMillis(operation: string, { ttlSeconds }: GivenOptions): number {
    return ttlSeconds === undefined
      ? this.settings.defaultTtlMillis
      : ttlMillisOf(operation, 'ttlSeconds', ttlSeconds)
  }

  /** @throws {CodecError} the key has no form, or is too large. */
  encodeKey(operation: string, key: K): Bytes {
    const bytes = this.codec.encodeKey(key)
    this.codec.assertFits(operation, bytes.length, key)
    return bytes
  }

  /** @throws {CodecError} the key or the value has no form, or both together are too large. */
  encodeEntry(operation: string, key: K, value: V): { key: Bytes; value: Bytes } {
    const entry = { key: this.codec.encodeKey(key), value: this.codec.encodeValue(value) }
    this.codec.assertFits(operation, entry.key.length + entry.value.length, key)
    return entry
  }

  /** @throws {TypeError} it is no query. */
  encodeQuery(operation: string, what: QueryName, query: unknown): Bytes {
    const bytes = this.codec.encodeQuery(checkedQuery(operation, what, query))
    this.codec.assertFits(operation, bytes.length)
    return bytes
  }

  /** @throws {TypeError} it is neither `undefined` nor a query. */
  encodeOptionalQuery(operation: string, what: QueryName, query: unknown): Bytes | undefined {
    const checked = checkedOptionalQuery(operation, what, query)
    return checked === undefined ? undefined : this.encodeQuery(operation, what, checked)
  }
}

function asItIs<T>(answer: T): T {
  return answer
}
