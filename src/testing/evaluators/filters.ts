// Filters say which entries a query is about.
import { javaEquals } from '../java/equality'
import { JavaException } from '../java/java-exception'
import { identityText } from '../java/json-printer'
import { JavaObject, type JavaValue } from '../java/java-value'
import {
  castFailure,
  evaluatorOf,
  integerMember,
  listMember,
  member,
  memberEvaluator,
  memberEvaluators,
  nullPointer,
  unreadable,
  type Table,
} from './agents'
import { CONTAINING_FILTERS } from './containing-filters'
import { COMPARING_FILTERS } from './comparing-filters'
import { allOf, anyOf, notOf, xorOf } from './composed-filters'
import type { Filter } from './filter'
import { TEXT_FILTERS } from './text-filters'

export type { Filter } from './filter'

const FILTER = 'com.tangosol.util.Filter'
const KEY_SET = 'filter.InKeySetFilter'
const CONJUNCTIONS: readonly string[] = ['filter.AllFilter', 'filter.AndFilter']
/** They cannot use an index, which a PriorityFilter demands. */
const EVENT_FILTERS: readonly string[] = [
  'filter.MapEventFilter',
  'filter.CacheEventFilter',
  'filter.ValueChangeEventFilter',
  'filter.MapEventTransformerFilter',
]

const FILTERS: Table<Filter> = {
  ...COMPARING_FILTERS,
  ...CONTAINING_FILTERS,
  ...TEXT_FILTERS,
  'filter.AlwaysFilter': () => ({ accepts: () => true, forQuery: () => true, weight: 0 }),
  'filter.NeverFilter': () => ({ accepts: () => false, forQuery: () => false, weight: 0 }),
  'filter.PresentFilter': () => ({
    accepts: ({ isPresent }) => isPresent,
    forQuery: () => true,
    weight: 0,
  }),
  'filter.NotFilter': (agent) => notOf(filterMember(agent)),
  'filter.AllFilter': composed(allOf),
  'filter.AndFilter': composed(allOf),
  'filter.BetweenFilter': between,
  'filter.AnyFilter': composed(anyOf),
  'filter.OrFilter': composed(anyOf),
  'filter.XorFilter': composed(xorOf),
  [KEY_SET]: inKeySet,
  'filter.KeyAssociatedFilter': keyAssociated,
  'filter.LimitFilter': limit,
  'filter.PartitionedFilter': (agent) => filterMember(agent),
  'filter.PriorityFilter': priority,
  'filter.PredicateFilter': refused,
  'filter.ExtractorFilter': refused,
  'filter.ComparisonFilter': refused,
  'filter.ArrayFilter': refused,
  'filter.ScriptFilter': () => ({
    accepts: () => {
      throw new JavaException('java.lang.NoClassDefFoundError', 'org.graalvm.polyglot.Context')
    },
  }),
  ...Object.fromEntries(EVENT_FILTERS.map((name) => [name, ofEvents])),
}

export const FILTER_CLASSES: readonly string[] = Object.keys(FILTERS)

/** Makes the filter of a query. */
export function toFilter(agent: JavaValue): Filter {
  if (isKeySet(agent)) return onlyInKeySet(agent)
  const filter = evaluatorOf(FILTERS, FILTER, agent)
  const isConjunction = agent instanceof JavaObject && CONJUNCTIONS.includes(agent.className)
  return isConjunction ? failsOnKeySet(agent, filter) : filter
}

/** The filter that is a member of an agent. Without one whatever asks it fails. */
export function filterMember(agent: JavaObject, name = 'filter'): Filter {
  return optionalFilterMember(agent, name) ?? MISSING
}

export function optionalFilterMember(agent: JavaObject, name = 'filter'): Filter | undefined {
  return memberEvaluator(FILTERS, agent, name)
}

/** Asks a filter about a value that is in no entry. */
export function acceptsValue(filter: Filter, value: JavaValue): boolean {
  return filter.accepts({ key: value, value, isPresent: true })
}

const MISSING: Filter = {
  accepts: () => {
    throw nullPointer('Cannot invoke "com.tangosol.util.Filter.evaluate(Object)" because "filter" is null')
  },
}

const NO_PARTS = 'Cannot read the array length because "this.m_aFilter" is null'
const NO_BOUNDS =
  'Cannot load from object array because the return value of "com.tangosol.util.filter.BetweenFilter.getFilters()" is null'

function composed(compose: (parts: readonly Filter[]) => Filter): (agent: JavaObject) => Filter {
  return (agent) => {
    const parts = memberEvaluators(FILTERS, agent, 'filters')
    return parts === undefined ? failing(NO_PARTS) : compose(parts)
  }
}

function between(agent: JavaObject): Filter {
  const parts = memberEvaluators(FILTERS, agent, 'filters')
  if (parts === undefined) return failing(NO_BOUNDS)
  return { accepts: (entry) => parts.every((part) => part.accepts(entry)) }
}

function failing(text: string): Filter {
  return {
    accepts: () => {
      throw nullPointer(text)
    },
  }
}

/**
 * A set of keys that is a part of another filter, or of a processor. It looks for binary keys among those that the client
 * sent, and so finds none.
 */
function inKeySet(agent: JavaObject): Filter {
  listMember(agent, 'keys')
  optionalFilterMember(agent)
  return { accepts: () => false }
}

/** A set of keys that is the whole filter. Keys are the same as keys of the cache are: `1` and `1.0` are two. */
function onlyInKeySet(agent: JavaObject): Filter {
  const keys = new Set((listMember(agent, 'keys') ?? []).map(identityText))
  const filter = optionalFilterMember(agent)
  return {
    accepts: (entry) => keys.has(identityText(entry.key)) && (filter === undefined || filter.accepts(entry)),
  }
}

/** Where a set of keys is one of several conditions the query fails: the server takes the keys for binary ones. */
function failsOnKeySet(agent: JavaObject, filter: Filter): Filter {
  const keySet = (listMember(agent, 'filters') ?? []).find(isKeySet)
  if (keySet === undefined) return filter
  const [key = null] = listMember(keySet, 'keys') ?? []
  return {
    accepts: () => {
      throw castFailure(key, 'com.tangosol.util.Binary')
    },
  }
}

function isKeySet(agent: JavaValue): agent is JavaObject {
  return agent instanceof JavaObject && agent.className === KEY_SET
}

/** On a server the keys of one partition; here the host key alone, because partitions are not alike. */
function keyAssociated(agent: JavaObject): Filter {
  const hostKey = member(agent, 'hostKey')
  const filter = filterMember(agent)
  return { accepts: (entry) => javaEquals(entry.key, hostKey) && filter.accepts(entry) }
}

/** Accepts the entries of one page, in the order in which it is asked about them. So each query needs its own. */
function limit(agent: JavaObject): Filter {
  const filter = filterMember(agent)
  const pageSize = integerMember(agent, 'pageSize')
  const start = pageSize * integerMember(agent, 'page')
  let accepted = 0
  return {
    accepts: (entry) => {
      if (!filter.accepts(entry)) return false
      accepted += 1
      return accepted > start && accepted <= start + pageSize
    },
  }
}

function priority(agent: JavaObject): Filter {
  const inner = member(agent, 'filter')
  if (inner instanceof JavaObject && EVENT_FILTERS.includes(inner.className)) throw unreadable()
  return filterMember(agent)
}

function refused(): never {
  throw unreadable()
}

/** A filter of events, which entries are not. */
function ofEvents(): Filter {
  return {
    accepts: ({ value }) => {
      throw castFailure(value, 'com.tangosol.util.MapEvent')
    },
  }
}
