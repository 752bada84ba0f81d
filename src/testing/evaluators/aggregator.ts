// What every aggregator is.
import type { JavaValue } from '../java/java-value'
import type { Entry } from './entry'

export interface Aggregator {
  /** Whether it is asked about keys without an entry, too, where it is about keys. */
  readonly takesAbsent?: boolean
  aggregate(entries: readonly Entry[]): JavaValue
}
