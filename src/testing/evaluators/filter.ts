// What every filter of entries is.
import type { JavaObject, JavaValue } from '../java/java-value'
import type { Entry } from './entry'
import { extractorMember } from './extractors'

export interface Filter {
  accepts(entry: Entry): boolean
  /**
   * What a query makes of the filter before it looks at entries: the answer for all of them, or another filter. Without it
   * the filter stays as it is.
   */
  readonly forQuery?: () => boolean | Filter
  /** How much work the server expects; 1 without it. */
  readonly weight?: number
  /** The filter as it is after a query, which puts parts of it in another order; without it as it was. */
  readonly afterQuery?: () => Filter
}

export function forQuery(filter: Filter): boolean | Filter {
  return filter.forQuery?.() ?? filter
}

export function afterQuery(filter: Filter): Filter {
  return filter.afterQuery?.() ?? filter
}

/** A filter that looks at what an extractor takes out of the entry. */
export function ofExtracted(agent: JavaObject, accepts: (extracted: JavaValue) => boolean): Filter {
  const extractor = extractorMember(agent)
  return { accepts: (entry) => accepts(extractor.extract(entry)) }
}
