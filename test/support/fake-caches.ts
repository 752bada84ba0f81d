// What the fake proxy remembers, and how a server without faults answers each request. Keys are compared as bytes.
import {
  EnsureCacheRequest,
  ExecuteRequest,
  NamedCacheRequestType as Type,
  PutAllRequest,
  PutRequest,
  ReplaceMappingRequest,
  ResponseType,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import {
  BinaryKeyAndValue,
  CollectionOfBytesValues,
  OptionalValue,
} from '../../gen/coherence/common/v1/common_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import { BoolValue, BytesValue, Int32Value } from '../../gen/google/protobuf/wrappers'
import type { FakeRequest } from './fake-request'

type Cache = Map<string, Buffer>

/** How JSON says that there is nothing. */
const NULL = Buffer.from('\u0015null')
const EMPTY = Buffer.alloc(0)

export function bytesPayload(value: Buffer): Any {
  return payload('google.protobuf.BytesValue', BytesValue.encode({ value }).finish())
}

export function boolPayload(value: boolean): Any {
  return payload('google.protobuf.BoolValue', BoolValue.encode({ value }).finish())
}

export function int32Payload(value: number): Any {
  return payload('google.protobuf.Int32Value', Int32Value.encode({ value }).finish())
}

export function optionalPayload(value: Buffer | undefined): Any {
  const message = { present: value !== undefined, value: value ?? EMPTY }
  return payload('coherence.common.v1.OptionalValue', OptionalValue.encode(message).finish())
}

export function entryPayload(key: Buffer, value: Buffer): Any {
  return payload('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue.encode({ key, value }).finish())
}

export function payload(type: string, bytes: Uint8Array): Any {
  return { typeUrl: `type.googleapis.com/${type}`, value: Buffer.from(bytes) }
}

/** A value as the JSON format has it. */
export function json(value: unknown): Buffer {
  return Buffer.from(`\u0015${JSON.stringify(value)}`)
}

export class FakeCaches {
  readonly #caches = new Map<string, Cache>()
  /** How many elements a page has. */
  pageSize = Infinity

  /** The entries of a cache, its keys as text of their bytes. */
  of(name: string): Cache {
    let cache = this.#caches.get(name)
    if (cache === undefined) {
      cache = new Map()
      this.#caches.set(name, cache)
    }
    return cache
  }

  /** The value of a key in the JSON format. */
  valueOf(name: string, key: unknown): unknown {
    const bytes = this.of(name).get(textOf(json(key)))
    return bytes === undefined ? undefined : (JSON.parse(bytes.subarray(1).toString()) as unknown)
  }

  /** Puts entries in the JSON format. */
  fill(name: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void {
    for (const [key, value] of entries) this.of(name).set(textOf(json(key)), json(value))
  }

  answer(request: FakeRequest): void {
    const { type, cacheName } = request
    if (type === Type.EnsureCache) {
      request.item(undefined, request.stream.ensure(request.read(EnsureCacheRequest).cache))
      request.complete()
    } else if (cacheName === undefined) {
      request.error(`No cache proxy exist for id ${request.cacheId ?? 0} request=${Type[type]}`)
    } else {
      this.#answer(request, cacheName)
    }
  }

  #answer(request: FakeRequest, name: string): void {
    const cache = this.of(name)
    switch (request.type) {
      case Type.Get:
        request.answer(optionalPayload(cache.get(keyOf(request))))
        return
      case Type.GetAll: {
        const keys = request.read(CollectionOfBytesValues).values
        const found = keys.map((key) => [key, cache.get(textOf(key))] as const)
        request.answer(
          ...found.flatMap(([key, value]) => (value === undefined ? [] : [entryPayload(key, value)])),
        )
        return
      }
      case Type.Put: {
        const { key, value } = request.read(PutRequest)
        request.answer(bytesPayload(replaced(cache, key, value) ?? NULL))
        return
      }
      case Type.PutIfAbsent: {
        const { key, value } = request.read(PutRequest)
        const existing = cache.get(textOf(key))
        if (existing === undefined) cache.set(textOf(key), value)
        request.answer(bytesPayload(existing ?? EMPTY))
        return
      }
      case Type.PutAll:
        for (const { key, value } of request.read(PutAllRequest).entries) cache.set(textOf(key), value)
        request.answer()
        return
      case Type.Replace: {
        const { key, value } = request.read(BinaryKeyAndValue)
        request.answer(bytesPayload(cache.has(textOf(key)) ? (replaced(cache, key, value) ?? EMPTY) : EMPTY))
        return
      }
      case Type.ReplaceMapping: {
        const { key, previousValue, newValue } = request.read(ReplaceMappingRequest)
        const matches = cache.get(textOf(key))?.equals(previousValue) === true
        if (matches) cache.set(textOf(key), newValue)
        request.answer(boolPayload(matches))
        return
      }
      case Type.Remove: {
        const existing = cache.get(keyOf(request))
        cache.delete(keyOf(request))
        request.answer(bytesPayload(existing ?? NULL))
        return
      }
      case Type.RemoveMapping: {
        const { key, value } = request.read(BinaryKeyAndValue)
        const matches = cache.get(textOf(key))?.equals(value) === true
        if (matches) cache.delete(textOf(key))
        request.answer(boolPayload(matches))
        return
      }
      case Type.ContainsKey:
        request.answer(boolPayload(cache.has(keyOf(request))))
        return
      case Type.ContainsValue: {
        const { value } = request.read(BytesValue)
        request.answer(boolPayload([...cache.values()].some((known) => known.equals(value))))
        return
      }
      case Type.ContainsEntry: {
        const { key, value } = request.read(BinaryKeyAndValue)
        request.answer(boolPayload(cache.get(textOf(key))?.equals(value) === true))
        return
      }
      case Type.IsEmpty:
        request.answer(boolPayload(cache.size === 0))
        return
      case Type.IsReady:
        request.answer(boolPayload(true))
        return
      case Type.Size:
        request.answer(int32Payload(cache.size))
        return
      case Type.Clear:
        cache.clear()
        request.answer()
        return
      case Type.Truncate:
        cache.clear()
        request.stream.event(request.cacheId ?? 0, ResponseType.Truncated)
        request.answer()
        return
      case Type.Destroy:
        cache.clear()
        request.stream.event(request.cacheId ?? 0, ResponseType.Destroyed)
        request.answer()
        return
      case Type.QueryKeys:
        request.answer(...[...cache.keys()].map((key) => bytesPayload(bytesOf(key))))
        return
      case Type.QueryValues:
        request.answer(...[...cache.values()].map(bytesPayload))
        return
      case Type.QueryEntries:
        request.answer(...entriesOf(cache))
        return
      case Type.Aggregate:
        request.answer(bytesPayload(json(cache.size)))
        return
      case Type.Invoke: {
        const keys = request.read(ExecuteRequest).keys?.keyOrFilter
        if (keys?.$case === 'key') request.answer(entryPayload(keys.value, json('invoked')))
        else request.answer(...entriesOf(cache))
        return
      }
      case Type.Index:
      case Type.MapListener:
        request.answer()
        return
      case Type.PageOfKeys:
        this.#answerPage(
          request,
          [...cache.keys()].map((key) => bytesPayload(bytesOf(key))),
        )
        return
      case Type.PageOfEntries:
        this.#answerPage(request, entriesOf(cache))
        return
      case Type.EnsureCache:
      case Type.Unknown:
        request.error(`Unrecognized request: ${Type[request.type]}`)
    }
  }

  /** A cookie is the number of elements before its page, as text. */
  #answerPage(request: FakeRequest, all: readonly Any[]): void {
    const begin = Number(request.read(BytesValue).value.toString())
    const end = begin + this.pageSize
    const cookie = Buffer.from(end < all.length ? String(end) : '')
    request.answer(bytesPayload(cookie), ...all.slice(begin, end))
  }
}

function entriesOf(cache: Cache): Any[] {
  return [...cache].map(([key, value]) => entryPayload(bytesOf(key), value))
}

function replaced(cache: Cache, key: Buffer, value: Buffer): Buffer | undefined {
  const existing = cache.get(textOf(key))
  cache.set(textOf(key), value)
  return existing
}

function keyOf(request: FakeRequest): string {
  return textOf(request.read(BytesValue).value)
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
