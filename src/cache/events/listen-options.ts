// The options that select the events of a listener or an event stream, and their checks.
import { wrongArgument } from '../../calls/caller-stack'
import { textOf, type Bytes } from '../../bytes'
import type { EventFilter, ListenTarget } from '../../protocol/events'
import {
  changesOf,
  checkEventFilter,
  EVENT_MASKS,
  EVERY_CHANGE,
  isEventFilter,
  isEveryChange,
  valuesOfEventFilter,
} from '../../query/event-filter'
import { always } from '../../query/filters'
import type { Filter } from '../../query/query'
import {
  booleanOption,
  CALL_OPTIONS,
  type CallOptions,
  describe,
  type GivenOptions,
} from '../../calls/call-options'
import type { MapContext } from '../map-context'
import { checkedOptionalQuery } from '../queries/query-options'

/**
 * A kind of change. `insert`, `update` and `delete` are the types of events; an update counts if the filter accepts the
 * old or the new value. Three kinds are for updates alone: `entered` (the filter accepts only the new value), `left`
 * (only the old one) and `within` (both).
 */
export type EventKind = 'insert' | 'update' | 'delete' | 'entered' | 'left' | 'within'

/**
 * The options of `listen`: which events the listener gets, and with which values. `Lite` is the type of `lite`, and
 * `Primed` that of `priming` and `resync`; both determine the type of the events.
 */
