// Orders of keys. A comparator of the server compares values. If it is an extractor of keys itself, or is made only of
// such extractors, the server orders entries by their keys.
import { classNameOf } from './server-object'

/** Whether `extractor` extracts from keys. */
export function isKeyExtractor(extractor: unknown): boolean {
  return classNameOf(extractor) === 'extractor.KeyExtractor'
}

/** Whether `comparator` orders entries by their keys. */
export function isKeyOrder(comparator: unknown): boolean {
  if (isKeyExtractor(comparator)) return true
  if (classNameOf(comparator) === '') return false
  const { comparator: inner, comparators = [inner] } = comparator as Readonly<Record<string, unknown>>
  return Array.isArray(comparators) && comparators.length > 0 && comparators.every(isKeyOrder)
}
