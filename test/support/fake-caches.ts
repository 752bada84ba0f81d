// What the caches of the scripted server hold, as text and as bytes.
import {
  type NamedCacheRequestType,
  NamedCacheRequestType as Type,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BytesValue } from '../../gen/google/protobuf/wrappers'
import { bytesOf } from '../../src/testing/proxy/json-bytes'
import { bytesPayload, entryPayload } from '../../src/testing/proxy/payloads'
import type { StoredCache } from '../../src/testing/store/stored-cache'
import type { StoredCaches } from '../../src/testing/store/stored-caches'
import type { FakeRequest } from './fake-request'

export {
  boolPayload,
  bytesPayload,
  entryPayload,
  int32Payload,
  optionalPayload,
  payload,
} from '../../src/testing/proxy/payloads'

/** A value as the JSON format has it. */
export function json(value: unknown): Buffer {
  return Buffer.from(`\u0015${JSON.stringify(value)}`)
}

export class FakeCaches {
  readonly #caches: StoredCaches
  /** How many elements a page has; by default what the server chooses. */
  pageSize: number | undefined

  constructor(caches: StoredCaches) {
    this.#caches = caches
  }

  /** How many entries a cache has. */
  size(name: string): number {
    return this.#cache(name).size
  }

  /** The value of a key in the JSON format. */
  valueOf(name: string, key: unknown): unknown {
    const stored = this.#cache(name).get(JSON.stringify(key))
    return stored === undefined
      ? undefined
      : (JSON.parse(bytesOf(stored.value).toString('utf8', 1)) as unknown)
  }

  /** Puts entries in the JSON format. */
  fill(name: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void {
    for (const [key, value] of entries) this.fillText(name, JSON.stringify(key), JSON.stringify(value))
  }

  /** Puts an entry whose texts need not be JSON. */
  fillText(name: string, key: string, value: string): void {
    this.#cache(name).put(key, key, value)
  }

  /** Answers a request for a page of `pageSize`; returns whether it was one. A cookie is the number of elements before it. */
  answerPage(request: FakeRequest): boolean {
    const isPage = (PAGES as readonly NamedCacheRequestType[]).includes(request.type)
    if (!isPage || this.pageSize === undefined || request.cacheName === undefined) return false
    const entries = this.#cache(request.cacheName).entries()
    const begin = Number(request.read(BytesValue).value.toString())
    const end = begin + this.pageSize
    const items = entries.slice(begin, end).map(({ key, value }) => {
      const bytes = bytesOf(key)
      return request.type === Type.PageOfKeys ? bytesPayload(bytes) : entryPayload(bytes, bytesOf(value))
    })
    request.answer(bytesPayload(Buffer.from(end < entries.length ? String(end) : '')), ...items)
    return true
  }

  #cache(name: string): StoredCache {
    return this.#caches.ensure('', name)
  }
}

const PAGES = [Type.PageOfKeys, Type.PageOfEntries] as const
