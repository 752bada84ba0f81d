// The events, gaps and truncations that listeners and event streams get.
import type { Bytes } from '../../bytes'
import { inspect } from 'node:util'
import type { EntryEvent, Interval } from '../../protocol/events'
import type { EntryCodec } from '../entries/entry-codec'
import type { NamedMap } from '../named-map'

/**
 * The other files of this folder import the type from here, because events refer to their map and a map to its events.
 */
export type { NamedMap }

/**
 * An event of one entry; the members that all kinds of events have. `key`, `oldValue` and `newValue` are decoded when
 * they are read first.
 */
export interface EventOfEntry<K, V> {
  readonly type: 'insert' | 'update' | 'delete'
  /**
   * The key of the entry.
   *
   * @throws {CodecError} the key cannot be decoded.
   */
  readonly key: K
  /**
   * The value before the change; `undefined` for an insert, a priming event, and a lite listener.
   *
   * @throws {CodecError} the value cannot be decoded.
   */
  readonly oldValue: V | undefined
  /**
   * The value after the change; `undefined` for a delete, and for a lite listener.
   *
   * @throws {CodecError} the value cannot be decoded.
   */
  readonly newValue: V | undefined
  /** The map that the entry is in. */
  readonly map: NamedMap<K, V>
  /** Whether the entry was deleted because it expired. */
  readonly expired: boolean
  /** Whether no client asked for the change: the entry expired or was evicted, or this is a priming event. */
  readonly synthetic: boolean
  /** Whether this is a `PrimingEvent`: nothing changed, the entry was present when it was read for the listener. */
  readonly priming: boolean
  /** Whether only the version of the entry changed. */
  readonly versionUpdate: boolean
  /** Returns the event as plain data, for logs. */
  toJSON(): Readonly<Record<string, unknown>>
}

/** An entry was inserted. `Value` is `undefined` for a lite listener. */
export interface InsertEvent<K, V, Value extends V | undefined = V> extends EventOfEntry<K, V> {
  readonly type: 'insert'
  readonly oldValue: undefined
  readonly newValue: Value
  readonly priming: false
}

/** The value of an entry was replaced. `Value` is `undefined` for a lite listener. */
export interface UpdateEvent<K, V, Value extends V | undefined = V> extends EventOfEntry<K, V> {
  readonly type: 'update'
  readonly oldValue: Value
  readonly newValue: Value
}

/** An entry was deleted. `Value` is `undefined` for a lite listener. */
export interface DeleteEvent<K, V, Value extends V | undefined = V> extends EventOfEntry<K, V> {
  readonly type: 'delete'
  readonly oldValue: Value
  readonly newValue: undefined
  readonly priming: false
}

/**
 * An entry was present when a listener with `priming` was registered, or when one with `resync` got a gap. `Value` is
 * `undefined` for a lite listener.
 */
export interface PrimingEvent<K, V, Value extends V | undefined = V> extends EventOfEntry<K, V> {
  readonly type: 'update'
  readonly oldValue: undefined
  /** `undefined` also if the listener is for one key and the key is absent. */
  readonly newValue: Value | undefined
  readonly priming: true
}

/**
 * An entry was inserted, updated or deleted. `type` says which of these happened, and so which values the event has.
 * Use the class of the same name for `instanceof`; only maps create events.
 */
export type MapEvent<K, V, Value extends V | undefined = V> =
  InsertEvent<K, V, Value> | UpdateEvent<K, V, Value> | DeleteEvent<K, V, Value>

/** An event without values, as a lite listener gets it. */
export type LiteEvent<K, V> = MapEvent<K, V, undefined>

/**
 * The events of entries that a listener gets. `Lite` is the type of its option `lite`, and `Primed` the type of
 * `priming` and `resync`. Left out, the type covers the events of every listener.
 */
export type EventFor<K, V, Lite extends boolean = boolean, Primed extends boolean = boolean> =
  | MapEvent<K, V, Lite extends true ? undefined : V>
  | (Primed extends true ? PrimingEvent<K, V, Lite extends true ? undefined : V> : never)

/** Only `mapEvent` passes this symbol to the constructor. */
const OF_A_MAP = Symbol('of a map')

class EntryMapEvent<K, V> implements EventOfEntry<K, V> {
  static {
    // `console.log` shows this name, which users know.
    Object.defineProperty(this, 'name', { value: 'MapEvent' })
  }

