// What the server does for each request of the cache service: one function for each type.
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { toAggregator } from '../evaluators/aggregators'
import { toExtractor } from '../evaluators/extractors'
import { afterQuery } from '../evaluators/filter'
import { toProcessor } from '../evaluators/processors'
import { javaEquals } from '../java/equality'
import { JavaException } from '../java/java-exception'
import { parseJson } from '../java/json-parser'
import { identityText } from '../java/json-printer'
import type { JavaValue } from '../java/java-value'
import type { StoredCache } from '../store/stored-cache'
import type { StoredCaches } from '../store/stored-caches'
import { identityOf, isSame, textOf, toStored, valueOf } from '../store/stored-value'
import type { CacheRequest } from './cache-request'
import { changeListener } from './listener-requests'
import { page } from './pages'
import { chosen, distinct, keyOf, ordered, queried, readStored } from './targets'
import { exceptionBytes, onStorage, StorageFailure } from './errors'
import { bytesOf, bytesOfValue, NULL_BYTES, readOptional, readValue } from './json-bytes'
import { boolPayload, bytesPayload, entryPayload, int32Payload, NO_BYTES, optionalPayload } from './payloads'
import { WorkingEntry, type WorkTarget } from './entry-views'
import * as Messages from './messages'

type Answer = (request: CacheRequest, cache: StoredCache) => void | Promise<void>

export class CacheService {
  readonly #caches: StoredCaches

  constructor(caches: StoredCaches) {
    this.#caches = caches
  }

  /** Answers the request: with what it asks for, or with the error that the server has for it. */
  answer(request: CacheRequest): void {
    try {
      const answered = this.#answer(request)
      if (answered !== undefined) answered.catch((error: unknown) => refuse(request, error))
    } catch (error) {
      refuse(request, error)
    }
    const cache = request.view?.cache
    if (cache?.expires === true) this.#caches.watchExpiry(cache)
  }

