// Answers as texts that are equal where the answers are: what has no order is sorted, and of an order only what decides it
// is looked at.
import { inspect } from 'node:util'
import { CoherenceError, ServerError } from 'coherence-ts'
import type { Operation } from './operations'
import { QueryCall } from './query-call'

const READS = new Set(['keys', 'values', 'entries', 'forEach'])

export function answerText(operation: Operation, answer: unknown): string {
  const { name, args } = operation
  if (READS.has(name)) return readText(name, args[0] ?? {}, answer as readonly unknown[])
  if (name === 'aggregate' && args[0] instanceof QueryCall) return resultText(args[0], answer)
  return text(answer)
}

/** The class of the exception; `undefined` where the server does not send it. */
export function javaClassOf(error: unknown): string | undefined {
  return error instanceof ServerError ? error.javaClass : undefined
}

/** An error by its class. */
export function errorText(error: unknown): string {
  if (error instanceof CoherenceError) return error.code
  return error instanceof Error ? error.name : String(error)
}

/** The value with the entries of maps sorted. */
export function text(value: unknown): string {
  if (value instanceof Map)
    return `Map ${sorted([...value].map(([key, one]) => `${text(key)} => ${text(one)}`))}`
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
  return inspect(value, {
    depth: Infinity,
    breakLength: Infinity,
    maxStringLength: Infinity,
    maxArrayLength: Infinity,
  })
}

function sorted(texts: readonly string[]): string {
  return `{ ${[...texts].sort().join(', ')} }`
}

interface ReadOptions {
  readonly comparator?: QueryCall
  readonly limit?: number
}

function readText(name: string, { comparator, limit }: ReadOptions, answer: readonly unknown[]): string {
  // Which entries are the first ones is not defined without an order, nor which of equal ones.
  const elements = limit === undefined ? sorted(answer.map(text)) : String(answer.length)
  if (comparator === undefined || name === 'keys') return elements
  if (name === 'values')
    return `${elements} ordered as ${orderText(
      comparator,
      answer.map((value) => [undefined, value]),
    )}`
  return `${elements} ordered as ${orderText(comparator, answer as readonly Entry[])}`
}

type Entry = readonly [key: unknown, value: unknown]

/** What the comparator looks at, in the order of the entries. */
function orderText(comparator: QueryCall, entries: readonly Entry[]): string {
  const extract = leavesOf(comparator)
  return entries.map((entry) => extract.map((leaf) => text(leaf(entry))).join(' ')).join(', ')
}

type Leaf = (entry: Entry) => unknown

function leavesOf(argument: unknown): readonly Leaf[] {
  if (typeof argument === 'string') return [([, value]) => memberAt(value, argument)]
  if (!(argument instanceof QueryCall)) {
    return typeof argument === 'object' && argument !== null ? Object.values(argument).flatMap(leavesOf) : []
  }
  switch (argument.functionName) {
    case 'Extractors.key':
      return [([key]) => key]
    case 'Extractors.identity':
      return [([, value]) => value]
    case 'Comparators.custom':
      return leavesOf(argument.args[1])
    default:
      return argument.args.flatMap(leavesOf)
  }
}

function memberAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (object, name) =>
        typeof object === 'object' && object !== null
          ? ((Reflect.get(object, name) as unknown) ?? null)
          : null,
      value,
    )
}

function resultText({ functionName, args }: QueryCall, result: unknown): string {
  if (result === undefined || result === null) return text(result)
  switch (functionName) {
    case 'Aggregators.distinct':
      return sorted((result as readonly unknown[]).map(text))
    case 'Aggregators.top':
      return orderText(
        args[1] as QueryCall,
        (result as readonly unknown[]).map((value) => [undefined, value] as const),
      )
    case 'Aggregators.all':
      return (result as readonly unknown[])
        .map((part, index) => resultText(args[index] as QueryCall, part))
        .join('; ')
    case 'Aggregators.groupBy':
      return sorted(
        [...(result as ReadonlyMap<unknown, unknown>)].map(
          ([key, part]) => `${text(key)} => ${resultText(args[1] as QueryCall, part)}`,
        ),
      )
    case 'Aggregators.custom':
      return sorted(((result as { entries?: unknown[] }).entries ?? [result]).map(text))
    default:
      return text(result)
  }
}
