// A cache of the server over v1: each operation of the port is sent as its row in the table of requests says. Its queries are in
// remote-queries.ts, and what releases of the server do with requests in a way of their own is in quirks.ts.
import { asBuffer, type Bytes, PackedBytes } from '../../../bytes'
import type { Call } from '../../../calls/call'
import type { EventSink, ListenTarget, PacedEvent } from '../../events'
import {
  CANNOT_ANSWER,
  type CannotAnswer,
  type EntryVisitor,
  type RemoteCache,
  type RemoteQueries,
} from '../../port'
import { cannotAnswer } from '../../server-failure'
import { bytesFieldBytes } from '../wire/wire'
import { type Request, REQUESTS } from '../wire/requests'
import type { CacheHandle } from './cache-handle'
import type { CacheServicePort } from './cache-service-port'
import { dedicatedEvents } from './dedicated-events'
import { getEach, hasUnicodeEscape, putEach } from './quirks'
import { V1RemoteQueries } from './remote-queries'

/** More than the envelope of any request takes beside the keys, values and queries in it. */
const ENVELOPE_BYTES = 256
/** What a key takes at most besides its bytes. */
const KEY_FIELD_BYTES = 6

export class V1RemoteCache implements RemoteCache {
  readonly #service: CacheServicePort
  readonly #handle: CacheHandle
  readonly queries: RemoteQueries
  #getAllWorks = true

  constructor(service: CacheServicePort, handle: CacheHandle) {
    this.#service = service
    this.#handle = handle
    this.queries = new V1RemoteQueries(service, handle)
  }

  get name(): string {
    return this.#handle.name
  }

  get(key: Bytes, call: Call): Promise<Bytes | undefined> {
    return hasUnicodeEscape(key) ? this.#getEscaped(key, call) : this.#send(REQUESTS.get, key, call)
  }

  async getAll(keys: PackedBytes, visit: EntryVisitor, call: Call): Promise<void> {
    const hasEscapes = hasUnicodeEscape(keys.bytes.subarray(0, keys.byteLength))
    if (this.#getAllWorks || hasEscapes) {
      try {
        await this.#getParts(keys, visit, call)
        return
      } catch (error) {
        // One by one, keys with escapes might be missed.
        if (!cannotAnswer(error) || hasEscapes) throw error
      }
    }
    await getEach((key, one) => this.#send(REQUESTS.get, key, one), keys, visit, call)
    this.#getAllWorks = false
  }

  put(key: Bytes, value: Bytes, ttlMillis: number, call: Call): Promise<Bytes> {
    return this.#send(REQUESTS.put, { key, value, ttlMillis }, call)
  }

  putAll(entries: PackedBytes, ttlMillis: number, call: Call): Promise<void> {
    return ttlMillis === 0
      ? this.#send(REQUESTS.putAll, entries, call)
      : putEach(this, entries, ttlMillis, call)
  }

  async putIfAbsent(key: Bytes, value: Bytes, call: Call): Promise<Bytes | CannotAnswer> {
    try {
      return await this.#send(REQUESTS.putIfAbsent, { key, value, ttlMillis: 0 }, call)
    } catch (error) {
      if (cannotAnswer(error)) return CANNOT_ANSWER
      throw error
    }
  }

  replace(key: Bytes, value: Bytes, call: Call): Promise<Bytes> {
    return this.#send(REQUESTS.replace, { key, value }, call)
  }

  replaceMapping(key: Bytes, oldValue: Bytes, newValue: Bytes, call: Call): Promise<boolean> {
    const message = { key: asBuffer(key), previousValue: asBuffer(oldValue), newValue: asBuffer(newValue) }
    return this.#send(REQUESTS.replaceMapping, message, call)
  }

  remove(key: Bytes, call: Call): Promise<Bytes> {
    return this.#send(REQUESTS.remove, key, call)
  }

  removeMapping(key: Bytes, value: Bytes, call: Call): Promise<boolean> {
    return this.#send(REQUESTS.removeMapping, { key, value }, call)
  }

  containsKey(key: Bytes, call: Call): Promise<boolean> {
    return this.#send(REQUESTS.containsKey, key, call)
  }

  containsValue(value: Bytes, call: Call): Promise<boolean> {
    return this.#send(REQUESTS.containsValue, value, call)
  }

  containsEntry(key: Bytes, value: Bytes, call: Call): Promise<boolean> {
    return this.#send(REQUESTS.containsEntry, { key, value }, call)
  }

  isEmpty(call: Call): Promise<boolean> {
    return this.#send(REQUESTS.isEmpty, undefined, call)
  }

  isReady(call: Call): Promise<boolean> {
    return this.#send(REQUESTS.isReady, undefined, call)
  }

  size(call: Call): Promise<number> {
    return this.#send(REQUESTS.size, undefined, call)
  }

  clear(call: Call): Promise<void> {
    return this.#send(REQUESTS.clear, undefined, call)
  }

  truncate(call: Call): Promise<void> {
    return this.#send(REQUESTS.truncate, undefined, call)
  }

  destroy(call: Call): Promise<void> {
    return this.#send(REQUESTS.destroy, undefined, call)
  }

  listen(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#service.listen(this.#handle, target, sink, call)
  }

  unlisten(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#handle.listeners.remove(target, sink, call)
  }

  pacedEvents(target: ListenTarget, lite: boolean, call: Call): AsyncIterableIterator<PacedEvent> {
    return dedicatedEvents(this.#service, this.#handle, target, lite, call)
  }

  requestBytes(payloadBytes: number): number {
    return payloadBytes + ENVELOPE_BYTES
  }

  release(): void {
    this.#handle.deactivate('released')
    this.#service.release(this.#handle)
  }

  /** See `hasUnicodeEscape`. */
  async #getEscaped(key: Bytes, call: Call): Promise<Bytes | undefined> {
    let value: Bytes | undefined
    const keys = new PackedBytes(key.length)
    keys.add(key)
    await this.getAll(
      keys,
      (bytes, _keyBegin, _keyEnd, begin, end) => (value = bytes.subarray(begin, end)),
      call,
    )
    // Absent, or mapped to null, which that request leaves out.
    return value ?? this.#send(REQUESTS.get, key, call)
  }

  /** Asks for the keys by as many requests as they need. */
  async #getParts(keys: PackedBytes, visit: EntryVisitor, call: Call): Promise<void> {
    const room = this.#service.settings.maxRequestBytes - ENVELOPE_BYTES
    const { count } = keys
    if (keys.byteLength + count * KEY_FIELD_BYTES <= room) {
      if (count > 0) await this.#send(REQUESTS.getAll, { keys, from: 0, to: count, visit }, call)
      return
    }
    const parts = partsOf(keys, room)
    await Promise.all(parts.map(([from, to]) => this.#send(REQUESTS.getAll, { keys, from, to, visit }, call)))
  }

  #send<P, A>(request: Request<P, A>, parameters: P, call: Call): Promise<A> {
    return this.#service.send(this.#handle, request, parameters, call)
  }
}

/** Returns ranges of keys that each fit in `room`. */
function partsOf(keys: PackedBytes, room: number): (readonly [from: number, to: number])[] {
  const parts: (readonly [from: number, to: number])[] = []
  let from = 0
  let used = 0
  for (let index = 0; index < keys.count; index++) {
    const needed = bytesFieldBytes(keys.beginOf(index + 1) - keys.beginOf(index))
    if (used + needed > room && index > from) {
      parts.push([from, index])
      from = index
      used = 0
    }
    used += needed
  }
  if (from < keys.count) parts.push([from, keys.count])
  return parts
}
