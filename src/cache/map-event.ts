// What listeners and event streams get.
import { inspect } from 'node:util'
import type { EntryEvent, EventGap as GapMoments } from '../protocol/map-events'
import type { Bytes } from '../protocol/port'
import type { EntryCodec } from './entry-codec'
import type { NamedMap } from './named-map'

/** What all events of an entry have. `key`, `oldValue` and `newValue` are decoded when they are read. */
export interface EventOfEntry<K, V> {
  readonly type: 'insert' | 'update' | 'delete'
  /** Throws `CodecError` where it cannot be decoded, as `oldValue` and `newValue` do. */
  readonly key: K
  /** The value before; `undefined` where there was none, and for a lite listener. */
  readonly oldValue: V | undefined
  /** The value after; `undefined` where there is none, and for a lite listener. */
  readonly newValue: V | undefined
  /** The map it happened to. */
  readonly map: NamedMap<K, V>
  /** The entry was deleted because its time was over. */
  readonly expired: boolean
  /** No client asked for it: expiry, eviction, priming. */
  readonly synthetic: boolean
  /** It is a `PrimingEvent`: it tells of what was there already when the listener came, or came back. */
  readonly priming: boolean
  /** Only the version of the entry changed. */
  readonly versionUpdate: boolean
  /** The event as plain data, for logs. */
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
 * Tells of what was there already when a listener with `priming` came, or one with `resync` came back. `Value` is
 * `undefined` for a lite listener.
 */
export interface PrimingEvent<K, V, Value extends V | undefined = V> extends EventOfEntry<K, V> {
  readonly type: 'update'
  readonly oldValue: undefined
  /** `undefined` also where the key that is listened to is absent. */
  readonly newValue: Value | undefined
  readonly priming: true
}

/** An entry was inserted, updated or deleted: `type` tells which, and so which values there are. */
export type MapEvent<K, V, Value extends V | undefined = V> =
  InsertEvent<K, V, Value> | UpdateEvent<K, V, Value> | DeleteEvent<K, V, Value>

/** What a lite listener gets: what happened to which key, without values. */
export type LiteEvent<K, V> = MapEvent<K, V, undefined>

/**
 * The events of a listener: `Lite` is its option `lite`, `Primed` whether it has `priming` or `resync`. Without the two
 * the events of any listener.
 */
export type EventFor<K, V, Lite extends boolean = boolean, Primed extends boolean = boolean> =
  | MapEvent<K, V, Lite extends true ? undefined : V>
  | (Primed extends true ? PrimingEvent<K, V, Lite extends true ? undefined : V> : never)

class EntryMapEvent<K, V> implements EventOfEntry<K, V> {
  static {
    // The name that users know it by, which `console.log` shows.
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

  constructor(map: NamedMap<K, V>, codec: EntryCodec<K, V>, bytes: EntryEvent, lite: boolean) {
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

/** The class of all events of entries, for `instanceof`. Maps make them. */
export const MapEvent: abstract new <K, V>(...made: never) => EventOfEntry<K, V> = EntryMapEvent

/** The event as users see it; without values for a lite listener. */
export function mapEvent<K, V>(
  map: NamedMap<K, V>,
  codec: EntryCodec<K, V>,
  bytes: EntryEvent,
  lite: boolean,
): EventFor<K, V> {
  return new EntryMapEvent(map, codec, bytes, lite) as EventFor<K, V>
}

/** Events of the map between two moments are missing. */
export interface EventGap<K, V> {
  readonly type: 'gap'
  readonly map: NamedMap<K, V>
  /** Until then nothing is missing. */
  readonly from: Date
  /** From then on nothing is missing. */
  readonly to: Date
  /** The connection was lost, or the listener was so slow that events were dropped. */
  readonly reason: 'disconnected' | 'overflow'
  /** How many events were dropped; `undefined` where that is not known. */
  readonly dropped: number | undefined
}

/** All entries of the map were removed at once; there is no event for each. */
export interface MapTruncation<K, V> {
  readonly type: 'truncated'
  readonly map: NamedMap<K, V>
}

/** What an event stream gives. `E` are its events of entries. */
export type StreamedEvent<K, V, E = MapEvent<K, V>> = E | EventGap<K, V> | MapTruncation<K, V>

/** What a stream gives whose options are not known to the compiler. */
export type AnyStreamedEvent<K, V> = StreamedEvent<K, V, EventFor<K, V>>

/** The gap that a lost connection left. */
export function gapOf<K, V>(map: NamedMap<K, V>, { from, to }: GapMoments): EventGap<K, V> {
  const moments = { from: new Date(from), to: new Date(to) }
  return { type: 'gap', map, ...moments, reason: 'disconnected', dropped: undefined }
}

/** The event that tells of an entry that is there, or with an empty value that there is none. */
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