  readonly type: EntryEvent['type']
  readonly map: NamedMap<K, V>
  readonly expired: boolean
  readonly synthetic: boolean
  readonly priming: boolean
  readonly versionUpdate: boolean
  readonly #codec: EntryCodec<K, V>
  readonly #bytes: EntryEvent
  readonly #lite: boolean
  #key: { readonly decoded: K } | undefined
  #oldValue: { readonly decoded: V | undefined } | undefined
  #newValue: { readonly decoded: V | undefined } | undefined

  constructor(
    map: NamedMap<K, V>,
    codec: EntryCodec<K, V>,
    bytes: EntryEvent,
    lite: boolean,
    madeBy: symbol,
  ) {
    if (madeBy !== OF_A_MAP)
      throw new TypeError('A MapEvent is not made with new; call await map.listen(listener) to get them')
    this.type = bytes.type
    this.map = map
    this.expired = bytes.expired
    this.synthetic = bytes.synthetic
    this.priming = bytes.priming
    this.versionUpdate = bytes.versionUpdate
    this.#codec = codec
    this.#bytes = bytes
    this.#lite = lite
  }

  get key(): K {
    this.#key ??= { decoded: this.#codec.decodeKey(this.#bytes.key) }
    return this.#key.decoded
  }

  get oldValue(): V | undefined {
    this.#oldValue ??= { decoded: this.type === 'insert' ? undefined : this.#value(this.#bytes.oldValue) }
    return this.#oldValue.decoded
  }

  get newValue(): V | undefined {
    this.#newValue ??= { decoded: this.type === 'delete' ? undefined : this.#value(this.#bytes.newValue) }
    return this.#newValue.decoded
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const { type, key, oldValue, newValue, expired, synthetic, priming, versionUpdate } = this
    return {
      type,
      mapName: this.map.name,
      key,
      oldValue,
      newValue,
      expired,
      synthetic,
      priming,
      versionUpdate,
    }
  }

  [inspect.custom](_depth: number, options: object): string {
    return `MapEvent ${inspect(this.toJSON(), options)}`
  }

  #value(bytes: Bytes): V | undefined {
    return this.#lite || bytes.length === 0 ? undefined : this.#codec.decodeValue(bytes)
  }
}

/** The class of all events of entries, for `instanceof`. Only maps create them. */
export const MapEvent: abstract new <K, V>(...made: never) => EventOfEntry<K, V> = EntryMapEvent

/** Creates the event that users see. With `lite` it has no values. */
export function mapEvent<K, V>(
  map: NamedMap<K, V>,
  codec: EntryCodec<K, V>,
  bytes: EntryEvent,
  lite: boolean,
): EventFor<K, V> {
  return new EntryMapEvent(map, codec, bytes, lite, OF_A_MAP) as EventFor<K, V>
}

/** The events of the map between two moments are missing. */
export interface EventGap<K, V> {
  readonly type: 'gap'
  readonly map: NamedMap<K, V>
  /** No event before this moment is missing. */
  readonly from: Date
  /** No event after this moment is missing. */
  readonly to: Date
  /** Why: the connection was lost and is back, or the consumer was too slow and events were dropped. */
  readonly reason: 'disconnected' | 'overflow'
  /** How many events were dropped; `undefined` if that is not known, as after a lost connection. */
  readonly dropped: number | undefined
}

/** All entries of the map were removed at once. There is no event for each of them. */
export interface MapTruncation<K, V> {
  readonly type: 'truncated'
  readonly map: NamedMap<K, V>
}

/** An element of an event stream. `E` is the type of its events of entries. */
export type StreamedEvent<K, V, E = MapEvent<K, V>> = E | EventGap<K, V> | MapTruncation<K, V>

/** An element of an event stream, whatever its options are. */
export type AnyStreamedEvent<K, V> = StreamedEvent<K, V, EventFor<K, V>>

/** Creates a gap; `dropped` is left out if the number of missing events is unknown. */
export function createGap<K, V>(
  map: NamedMap<K, V>,
  { from, to }: Interval,
  reason: EventGap<K, V>['reason'],
  dropped?: number,
): EventGap<K, V> {
  return { type: 'gap', map, from: new Date(from), to: new Date(to), reason, dropped }
}

/** Creates the event of an entry that is present, or with an empty value, of a key that is absent. */
export function primingEvent(key: Bytes, value: Bytes): EntryEvent {
  return {
    type: 'update',
    key,
    oldValue: NO_BYTES,
    newValue: value,
    expired: false,
    synthetic: true,
    priming: true,
    versionUpdate: false,
  }
}

const NO_BYTES = new Uint8Array()