  #answer(request: CacheRequest): void | Promise<void> {
    const { type, view } = request
    if (type === Type.EnsureCache) {
      const { cache } = request.unpack(Messages.EnsureCacheRequest)
      if (cache === '')
        throw new JavaException('java.lang.IllegalArgumentException', 'CacheName cannot be empty')
      request.item(undefined, request.stream.ensure(this.#caches.ensure(request.stream.scope ?? '', cache)))
      request.complete()
      return
    }
    const answer = ANSWERS[type]
    const name = nameOf(type)
    if (answer === undefined) {
      throw new JavaException('java.lang.IllegalArgumentException', `Unrecognized request: ${name}`)
    }
    if (request.cacheId === 0) {
      throw new JavaException(
        'java.lang.IllegalArgumentException',
        `Missing channel id in request, has an EnsureCache request been sent${name}`,
      )
    }
    if (view === undefined) {
      throw new JavaException(
        'java.lang.IllegalStateException',
        `No cache proxy exist for id ${request.cacheId} request=${name}`,
      )
    }
    if (view.wasDestroyedHere) {
      throw new JavaException(
        'java.lang.IllegalStateException',
        `The cache with id ${request.cacheId} has been explicitly destroyed`,
      )
    }
    if (view.cache.isDestroyed && type !== Type.Destroy) {
      throw new JavaException('java.lang.IllegalStateException', 'Cache is not active')
    }
    return answer(request, view.cache)
  }
}

const ANSWERS: Partial<Record<Type, Answer>> = {
  [Type.Aggregate](request, cache) {
    const { agent, keys } = request.unpack(Messages.ExecuteRequest)
    if (agent.length === 0) {
      throw new JavaException('java.lang.IllegalArgumentException', 'Aggregator must be specified')
    }
    const aggregator = toAggregator(readValue(agent))
    const key = keys?.keyOrFilter?.$case === 'key' ? keys.keyOrFilter.value : undefined
    const entries = chosen(cache, keys).filter((entry) => entry.isPresent || aggregator.takesAbsent === true)
    const result = onStorage(() => aggregator.aggregate(entries))
    const bytes = bytesOfResult(result)
    request.answer(key === undefined ? bytesPayload(bytes) : entryPayload(key, bytes))
  },
  [Type.Clear](request, cache) {
    cache.clear()
    request.complete()
  },
  [Type.ContainsEntry](request, cache) {
    const { key, value } = request.unpack(Messages.BinaryKeyAndValue)
    const entry = cache.get(keyOf(key).id)
    const sought = readValue(value)
    request.answer(boolPayload(entry !== undefined && javaEquals(valueOf(entry.value), sought)))
  },
  [Type.ContainsKey](request, cache) {
    request.answer(boolPayload(cache.get(keyOf(request.unpack(Messages.BytesValue).value).id) !== undefined))
  },
  [Type.ContainsValue](request, cache) {
    const sought = readValue(request.unpack(Messages.BytesValue).value)
    request.answer(boolPayload(cache.entries().some(({ value }) => javaEquals(valueOf(value), sought))))
  },
  [Type.Destroy](request, cache) {
    if (request.view !== undefined) request.view.wasDestroyedHere = true
    cache.destroy()
    request.complete()
  },
  [Type.Get](request, cache) {
    // Of all requests this one reads the key as it would print it.
    const { key } = keyOf(request.unpack(Messages.BytesValue).value)
    const printed = typeof key === 'string' ? key : toStored(parseJson(textOf(key)))
    const entry = cache.get(identityOf(printed))
    request.answer(optionalPayload(entry && bytesOf(entry.value)))
  },
  [Type.GetAll](request, cache) {
    const ids = new Set(request.unpack(Messages.CollectionOfBytesValues).values.map((key) => keyOf(key).id))
    for (const id of ids) {
      const entry = cache.get(id)
      if (entry !== undefined && entry.value !== 'null') {
        request.item(entryPayload(bytesOf(entry.key), bytesOf(entry.value)))
      }
    }
    request.complete()
  },
  [Type.Index](request, cache) {
    const { add, extractor, sorted, comparator } = request.unpack(Messages.IndexRequest)
    const agent = readValue(extractor)
    toExtractor(agent)
    const identity = identityText(agent)
    const known = cache.indexes.get(identity)
    if (add) {
      const index = { extractor: agent, isOrdered: sorted === true, comparator: readOptional(comparator) }
      if (
        known !== undefined &&
        (known.isOrdered !== index.isOrdered || !javaEquals(known.comparator, index.comparator))
      ) {
        const text = 'An incompatible index already exists'
        throw new StorageFailure(new JavaException('java.lang.IllegalArgumentException', text))
      }
      cache.indexes.set(identity, index)
    } else {
      cache.indexes.delete(identity)
    }
    request.complete()
  },
  [Type.Invoke](request, cache) {
    const { agent, keys } = request.unpack(Messages.ExecuteRequest)
    if (agent.length === 0) {
      throw new JavaException('java.lang.IllegalArgumentException', 'Processor must be specified')
    }
    const processor = toProcessor(readValue(agent))
    const which = keys?.keyOrFilter
    if (which?.$case === 'key') {
      const { id, key } = keyOf(which.value)
      const result = onStorage(() =>
        WorkingEntry.run(cache, { id, key }, (entry) => processor.process(entry)),
      )
      request.answer(entryPayload(bytesOf(key), bytesOfResult(result ?? null)))
      return undefined
    }
    const targets: readonly WorkTarget[] =
      which?.$case === 'keys'
        ? distinct(which.value.values.map(keyOf))
        : queried(cache, which?.value, (filter) => filter).map((found) => ({
            id: identityOf(found.stored.key),
            key: found.stored.key,
          }))
    const results = onStorage(() =>
      targets.flatMap((target) => {
        const result = WorkingEntry.run(cache, target, (entry) => processor.process(entry))
        if (result === undefined) return []
        return [entryPayload(bytesOf(target.key), bytesOfResult(result))]
      }),
    )
    return request.answerEach(results)
  },
  [Type.IsEmpty](request, cache) {
    request.answer(boolPayload(cache.size === 0))
  },
  [Type.IsReady](request) {
    request.answer(boolPayload(true))
  },
  [Type.MapListener](request) {
    changeListener(request)
  },
  [Type.PageOfEntries](request, cache) {
    const [cookie, entries] = page(request, cache)
    request.item(cookie, request.cacheId)
    request.answer(...entries.map(({ key, value }) => entryPayload(bytesOf(key), bytesOf(value))))
  },
  [Type.PageOfKeys](request, cache) {
    const [cookie, entries] = page(request, cache)
    request.item(cookie, request.cacheId)
    request.answer(...entries.map(({ key }) => bytesPayload(bytesOf(key))))
  },
  [Type.Put](request, cache) {
    const { key, value, ttl } = request.unpack(Messages.PutRequest)
    const { id, key: stored } = keyOf(key)
    const before = cache.put(id, stored, readStored(value), Number(ttl ?? 0n))
    request.answer(bytesPayload(before === undefined ? NULL_BYTES : bytesOf(before)))
  },
  [Type.PutAll](request, cache) {
    const { entries, ttl } = request.unpack(Messages.PutAllRequest)
    const read = entries.map(({ key, value }) => ({ ...keyOf(key), value: readStored(value) }))
    for (const { id, key, value } of read) cache.put(id, key, value, Number(ttl ?? 0n))
    request.complete()
  },
  [Type.PutIfAbsent](request, cache) {
    const { key, value } = request.unpack(Messages.PutRequest)
    const { id, key: stored } = keyOf(key)
    const known = cache.get(id)
    const isAbsent = known === undefined || known.value === 'null'
    const read = readStored(value)
    if (isAbsent && (known === undefined || !isSame(known.value, read))) cache.put(id, stored, read)
    request.answer(bytesPayload(isAbsent ? NO_BYTES : bytesOf(known.value)))
  },
  [Type.QueryEntries](request, cache) {
    const { filter, comparator } = request.unpack(Messages.QueryRequest)
    const entries = ordered(queried(cache, filter, afterQuery), comparator)
    return request.answerEach(
      mapped(entries, ({ stored: { key, value } }) => entryPayload(bytesOf(key), bytesOf(value))),
    )
  },
  [Type.QueryKeys](request, cache) {
    const { filter } = request.unpack(Messages.QueryRequest)
    const entries = queried(cache, filter)
    return request.answerEach(mapped(entries, ({ stored: { key } }) => bytesPayload(bytesOf(key))))
  },
  [Type.QueryValues](request, cache) {
    const { filter, comparator } = request.unpack(Messages.QueryRequest)
    const entries = ordered(queried(cache, filter, afterQuery), comparator)
    return request.answerEach(mapped(entries, ({ stored: { value } }) => bytesPayload(bytesOf(value))))
  },
  [Type.Remove](request, cache) {
    const before = cache.remove(keyOf(request.unpack(Messages.BytesValue).value).id)
    request.answer(bytesPayload(before === undefined ? NULL_BYTES : bytesOf(before)))
  },
  [Type.RemoveMapping](request, cache) {
    const { key, value } = request.unpack(Messages.BinaryKeyAndValue)
    const { id } = keyOf(key)
    const known = cache.get(id)
    // An absent value is as good as null here.
    const matches = javaEquals(known === undefined ? null : valueOf(known.value), readValue(value))
    if (matches) cache.remove(id)
    request.answer(boolPayload(matches))
  },
  [Type.Replace](request, cache) {
    const { key, value } = request.unpack(Messages.BinaryKeyAndValue)
    const { id, key: stored } = keyOf(key)
    const read = readStored(value)
    const known = cache.get(id)
    // Neither this nor the requests like it store what is there already.
    if (known !== undefined && !isSame(known.value, read)) cache.put(id, stored, read)
    request.answer(bytesPayload(known === undefined ? NO_BYTES : bytesOf(known.value)))
  },
  [Type.ReplaceMapping](request, cache) {
    const { key, previousValue, newValue } = request.unpack(Messages.ReplaceMappingRequest)
    const { id, key: stored } = keyOf(key)
    const known = cache.get(id)
    const sought = readValue(previousValue)
    const read = readStored(newValue)
    const matches = known !== undefined && javaEquals(valueOf(known.value), sought)
    if (matches && !isSame(known.value, read)) cache.put(id, stored, read)
    request.answer(boolPayload(matches))
  },
  [Type.Size](request, cache) {
    request.answer(int32Payload(cache.size))
  },
  [Type.Truncate](request, cache) {
    cache.truncate()
    request.complete()
  },
}

/** What an agent returns; null takes no bytes at all. */
function bytesOfResult(result: JavaValue): Buffer {
  return result === null ? NO_BYTES : bytesOfValue(result)
}

/** Of a type that the contract does not know, too. */
function nameOf(type: Type): string {
  return type in Type ? Type[type] : 'UNRECOGNIZED'
}

function* mapped<T, R>(all: Iterable<T>, map: (one: T) => R): Iterable<R> {
  for (const one of all) yield map(one)
}

function refuse(request: CacheRequest, error: unknown): void {
  const { message, exception } = exceptionBytes(error)
  request.error(message, exception)
}
