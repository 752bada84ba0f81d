// What listeners and event streams get.
import { inspect } from 'node:util'
import type { EntryEvent, EventGap as GapMoments } from '../protocol/map-events'
import type { Bytes } from '../protocol/port'
import type { EntryCodec } from './entry-codec'
import type { NamedMap } from './named-map'

/** An entry was inserted, updated or deleted. Key and values are decoded when they are read. */
export class MapEvent<K, V> {
  readonly type: 'insert' | 'update' | 'delete'
  /** The map it happened to. */
  readonly map: NamedMap<K, V>
  /** The entry was deleted because its time was over. */
  readonly expired: boolean
  /** No client asked for it: expiry, eviction, priming. */
  readonly synthetic: boolean
  /** It tells of what was there already when the listener came, or came back. */
  readonly priming: boolean
  /** Only the version of the entry changed. */
  readonly versionUpdate: boolean
  readonly #codec: EntryCodec<K, V>
  readonly #bytes: EntryEvent
  readonly #lite: boolean
  #key: { readonly decoded: K } | undefined
  #oldValue: { readonly decoded: V | undefined } | undefined
  #newValue: { readonly decoded: V | undefined } | undefined

  /** @internal */
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

  /** @throws {CodecError} it cannot be decoded. */
  get key(): K {
    this.#key ??= { decoded: this.#codec.decodeKey(this.#bytes.key) }
    return this.#key.decoded
  }

  /**
   * The value before; `undefined` where there was none, and for a lite listener.
   *
   * @throws {CodecError} it cannot be decoded.
   */
  get oldValue(): V | undefined {
    this.#oldValue ??= { decoded: this.type === 'insert' ? undefined : this.#value(this.#bytes.oldValue) }
    return this.#oldValue.decoded
  }

  /**
   * The value after; `undefined` where there is none, and for a lite listener.
   *
   * @throws {CodecError} it cannot be decoded.
   */
  get newValue(): V | undefined {
    this.#newValue ??= { decoded: this.type === 'delete' ? undefined : this.#value(this.#bytes.newValue) }
    return this.#newValue.decoded
  }

  /** The event as plain data, for logs. */
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

  /** @internal */
  [inspect.custom](_depth: number, options: object): string {
    return `MapEvent ${inspect(this.toJSON(), options)}`
  }

  #value(bytes: Bytes): V | undefined {
    return this.#lite || bytes.length === 0 ? undefined : this.#codec.decodeValue(bytes)
  }
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

/** What an event stream gives. */
export type StreamedEvent<K, V> = MapEvent<K, V> | EventGap<K, V> | MapTruncation<K, V>

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
