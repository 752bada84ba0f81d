// Which events a listener or an event stream gets, as users say it.
import { wrongArgument } from '../calls/caller-stack'
import { textOf } from '../codec/byte-text'
import type { ListenTarget } from '../protocol/map-events'
import type { Bytes } from '../protocol/port'
import { always } from '../query/filters'
import type { Filter } from '../query/query'
import { CALL_OPTIONS, type CallOptions, describe } from './call-options'
import type { MapContext } from './map-context'
import { checkedOptionalQuery } from './query-options'

/**
 * A kind of change: `inserted`, `updated` (the old or the new value is accepted by the filter), `deleted`; of updates
 * alone `entered` (only the new value is accepted), `left` (only the old one), `within` (both).
 */
export type EventKind = 'inserted' | 'updated' | 'deleted' | 'entered' | 'left' | 'within'

/** Which events are wanted, and how. */
export interface ListenOptions<K, V> {
  /** Only events of this key. Excludes `filter` and `kinds`. */
  readonly key?: K | undefined
  /** Only events where the filter accepts the old or the new value. */
  readonly filter?: Filter<V> | undefined
  /** Only these kinds of change; inserted, updated and deleted where left out. */
  readonly kinds?: readonly EventKind[] | undefined
  /** Events without values, which are cheaper. */
  readonly lite?: boolean | undefined
  /**
   * The events of this session's own writes come before the writes are answered. Servers of protocol v1 always do
   * that; it is accepted for the sake of those that do not.
   */
  readonly synchronous?: boolean | undefined
  /** Tells first of the entries that are there, as updates marked `priming`. */
  readonly priming?: boolean | undefined
  /** After a gap tells again of the entries that are there, as updates marked `priming`. */
  readonly resync?: boolean | undefined
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Longest wait for the registration, in seconds. */
  readonly timeoutSeconds?: CallOptions['timeoutSeconds']
}

export const LISTEN_OPTIONS = [
  ...CALL_OPTIONS,
  'key',
  'filter',
  'kinds',
  'lite',
  'synchronous',
  'priming',
  'resync',
] as const

const MASKS: Readonly<Record<EventKind, number>> = {
  inserted: 1,
  updated: 2,
  deleted: 4,
  entered: 8,
  left: 16,
  within: 32,
}
const ALL_KINDS: readonly EventKind[] = ['inserted', 'updated', 'deleted']
const ALL_CHANGES = MASKS.inserted | MASKS.updated | MASKS.deleted
const ALL_UPDATES = MASKS.entered | MASKS.left | MASKS.within
const THE_KEY = {
  '@class': 'extractor.KeyExtractor',
  extractor: { '@class': 'extractor.IdentityExtractor' },
}
/** The bits above those of the kinds tell filters apart that are equal otherwise. */
const DISTINCTION_SHIFT = 8

type Given = Readonly<Record<string, unknown>>

/** The options of a listener, checked. */
export interface Listening<V> {
  readonly target: ListenTarget
  /** What the entries that are there are read by; `undefined` for all. */
  readonly filter: Filter<V> | undefined
  /** Whether every change of an entry that the target selects is told of, and not some kinds only. */
  readonly seesAllChanges: boolean
  readonly lite: boolean
  readonly priming: boolean
  readonly resync: boolean
}

/** @throws {TypeError} an option is wrong. */
export function listeningOf<K, V>(operation: string, given: Given, context: MapContext<K, V>): Listening<V> {
  const filter = checkedOptionalQuery(operation, 'filter', given['filter']) as Filter<V> | undefined
  flag(operation, 'synchronous', given)
  const mask = maskOf(operation, given)
  return {
    target: targetOf(operation, given, mask, filter, context),
    filter,
    seesAllChanges: seesAllChanges(mask),
    lite: flag(operation, 'lite', given),
    priming: flag(operation, 'priming', given),
    resync: flag(operation, 'resync', given),
  }
}

function targetOf<K, V>(
  operation: string,
  given: Given,
  mask: number,
  filter: Filter<V> | undefined,
  context: MapContext<K, V>,
): ListenTarget {
  const { key } = given
  if (key === undefined) {
    const ofEvents = eventFilters(operation, mask, filter ?? always(), context)
    return { kind: 'filter', filter: ofEvents(0), distinct: ofEvents }
  }
  if (filter !== undefined || given['kinds'] !== undefined) {
    throw wrongArgument(`${operation}: key excludes filter and kinds; pass one or the other`)
  }
  const ofKey = { '@class': 'filter.EqualsFilter', extractor: THE_KEY, value: key }
  return {
    kind: 'key',
    key: context.encodeKey(operation, key as K),
    identify: (key) => {
      const bytes = context.codec.sentBytes(key)
      return bytes === undefined ? undefined : textOf(bytes)
    },
    filter: eventFilters(operation, mask, ofKey, context),
  }
}

/** The filter of events for each distinction; each is another one to the server, and accepts the same. */
function eventFilters<K, V>(
  operation: string,
  mask: number,
  filter: object,
  context: MapContext<K, V>,
): (distinction: number) => Bytes {
  return (distinction) => {
    const distinct = mask | (distinction << DISTINCTION_SHIFT)
    return context.encodeQuery(operation, 'filter', {
      '@class': 'filter.MapEventFilter',
      mask: distinct,
      filter,
    })
  }
}

function maskOf(operation: string, { kinds = ALL_KINDS }: Given): number {
  if (!Array.isArray(kinds) || kinds.length === 0) {
    throw wrongArgument(
      `${operation}: kinds is ${describe(kinds)}; pass an array of ${Object.keys(MASKS).join(', ')}`,
    )
  }
  return kinds.reduce((mask: number, kind: unknown) => {
    if (typeof kind === 'string' && Object.hasOwn(MASKS, kind)) return mask | MASKS[kind as EventKind]
    throw wrongArgument(
      `${operation}: there is no kind ${describe(kind)}; the kinds are ${Object.keys(MASKS).join(', ')}`,
    )
  }, 0)
}

function seesAllChanges(mask: number): boolean {
  const updates = (mask & ALL_UPDATES) === ALL_UPDATES ? MASKS.updated : 0
  return ((mask | updates) & ALL_CHANGES) === ALL_CHANGES
}

function flag(operation: string, name: string, given: Given): boolean {
  const value = given[name]
  if (value === undefined || typeof value === 'boolean') return value === true
  throw wrongArgument(`${operation}: ${name} is ${describe(value)}; pass true or false`)
}
