// Makes the filters that compare what a source extracts.
import type { Filter } from './query'
import { checkValue, serverObject, shown } from './server-object'
import { extractorFrom } from './source'

/**
 * Makes a filter that compares what the source extracts with `value`.
 *
 * @throws {TypeError} the path is wrong, or `value` is `undefined`.
 */
export function comparison<V>(caller: string, className: string, source: unknown, value: unknown): Filter<V> {
  const extractor = extractorFrom(caller, source)
  checkValue(caller, value)
  return serverObject(className, { extractor, value })
}

/**
 * Makes a filter that compares what the source extracts with each of `values`.
 *
 * @throws {TypeError} `values` is not iterable or contains `undefined`.
 */
export function comparisonWithEach<V>(
  caller: string,
  className: string,
  source: unknown,
  values: unknown,
): Filter<V> {
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values)) {
    throw new TypeError(`${caller} got ${shown(values)}: pass an array or another iterable of values`)
  }
  const list = [...(values as Iterable<unknown>)]
  for (const value of list) checkValue(caller, value)
  return comparison(caller, className, source, Object.freeze(list))
}
