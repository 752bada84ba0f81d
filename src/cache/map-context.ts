// The parts that all calls of one map share: its settings, its codec, the order of its writes, and how a call begins.
import type { Bytes } from '../bytes'
import { beginCall, type CallOwner, type PendingCall } from '../calls/call-options'
import type { CallerStack } from '../calls/caller-stack'
import type { Traffic } from '../calls/traffic'
import type { Codec } from '../codec/codec'
import type { RemoteCache } from '../protocol/port'
import { EntryCodec } from './entries/entry-codec'
import type { MapLifecycle } from './map-lifecycle'
import { checkedOptionalQuery, checkedQuery, type QueryName } from './queries/query-options'
import { ttlMillisOf } from './entries/ttl'
import { WriteOrder } from './entries/write-order'

/** The parts of a session that its maps need. */
export interface MapSettings {
  readonly codec: Codec
  /** The serializer of the server that the codec is for. */
  readonly format: string
  readonly requestTimeoutSeconds: number
  readonly maxRequestBytes: number
  /** Time to live of entries that are stored without one, in milliseconds; 0 for the server's default. */
  readonly defaultTtlMillis: number
  readonly traffic: Traffic
  /** Writes a line to the log of the session. `message` is called only if there is one. */
  log(level: 'debug' | 'warn', message: () => string): void
  isOpen(): boolean
  /** Gets the errors that listeners and callbacks throw. */
  report(error: unknown): void
  /** @throws {SessionClosedError} the session is closed. */
  assertOpen(operation: string, mapName: string): void
}

export class MapContext<K, V> implements CallOwner {
  readonly name: string
  readonly remote: RemoteCache
  readonly settings: MapSettings
  readonly lifecycle: MapLifecycle
  readonly codec: EntryCodec<K, V>
  readonly order: WriteOrder

  constructor(remote: RemoteCache, settings: MapSettings, lifecycle: MapLifecycle) {
    this.name = remote.name
    this.remote = remote
    this.settings = settings
    this.lifecycle = lifecycle
    this.codec = new EntryCodec(settings.codec, remote.name, settings.maxRequestBytes, (bytes) =>
      remote.requestBytes(bytes),
    )
    this.order = new WriteOrder((key) => this.codec.identityOf(key))
  }

  get requestTimeoutSeconds(): number {
    return this.settings.requestTimeoutSeconds
  }

  get traffic(): Traffic {
    return this.settings.traffic
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

  report(error: unknown): void {
    this.settings.report(error)
  }

  /** Begins a call, and throws if something is wrong with it: see `beginCall`. */
  begin(operation: string, options: object | undefined, known: readonly string[]): PendingCall {
    return beginCall(this, operation, options, known)
  }

  /** Does the work of one call. The calls on one key use `begin` instead, because this makes one promise more. */
  async run<T>(
    operation: string,
    options: object | undefined,
    known: readonly string[],
    work: (call: PendingCall) => Promise<T>,
    caller?: CallerStack,
  ): Promise<T> {
    const call = beginCall(this, operation, options, known, caller)
    try {
      return await work(call)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  /**
   * The time to live that a call asks for, in milliseconds for the wire.
   *
   * @throws {TypeError} it is not a number of seconds above 0.
   */
  ttlMillis(operation: string, options: { readonly ttlSeconds?: unknown } | undefined): number {
    return options?.ttlSeconds === undefined
      ? this.settings.defaultTtlMillis
      : ttlMillisOf(operation, 'ttlSeconds', options.ttlSeconds)
  }

  /** @throws {CodecError} the codec cannot write the key, or it is too large for a request. */
  encodeKey(operation: string, key: K): Bytes {
    const bytes = this.codec.encodeKey(key)
    this.codec.assertFits(operation, bytes.length, key)
    return bytes
  }

  /** @throws {CodecError} the codec cannot write the key or the value, or both together are too large for a request. */
  encodeEntry(operation: string, key: K, value: V): { key: Bytes; value: Bytes } {
    const entry = { key: this.codec.encodeKey(key), value: this.codec.encodeValue(value) }
    this.codec.assertFits(operation, entry.key.length + entry.value.length, key)
    return entry
  }

  /** @throws {TypeError} `query` is not a query of the kind that `what` names. */
  encodeQuery(operation: string, what: QueryName, query: unknown): Bytes {
    const bytes = this.codec.encodeQuery(checkedQuery(operation, what, query))
    this.codec.assertFits(operation, bytes.length)
    return bytes
  }

  /** @throws {TypeError} `query` is neither `undefined` nor a query of the kind that `what` names. */
  encodeOptionalQuery(operation: string, what: QueryName, query: unknown): Bytes | undefined {
    const checked = checkedOptionalQuery(operation, what, query)
    return checked === undefined ? undefined : this.encodeQuery(operation, what, checked)
  }
}