export type ListenOptions<K, V, Lite extends boolean = boolean, Primed extends boolean = boolean> = (
  | {
      /** Selects the events of this key. Cannot be combined with `filter` or `kinds`. */
      readonly key?: K | undefined
      readonly filter?: undefined
      readonly kinds?: undefined
    }
  | {
      readonly key?: undefined
      /**
       * Selects the events whose old or new value the filter accepts; left out, those of all entries. An event filter
       * of the server, such as `Filters.custom('filter.CacheEventFilter', …)`, is sent unchanged, and cannot be
       * combined with `kinds`.
       */
      readonly filter?: Filter<V> | undefined
      /** Selects kinds of change; left out, `insert`, `update` and `delete`. */
      readonly kinds?: readonly EventKind[] | undefined
    }
) & {
  /** Whether the events come without values, which costs less; left out, `false`. */
  readonly lite?: Lite | undefined
  /**
   * Whether the events of the writes of this session arrive before the writes are answered. Servers of protocol v1
   * always send them in this order, whatever the value.
   */
  readonly synchronous?: boolean | undefined
  /** Whether the entries that are present come first, as updates whose `priming` is `true`; left out, `false`. */
  readonly priming?: Primed | undefined
  /**
   * Whether the entries that are present come after each gap, as updates whose `priming` is `true`; left out, `false`.
   */
  readonly resync?: Primed | undefined
  /**
   * Ends the registration when it aborts. A call that is pending, or the loop of a stream, rejects with its `reason`.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Longest wait for the registration, in seconds; with `priming` also the longest wait for the next entry. Left out,
   * the session's `requestTimeoutSeconds`.
   */
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

/** Earlier names of the kinds. */
const FORMER_KINDS: Readonly<Record<string, EventKind>> = {
  inserted: 'insert',
  updated: 'update',
  deleted: 'delete',
}
const ALL_KINDS: readonly EventKind[] = ['insert', 'update', 'delete']
const KEY_EXTRACTOR = {
  '@class': 'extractor.KeyExtractor',
  extractor: { '@class': 'extractor.IdentityExtractor' },
}

/** `ListenOptions` after the checks, with the data for the server. */
export interface CheckedListenOptions<V> {
  readonly target: ListenTarget
  /** Selects the entries that are read for `priming` and `resync`; `undefined` for all. */
  readonly filter: Filter<V> | undefined
  /** Whether every change of an entry that the target selects causes an event, and not only some kinds of change. */
  readonly seesAllChanges: boolean
  readonly lite: boolean
  readonly priming: boolean
  readonly resync: boolean
}

/** @throws {TypeError} an option is wrong. */
export function checkedListenOptions<K, V>(
  operation: string,
  options: GivenOptions,
  context: MapContext<K, V>,
): CheckedListenOptions<V> {
  const filter = checkedOptionalQuery(operation, 'filter', options['filter'])
  booleanOption(operation, 'synchronous', options)
  const flags = {
    lite: booleanOption(operation, 'lite', options),
    priming: booleanOption(operation, 'priming', options),
    resync: booleanOption(operation, 'resync', options),
  }
  if (options['key'] !== undefined) return { ...selectionByKey(operation, options, context), ...flags }
  if (filter !== undefined && isEventFilter(filter))
    return { ...selectionByEventFilter(operation, options, filter, context), ...flags }
  const mask = maskOf(operation, options)
  return {
    target: { kind: 'filter', events: eventFilter(operation, changesOf(filter ?? always(), mask), context) },
    filter: filter as Filter<V> | undefined,
    seesAllChanges: isEveryChange(mask),
    ...flags,
  }
}

type Selection<V> = Pick<CheckedListenOptions<V>, 'target' | 'filter' | 'seesAllChanges'>

function selectionByKey<K, V>(
  operation: string,
  options: GivenOptions,
  context: MapContext<K, V>,
): Selection<V> {
  const { key } = options
  if (options['filter'] !== undefined || options['kinds'] !== undefined) {
    throw wrongArgument(`${operation}: key excludes filter and kinds; pass one or the other`)
  }
  const ofKey = { '@class': 'filter.EqualsFilter', extractor: KEY_EXTRACTOR, value: key }
  return {
    target: {
      kind: 'key',
      key: context.encodeKey(operation, key as K),
      identify: (key) => {
        const bytes = context.codec.canonicalBytes(key)
        return bytes === undefined ? undefined : textOf(bytes)
      },
      events: eventFilter(operation, changesOf(ofKey, EVERY_CHANGE), context),
    },
    filter: undefined,
    seesAllChanges: true,
  }
}

/** The event filter is sent unchanged. */
function selectionByEventFilter<K, V>(
  operation: string,
  options: GivenOptions,
  filter: object,
  context: MapContext<K, V>,
): Selection<V> {
  checkEventFilter(operation, filter)
  if (options['kinds'] !== undefined) {
    throw wrongArgument(
      `${operation}: kinds excludes a filter that is an event filter; say in its mask which kinds of change it lets through`,
    )
  }
  const values = valuesOfEventFilter(filter)
  if (values === undefined && (options['priming'] === true || options['resync'] === true)) {
    throw wrongArgument(
      `${operation}: priming and resync exclude this event filter, which does not say which entries it is about; ` +
        'pass a filter of values, or a filter.MapEventFilter with one',
    )
  }
  return {
    target: { kind: 'filter', events: eventFilter(operation, filter, context) },
    filter: values?.filter as Filter<V> | undefined,
    seesAllChanges: values?.everyChange === true,
  }
}

function eventFilter<K, V>(operation: string, query: object, context: MapContext<K, V>): EventFilter {
  const encode = (other: object): Bytes => context.encodeQuery(operation, 'filter', other)
  return { query, bytes: encode(query), encode }
}

function maskOf(operation: string, { kinds = ALL_KINDS }: GivenOptions): number {
  const all = Object.keys(EVENT_MASKS).join(', ')
  if (!Array.isArray(kinds) || kinds.length === 0) {
    throw wrongArgument(`${operation}: kinds is ${describe(kinds)}; pass an array of ${all}`)
  }
  return kinds.reduce((mask: number, kind: unknown) => {
    if (typeof kind === 'string' && Object.hasOwn(EVENT_MASKS, kind))
      return mask | EVENT_MASKS[kind as EventKind]
    const hint =
      typeof kind === 'string' && Object.hasOwn(FORMER_KINDS, kind)
        ? `pass '${FORMER_KINDS[kind]}', which is the type of such an event`
        : `the kinds are ${all}`
    throw wrongArgument(`${operation}: there is no kind ${describe(kind)}; ${hint}`)
  }, 0)
}
