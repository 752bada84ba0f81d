// Which events a listener or an event stream gets, as users say it.
import { wrongArgument } from '../calls/caller-stack'
import { textOf } from '../codec/byte-text'
import type { ListenTarget } from '../protocol/map-events'
import type { Bytes } from '../protocol/port'
import {
  changesOf,
  checkEventFilter,
  distinctEventFilter,
  EVENT_MASKS,
  EVERY_CHANGE,
  isEventFilter,
  isEveryChange,
  valuesOfEventFilter,
} from '../query/event-filter'
import { always } from '../query/filters'
import type { Filter } from '../query/query'
import { CALL_OPTIONS, type CallOptions, describe } from './call-options'
import type { MapContext } from './map-context'
import { checkedOptionalQuery } from './query-options'

/**
 * A kind of change: the type of an event, `insert`, `update` (the filter accepts the old or the new value) or `delete`;
 * of updates alone `entered` (it accepts only the new value), `left` (only the old one), `within` (both).
 */
export type EventKind = 'insert' | 'update' | 'delete' | 'entered' | 'left' | 'within'

/**
 * Which events are wanted, and how they are told. `Lite` is the type of `lite`, `Primed` that of `priming` and
 * `resync`: they say which values the events carry.
 */
export type ListenOptions<K, V, Lite extends boolean = boolean, Primed extends boolean = boolean> = (
  | {
      /** Only events of this key. Excludes `filter` and `kinds`. */
      readonly key?: K | undefined
      readonly filter?: undefined
      readonly kinds?: undefined
    }
  | {
      readonly key?: undefined
      /**
       * Only events where the filter accepts the old or the new value. An event filter of the server's, such as
       * `Filters.custom('filter.CacheEventFilter', …)`, is sent as it is; it excludes `kinds`.
       */
      readonly filter?: Filter<V> | undefined
      /** Only these kinds of change; insert, update and delete where left out. */
      readonly kinds?: readonly EventKind[] | undefined
    }
) & {
  /** Events without values, which are cheaper. */
  readonly lite?: Lite | undefined
  /**
   * The events of this session's own writes come before the writes are answered. Servers of protocol v1 always do
   * that; it is accepted for the sake of those that do not.
   */
  readonly synchronous?: boolean | undefined
  /** Tells first of the entries that are there, as updates marked `priming`. */
  readonly priming?: Primed | undefined
  /** After a gap tells again of the entries that are there, as updates marked `priming`. */
  readonly resync?: Primed | undefined
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
  insert: EVENT_MASKS.inserted,
  update: EVENT_MASKS.updated,
  delete: EVENT_MASKS.deleted,
  entered: EVENT_MASKS.entered,
  left: EVENT_MASKS.left,
  within: EVENT_MASKS.within,
}
/** How the kinds were spelled before they were the types of events. */
const FORMER_KINDS: Readonly<Record<string, EventKind>> = {
  inserted: 'insert',
  updated: 'update',
  deleted: 'delete',
}
const ALL_KINDS: readonly EventKind[] = ['insert', 'update', 'delete']
const THE_KEY = {
  '@class': 'extractor.KeyExtractor',
  extractor: { '@class': 'extractor.IdentityExtractor' },
}

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
  const filter = checkedOptionalQuery(operation, 'filter', given['filter'])
  flag(operation, 'synchronous', given)
  const flags = {
    lite: flag(operation, 'lite', given),
    priming: flag(operation, 'priming', given),
    resync: flag(operation, 'resync', given),
  }
  if (given['key'] !== undefined) return { ...listeningToKey(operation, given, context), ...flags }
  if (filter !== undefined && isEventFilter(filter))
    return { ...listeningByEventFilter(operation, given, filter, context), ...flags }
  const mask = maskOf(operation, given)
  return {
    target: filterTarget((distinction) =>
      context.encodeQuery(operation, 'filter', changesOf(filter ?? always(), mask, distinction)),
    ),
    filter: filter as Filter<V> | undefined,
    seesAllChanges: isEveryChange(mask),
    ...flags,
  }
}

type WhatIsHeard<V> = Pick<Listening<V>, 'target' | 'filter' | 'seesAllChanges'>

function listeningToKey<K, V>(operation: string, given: Given, context: MapContext<K, V>): WhatIsHeard<V> {
  const { key } = given
  if (given['filter'] !== undefined || given['kinds'] !== undefined) {
    throw wrongArgument(`${operation}: key excludes filter and kinds; pass one or the other`)
  }
  const ofKey = { '@class': 'filter.EqualsFilter', extractor: THE_KEY, value: key }
  return {
    target: {
      kind: 'key',
      key: context.encodeKey(operation, key as K),
      identify: (key) => {
        const bytes = context.codec.sentBytes(key)
        return bytes === undefined ? undefined : textOf(bytes)
      },
      filter: (distinction) =>
        context.encodeQuery(operation, 'filter', changesOf(ofKey, EVERY_CHANGE, distinction)),
    },
    filter: undefined,
    seesAllChanges: true,
  }
}

/** By a filter that is sent as it is. */
function listeningByEventFilter<K, V>(
  operation: string,
  given: Given,
  filter: object,
  context: MapContext<K, V>,
): WhatIsHeard<V> {
  checkEventFilter(operation, filter)
  if (given['kinds'] !== undefined) {
    throw wrongArgument(
      `${operation}: kinds excludes a filter that is an event filter; say in its mask which kinds of change it lets through`,
    )
  }
  const values = valuesOfEventFilter(filter)
  if (values === undefined && (given['priming'] === true || given['resync'] === true)) {
    throw wrongArgument(
      `${operation}: priming and resync exclude this event filter, which does not say which entries it is about; ` +
        'pass a filter of values, or a filter.MapEventFilter with one',
    )
  }
  return {
    target: filterTarget((distinction) =>
      context.encodeQuery(operation, 'filter', distinctEventFilter(filter, distinction)),
    ),
    filter: values?.filter as Filter<V> | undefined,
    seesAllChanges: values?.everyChange === true,
  }
}

/** `ofEvents` gives for each distinction what is another filter to the server, and accepts the same. */
function filterTarget(ofEvents: (distinction: number) => Bytes): ListenTarget {
  return { kind: 'filter', filter: ofEvents(0), distinct: ofEvents }
}

function maskOf(operation: string, { kinds = ALL_KINDS }: Given): number {
  const all = Object.keys(MASKS).join(', ')
  if (!Array.isArray(kinds) || kinds.length === 0) {
    throw wrongArgument(`${operation}: kinds is ${describe(kinds)}; pass an array of ${all}`)
  }
  return kinds.reduce((mask: number, kind: unknown) => {
    if (typeof kind === 'string' && Object.hasOwn(MASKS, kind)) return mask | MASKS[kind as EventKind]
    const hint =
      typeof kind === 'string' && Object.hasOwn(FORMER_KINDS, kind)
        ? `pass '${FORMER_KINDS[kind]}', which is the type of such an event`
        : `the kinds are ${all}`
    throw wrongArgument(`${operation}: there is no kind ${describe(kind)}; ${hint}`)
  }, 0)
}

function flag(operation: string, name: string, given: Given): boolean {
  const value = given[name]
  if (value === undefined || typeof value === 'boolean') return value === true
  throw wrongArgument(`${operation}: ${name} is ${describe(value)}; pass true or false`)
}
