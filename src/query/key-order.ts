// Orders of keys. A comparator of the server's sees values; where it is an extractor of keys itself, or is made of such
// alone, the server orders entries by their keys.
import { classNameOf } from './server-object'

/** Whether `extractor` takes what it gives from keys. */
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
