// Stores a value if its key is absent or mapped to null. The server has a request for this, but it ignores the time to
// live, and some servers fail it. The client sends an entry processor then. The server runs a processor on the entry
// alone, so it is as atomic as the request.
import type { Call } from '../../calls/call'
import { inSteps } from '../../calls/steps'
import { CANNOT_ANSWER, type EntryBytes, type RemoteCache } from '../../protocol/port'
import { identity } from '../../query/extractors'
import { any, isNull, not, present } from '../../query/filters'
import { all, custom, extract, when } from '../../query/processors'
import type { EntryCodec } from './entry-codec'
import { DEFAULT_TTL } from './ttl'

/** An entry to store, as the user passed it and as bytes. */
interface NewEntry<K, V> {
  readonly key: K
  readonly value: V
  readonly bytes: EntryBytes
  readonly ttlMillis: number
}

export class PutIfAbsent<K, V> {
  readonly #codec: EntryCodec<K, V>
  readonly #remote: RemoteCache
  /** Whether the server can answer the request. It is taken for granted until the server fails one. */
  #requestWorks = true

  constructor(codec: EntryCodec<K, V>, remote: RemoteCache) {
    this.#codec = codec
    this.#remote = remote
  }

  /** Resolves to the value that was there; `undefined` if the new value was stored. */
  run(entry: NewEntry<K, V>, call: Call): Promise<V | undefined> {
    if (entry.ttlMillis !== DEFAULT_TTL || !this.#requestWorks) return this.#byProcessor(entry, call)
    return inSteps(call, async (step) => {
      const existing = await step((part) =>
        this.#remote.putIfAbsent(entry.bytes.key, entry.bytes.value, part),
      )
      if (existing === CANNOT_ANSWER) {
        const answer = await step((part) => this.#byProcessor(entry, part))
        this.#requestWorks = false
        return answer
      }
      return this.#codec.decodePreviousOrNothing(existing)
    })
  }

  async #byProcessor({ key, value, bytes, ttlMillis }: NewEntry<K, V>, call: Call): Promise<V | undefined> {
    const processor = this.#codec.encodeQuery(putIfAbsentByProcessor(value, ttlMillis))
    this.#codec.assertFits('setIfAbsent', bytes.key.length + processor.length, key)
    const answer = await this.#remote.queries.invoke(bytes.key, processor, call)
    return readPutIfAbsent(this.#codec.decodePrevious(answer)) as V | undefined
  }
}

/** Answers the value that was there, in an array, and stores the new value if there was none or it was null. */
function putIfAbsentByProcessor(value: unknown, ttlMillis: number): object {
  const put = custom('internal.util.processor.CacheProcessors.Put', { value, ttl: ttlMillis })
  const isAbsent = any<unknown>(not(present()), isNull(identity()))
  return all(extract(identity<unknown>()), when(isAbsent, put))
}

/** The value that was there; `undefined` if there was none. */
function readPutIfAbsent(answer: unknown): unknown {
  const [existing] = answer as [unknown, unknown]
  return existing ?? undefined
}
