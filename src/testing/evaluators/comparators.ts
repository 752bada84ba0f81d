// The orders of queries: by what a comparator makes of the values or, where it is about keys, of the keys.
import { JavaObject, type JavaValue } from '../java/java-value'
import { isList, member } from './agents'
import type { Entry } from './entry'
import { toValueOrder } from './extractors'

export function toComparator(agent: JavaValue): (a: Entry, b: Entry) => number {
  const order = toValueOrder(agent)
  return isOfKeys(agent) ? (a, b) => order(a.key, b.key) : (a, b) => order(a.value, b.value)
}

/** Whether a comparator orders keys: one of a KeyExtractor, also with others around it. */
function isOfKeys(agent: JavaValue): boolean {
  if (!(agent instanceof JavaObject)) return false
  switch (agent.className) {
    case 'extractor.KeyExtractor':
      return true
    case 'comparator.ExtractorComparator':
      return isOfKeys(member(agent, 'extractor'))
    case 'comparator.SafeComparator':
    case 'comparator.InverseComparator':
      return isOfKeys(member(agent, 'comparator'))
    case 'comparator.ChainedComparator': {
      const comparators = member(agent, 'comparators')
      return isList(comparators) && comparators.every(isOfKeys)
    }
    default:
      return false
  }
}
