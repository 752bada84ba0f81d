// What evaluators see of the cache.
import type { JavaValue } from '../java/java-value'

/** An entry that is asked about. Without an entry for the key `isPresent` is false and `value` null. */
export interface Entry {
  readonly key: JavaValue
  readonly value: JavaValue
  readonly isPresent: boolean
}

/** An entry that a processor changes; the cache stores the change when the processor has ended. */
export interface MutableEntry extends Entry {
  /** `ttlMillis`: 0 for the cache's default, below 0 for never. */
  setValue(value: JavaValue, ttlMillis?: number): void
  remove(): void
}

/** A change of an entry. `id` is 1 for an insert, 2 for an update, 3 for a delete. */
export interface CacheEvent {
  readonly id: 1 | 2 | 3
  readonly key: JavaValue
  readonly oldValue: JavaValue
  readonly newValue: JavaValue
  readonly synthetic: boolean
  readonly expired: boolean
}
