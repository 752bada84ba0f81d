// What all calls with many keys check and count.
import { describe } from './call-options'

/** What a key takes in a message beside its bytes, at the most. */
export const KEY_BYTES = 8

/** @throws {TypeError} `keys` is not iterable. */
export function checkedKeys<K>(operation: string, keys: unknown): Iterable<K> {
  if (typeof keys === 'object' && keys !== null && Symbol.iterator in keys) return keys as Iterable<K>
  throw new TypeError(
    `${operation}: the keys are ${describe(keys)}; pass an array or another iterable of keys`,
  )
}
