// Aggregators make one result of many entries.
import { javaEquals } from '../java/equality'
import { add, divide, toDecimal } from '../java/decimals'
import { JavaException } from '../java/java-exception'
import { identityText } from '../java/json-printer'
import { JavaDouble, JavaMap, JavaObject, type JavaBigDecimal, type JavaValue } from '../java/java-value'
import {
  evaluatorOf,
  integerMember,
  listMember,
  member,
  memberEvaluator,
  memberEvaluators,
  nullPointer,
  type Table,
} from './agents'
import type { Aggregator } from './aggregator'
import type { Entry } from './entry'
import { comparatorMember, extractorMember, naturalOrder } from './extractors'
import { acceptsValue, optionalFilterMember } from './filters'
import { sendable } from './methods/views'
import { asNumber } from './numbers'
import { queryRecorder } from './query-recorder'
import { similarity } from './similarity'

export type { Aggregator } from './aggregator'

/** A result that the server cannot print. It fails where the client is answered, not where the entries are. */
function unserializable(): JavaException {
  return new JavaException(
    'com.oracle.coherence.io.json.genson.JsonBindingException',
    'Failed to serialize object of type class java.lang.Object',
  )
}

const TOP = 'aggregator.TopNAggregator'

const AGGREGATORS: Table<Aggregator> = {
  'aggregator.Count': () => ({ aggregate: (entries) => entries.length }),
  'aggregator.BigDecimalSum': (agent) => decimal(agent, total),
  'aggregator.BigDecimalAverage': decimalAverage,
  'aggregator.ComparableMax': (agent) => extreme(agent, (order) => order < 0),
  'aggregator.ComparableMin': (agent) => extreme(agent, (order) => order > 0),
  'aggregator.DistinctValues': (agent) => {
    const extracted = ofExtracted(agent)
    return { aggregate: (entries) => printable(distinct(extracted(entries).map(sendable))) }
  },
  'aggregator.ReducerAggregator': reducer,
  [TOP]: top,
  'aggregator.GroupAggregator': group,
  'aggregator.CompositeAggregator': composite,
  'aggregator.PriorityAggregator': (agent) => aggregatorMember(agent),
  'aggregator.QueryRecorder': queryRecorder,
  'ai.search.SimilarityAggregator': similarity,
  'aggregator.ScriptAggregator': () => {
    throw new JavaException(
      'java.lang.NoClassDefFoundError',
      'Could not initialize class com.tangosol.internal.util.graal.ScriptManager',
    )
  },
}

export function toAggregator(agent: JavaValue): Aggregator {
  return evaluatorOf(AGGREGATORS, 'com.tangosol.util.InvocableMap$EntryAggregator', agent)
}

/** The values that come first are lost where they are one of several results. */
function composite(agent: JavaObject): Aggregator {
  const aggregators = memberEvaluators(AGGREGATORS, agent, 'aggregators') ?? []
  const areLost = (listMember(agent, 'aggregators') ?? []).map(
    (part) => part instanceof JavaObject && part.className === TOP,
  )
  return {
    takesAbsent: true,
    aggregate: (entries) =>
      aggregators.map((one, index) => {
        const result = one.aggregate(entries)
        return areLost[index] === true ? [] : result
      }),
  }
}

function aggregatorMember(agent: JavaObject): Aggregator {
  return memberEvaluator(AGGREGATORS, agent, 'aggregator') ?? MISSING
}

const MISSING: Aggregator = {
  aggregate: () => {
    throw nullPointer(
      'Cannot invoke "InvocableMap$EntryAggregator.aggregate(Set)" because "this.m_aggregator" is null',
    )
  },
}

/** What is extracted from entries, without null. */
function ofExtracted(agent: JavaObject): (entries: readonly Entry[]) => readonly JavaValue[] {
  const extractor = extractorMember(agent)
  return (entries) => entries.map((entry) => extractor.extract(entry)).filter((value) => value !== null)
}

function decimal(
  agent: JavaObject,
  compute: (decimals: readonly JavaBigDecimal[]) => JavaBigDecimal,
): Aggregator {
  const extracted = ofExtracted(agent)
  return {
    aggregate: (entries) => {
      const decimals = extracted(entries).map(decimalOf)
      return decimals.length === 0 ? null : compute(decimals)
    },
  }
}

