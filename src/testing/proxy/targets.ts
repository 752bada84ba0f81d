// Which entries a request is about: by keys, by a filter, or all.
import type { ExecuteRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { toComparator } from '../evaluators/comparators'
import { type Filter, forQuery } from '../evaluators/filter'
import { toFilter } from '../evaluators/filters'
import type { StoredCache } from '../store/stored-cache'
import { identityOf, type Stored, toStored } from '../store/stored-value'
import { AbsentEntryView, StoredEntryView } from './entry-views'
import { onStorage } from './errors'
import { readOptional, readValue } from './json-bytes'

/** A key, and what it is known by. */
export interface KeyTarget {
  readonly id: string
  readonly key: Stored
}

export function keyOf(bytes: Buffer): KeyTarget {
  const key = readStored(bytes)
  return { id: identityOf(key), key }
}

/** A value as it is kept. */
export function readStored(bytes: Buffer): Stored {
  return toStored(readValue(bytes))
}

export function distinct(targets: readonly KeyTarget[]): KeyTarget[] {
  return [...new Map(targets.map((target) => [target.id, target])).values()]
}

/** The entries that an aggregator works on. */
export function chosen(
  cache: StoredCache,
  keys: ExecuteRequest['keys'],
): (StoredEntryView | AbsentEntryView)[] {
  const which = keys?.keyOrFilter
  switch (which?.$case) {
    case 'key':
      return entriesOf(cache, [keyOf(which.value)])
    case 'keys':
      return entriesOf(cache, distinct(which.value.values.map(keyOf)))
    case 'filter':
    case undefined:
      return accepted(cache, which?.value)
  }
}

function entriesOf(cache: StoredCache, targets: readonly KeyTarget[]): (StoredEntryView | AbsentEntryView)[] {
  return targets.map(({ id, key }) => {
    const entry = cache.get(id)
    return entry === undefined ? new AbsentEntryView(key) : new StoredEntryView(entry)
  })
}

/** The entries that the filter accepts. */
function accepted(cache: StoredCache, bytes: Buffer | undefined): StoredEntryView[] {
  const agent = readOptional(bytes)
  const entries = viewsOf(cache)
  if (agent === null) return entries
  return onStorage(() => {
    const filter = toFilter(agent)
    return entries.filter((entry) => filter.accepts(entry))
  })
}

/** The entries that a query finds. Where it reads more than keys it asks them again, by `filterAgain`. */
export function queried(
  cache: StoredCache,
  bytes: Buffer | undefined,
  filterAgain?: (filter: Filter) => Filter,
): StoredEntryView[] {
  const agent = readOptional(bytes)
  const entries = viewsOf(cache)
  if (agent === null) return entries
  return onStorage(() => {
    const filter = toFilter(agent)
    const rest = forQuery(filter)
    if (rest === false) return []
    const found = rest === true ? entries : entries.filter((entry) => rest.accepts(entry))
    if (filterAgain === undefined || rest === filter) return found
    const again = filterAgain(filter)
    return found.filter((entry) => again.accepts(entry))
  })
}

function viewsOf(cache: StoredCache): StoredEntryView[] {
  return cache.entries().map((entry) => new StoredEntryView(entry))
}

export function ordered(entries: StoredEntryView[], comparator: Buffer | undefined): StoredEntryView[] {
  const agent = readOptional(comparator)
  if (agent === null) return entries
  const compare = toComparator(agent)
  return entries.sort((a, b) => compare(a, b))
}
