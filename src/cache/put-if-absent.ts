// "Store if absent" as an entry processor: servers ignore the time to live in the request that v1 has for it, and some
// fail that request. The server runs the processor on the entry alone, so that it is as atomic as the request.
import { identity } from '../query/extractors'
import { any, isNull, not, present } from '../query/filters'
import { all, custom, extract, when } from '../query/processors'

/** Answers what was there in an array, and stores the value where nothing or null was there. */
export function putIfAbsentByProcessor(value: unknown, ttlMillis: number): object {
  const put = custom('internal.util.processor.CacheProcessors.Put', { value, ttl: ttlMillis })
  const isAbsent = any<unknown>(not(present()), isNull(identity()))
  return all(extract(identity<unknown>()), when(isAbsent, put))
}

/** The value that was there, `undefined` where there was none. */
export function readPutIfAbsent(answer: unknown): unknown {
  const [existing] = answer as [unknown, unknown]
  return existing ?? undefined
}