function decimalAverage(agent: JavaObject): Aggregator {
  const hasScaleOnly = member(agent, 'm_scale') !== null && member(agent, 'm_roundingMode') === null
  return decimal(agent, (decimals) => {
    if (!hasScaleOnly) return divide(total(decimals), decimals.length)
    throw new JavaException(
      'java.lang.IllegalArgumentException',
      'If scale is specified, the rounding mode must be specified as well',
    )
  })
}

/** All but big numbers are summed up as doubles, so a large Long loses its last digits. */
function decimalOf(value: JavaValue): JavaBigDecimal {
  const number = asNumber(value)
  return toDecimal(typeof number === 'bigint' ? new JavaDouble(Number(number)) : number)
}

function total(decimals: readonly JavaBigDecimal[]): JavaBigDecimal {
  return decimals.reduce((sum, one) => add(sum, one))
}

/** The first of the values that no other one is better than, by the order of the two. */
function extreme(agent: JavaObject, isBetter: (order: number) => boolean): Aggregator {
  const extracted = ofExtracted(agent)
  const order = comparatorMember(agent, 'comparator') ?? naturalOrder
  return {
    aggregate: (entries) => {
      const [first = null, ...others] = extracted(entries)
      return others.reduce((best, one) => (isBetter(order(best, one)) ? one : best), first)
    },
  }
}

function distinct(values: readonly JavaValue[]): readonly JavaValue[] {
  const kept = new Map<string, JavaValue>()
  for (const value of values) {
    // Values may be equal that print differently, as objects with their members in another order.
    const text = identityText(value)
    if (kept.has(text) || (typeof value === 'object' && isAmong(kept, value))) continue
    kept.set(text, value)
  }
  return [...kept.values()]
}

function isAmong(kept: ReadonlyMap<string, JavaValue>, value: JavaValue): boolean {
  for (const one of kept.values()) if (javaEquals(one, value)) return true
  return false
}

/** The server answers with an empty set of a kind that it cannot print. */
function printable(values: readonly JavaValue[]): readonly JavaValue[] {
  if (values.length === 0) throw unserializable()
  return values
}

function reducer(agent: JavaObject): Aggregator {
  const extractor = extractorMember(agent)
  return {
    aggregate: (entries) => {
      if (entries.length === 0) throw unserializable()
      return liteMap(entries.map((entry) => [entry.key, sendable(extractor.extract(entry))]))
    },
  }
}

/** The last values in the order of the comparator, the very last first. Null is never among them. */
function top(agent: JavaObject): Aggregator {
  const extracted = ofExtracted(agent)
  const order = comparatorMember(agent, 'comparator') ?? naturalOrder
  const limit = integerMember(agent, 'results')
  return {
    aggregate: (entries) => {
      const values = extracted(entries)
      const [first] = values
      if (first === undefined) return []
      if (limit < 1) throw new JavaException('java.util.NoSuchElementException', 'null')
      // The first value of each partition is compared with itself, so it has to be one that can be compared.
      for (const value of values) order(value, value)
      return [...values].sort((a, b) => order(b, a)).slice(0, limit)
    },
  }
}

interface Group {
  readonly key: JavaValue
  readonly entries: Entry[]
}

function group(agent: JavaObject): Aggregator {
  const extractor = extractorMember(agent)
  const aggregator = aggregatorMember(agent)
  const filter = optionalFilterMember(agent)
  return {
    aggregate: (entries) => {
      const results = grouped(entries, (entry) => extractor.extract(entry)).map(
        ({ key, entries: members }) => [key, aggregator.aggregate(members)] as const,
      )
      return liteMap(results.filter(([, result]) => filter === undefined || acceptsValue(filter, result)))
    },
  }
}

function grouped(entries: readonly Entry[], keyOf: (entry: Entry) => JavaValue): readonly Group[] {
  const byText = new Map<string, Group>()
  for (const entry of entries) {
    if (!entry.isPresent) continue
    const key = keyOf(entry)
    const text = identityText(key)
    const found = byText.get(text) ?? [...byText.values()].find((one) => javaEquals(one.key, key))
    if (found === undefined) byText.set(text, { key, entries: [entry] })
    else found.entries.push(entry)
  }
  return [...byText.values()]
}

function liteMap(entries: JavaMap['entries']): JavaMap {
  return new JavaMap('util.LiteMap', entries)
}
