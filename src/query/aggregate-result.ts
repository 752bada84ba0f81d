// Reads the results of aggregators. The server sends them in its own shapes: decimals and maps as objects that name a
// class, and null if there was nothing to aggregate.
import type { Aggregator } from './query'
import { ProtocolError } from '../errors'
import { classNameOf, serverObject } from './server-object'

type AnyAggregator = Aggregator<never, unknown>

/**
 * Reads the decoded answer of the server to `aggregator`, or to its `answerableOverNothing` form, as the result that
 * the type of the aggregator promises. Answers to classes that are unknown here stay as they are.
 *
 * @throws {ProtocolError} the answer does not fit the aggregator.
 */
export function readAggregateResult(aggregator: AnyAggregator, decoded: unknown): unknown {
  switch (classNameOf(aggregator)) {
    case 'aggregator.BigDecimalSum':
    case 'aggregator.BigDecimalAverage':
      return decoded === null ? undefined : readNumber(aggregator, decoded)
    case 'aggregator.ComparableMax':
    case 'aggregator.ComparableMin':
      return decoded ?? undefined
    case 'aggregator.DistinctValues':
      return Array.isArray(decoded) ? decoded : readGroupKeys(aggregator, decoded)
    case 'aggregator.GroupAggregator':
      return readGroups(aggregator, decoded)
    case 'aggregator.CompositeAggregator':
      return readParts(aggregator, decoded)
    case 'aggregator.PriorityAggregator':
      return readAggregateResult(inner(aggregator), decoded)
    default:
      return decoded
  }
}

/**
 * Makes an equivalent aggregator that the server can answer over no entries; `undefined` if `aggregator` can be
 * answered already.
 *
 * The server fails to print an empty set, so `distinct` over nothing is an error (CE 22.06 to 25.03), alone or inside
 * of others. Groups may be empty, and the keys of the groups by the same extractor are the distinct values. They cost
 * the server more, so this form is only used to ask again after an error.
 */
export function answerableOverNothing(aggregator: AnyAggregator): AnyAggregator | undefined {
  switch (classNameOf(aggregator)) {
    case 'aggregator.DistinctValues':
      return serverObject('aggregator.GroupAggregator', {
        extractor: Reflect.get(aggregator, 'extractor') as unknown,
        aggregator: serverObject('aggregator.Count'),
      })
    case 'aggregator.GroupAggregator':
    case 'aggregator.PriorityAggregator': {
      const instead = answerableOverNothing(inner(aggregator))
      return instead && Object.freeze({ ...aggregator, aggregator: instead })
    }
    case 'aggregator.CompositeAggregator': {
      const all = parts(aggregator)
      const instead = all.map((part) => answerableOverNothing(part))
      if (instead.every((part) => part === undefined)) return undefined
      const aggregators = Object.freeze(all.map((part, index) => instead[index] ?? part))
      return Object.freeze({ ...aggregator, aggregators })
    }
    default:
      return undefined
  }
}

function inner(aggregator: AnyAggregator): AnyAggregator {
  return Reflect.get(aggregator, 'aggregator') as AnyAggregator
}

/** None if the aggregator was made without them, by its class. */
function parts(aggregator: AnyAggregator): readonly AnyAggregator[] {
  const aggregators: unknown = Reflect.get(aggregator, 'aggregators')
  return Array.isArray(aggregators) ? (aggregators as readonly AnyAggregator[]) : []
}

/** Reads a decimal. Servers of the first 22.06 releases send it as plain text. */
function readNumber(aggregator: AnyAggregator, decoded: unknown): number {
  const text: unknown = isObject(decoded) ? Reflect.get(decoded, 'value') : decoded
  const read =
    typeof text === 'string' || typeof text === 'bigint' || typeof text === 'number' ? Number(text) : NaN
  if (text === '' || Number.isNaN(read)) throw unreadable(aggregator, 'a number')
  return read
}

function readGroups(aggregator: AnyAggregator, decoded: unknown): Map<unknown, unknown> {
  const within = inner(aggregator)
  return new Map(
    readEntries(aggregator, decoded).map(([key, value]) => [key, readAggregateResult(within, value)]),
  )
}

function readGroupKeys(aggregator: AnyAggregator, decoded: unknown): unknown[] {
  return readEntries(aggregator, decoded)
    .map(([key]) => key)
    .filter((key) => key !== null)
}

function readParts(aggregator: AnyAggregator, decoded: unknown): unknown[] {
  const all = parts(aggregator)
  if (!Array.isArray(decoded) || decoded.length !== all.length) {
    throw unreadable(aggregator, `an array of ${all.length} answers`)
  }
  return all.map((part, index) => readAggregateResult(part, decoded[index]))
}

/** Reads the entries of a Java map. The server leaves out a key or value that is null. */
function readEntries(aggregator: AnyAggregator, decoded: unknown): [unknown, unknown][] {
  const entries: unknown = isObject(decoded) ? Reflect.get(decoded, 'entries') : undefined
  if (!Array.isArray(entries) || !entries.every(isObject)) throw unreadable(aggregator, 'a map')
  return entries.map((entry) => [Reflect.get(entry, 'key') ?? null, Reflect.get(entry, 'value') ?? null])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function unreadable(aggregator: AnyAggregator, wanted: string): ProtocolError {
  return new ProtocolError(`The server's answer to ${aggregator['@class']} is not ${wanted}`)
}
