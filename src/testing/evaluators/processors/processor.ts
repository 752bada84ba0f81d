// What every processor is.
import type { JavaValue } from '../../java/java-value'
import type { MutableEntry } from '../entry'

export interface Processor {
  /** Returns `undefined` where there is no result: of many keys such a one is left out, while null is a result. */
  process(entry: MutableEntry): JavaValue | undefined
}
