// The operations of a program: how they are made at random, and how they are run.
import * as fc from 'fast-check'
import type { NamedMap } from 'coherence-ts'
import { callsIn, made, printed, type QueryCall } from './query-call'
import { aggregator, processor, topAggregator } from './random-agents'
import { call, comparator, filter } from './random-queries'
import { anything, FLAVOURS, type Flavour, key, keys, members, valueOf } from './random-values'

export interface Operation {
  readonly name: string
  readonly args: readonly unknown[]
}

type AnyMap = NamedMap<unknown, unknown>
type Run = (map: AnyMap, args: readonly never[]) => Promise<unknown>

const READS = ['keys', 'values', 'entries'] as const

const RUNS: Readonly<Record<string, Run>> = {
  ...Object.fromEntries(
    READS.map((name) => [name, (map, [options]) => map[name](options).toArray()] as [string, Run]),
  ),
  async forEach(map, [options]) {
    const visited: unknown[] = []
    await map.forEach((value, visitedKey) => visited.push([visitedKey, value]), options)
    return visited
  },
}

/** Runs the operation on a map. */
export async function run(map: AnyMap, { name, args }: Operation): Promise<unknown> {
  const own = RUNS[name]
  if (own !== undefined) return await own(map, args.map(made) as never[])
  const method = Reflect.get(map, name) as (...args: readonly unknown[]) => Promise<unknown>
  return await method.apply(map, args.map(made))
}

export function printOperation({ name, args }: Operation): string {
  return `await map.${name}(${args.map(printed).join(', ')})${READS.some((read) => read === name) ? '.toArray()' : ''}`
}

/** All queries of the operation. */
export function queriesOf({ args }: Operation): QueryCall[] {
  return args.flatMap(callsIn)
}

type Arguments = readonly fc.Arbitrary<unknown>[]

function operation(name: string, ...args: Arguments): fc.Arbitrary<Operation> {
  return fc.tuple(...args).map((values) => ({ name, args: values }))
}

const few = fc.integer({ min: 0, max: 4 })

/** Options of a read. */
const reading = fc.oneof(
  fc.constant({}),
  members({ filter }),
  members({ filter, comparator }),
  members({ comparator }),
  members({ comparator, limit: few }),
  members({ filter, limit: few }),
)

/** Which entries an agent works on. */
const target = fc.oneof(
  fc.constant({}),
  { weight: 2, arbitrary: members({ filter }) },
  { weight: 2, arbitrary: members({ keys }) },
)

// The embedded server asks no indexes, which shows where what they hold cannot be compared (known-differences.ts). So these
// are not about what the queries look at.
const indexed = fc.oneof(fc.constant('indexed'), call('Extractors', 'extract', fc.constant('indexed.too')))
const indexOptions = fc.oneof(fc.constant({}), members({ ordered: fc.boolean() }))
const indexing = fc.oneof(operation('addIndex', indexed, indexOptions), operation('removeIndex', indexed))

function writesOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<Operation> {
  return fc.oneof(
    { weight: 4, arbitrary: operation('set', key, value) },
    {
      weight: 4,
      arbitrary: operation('setAll', fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 6 })),
    },
    operation('setIfAbsent', key, value),
    operation('replace', key, value),
    operation('replaceMapping', key, value, value),
    operation('removeMapping', key, value),
    operation('delete', key),
  )
}

const wholeMap = fc.oneof(
  { weight: 2, arbitrary: fc.oneof(operation('size'), operation('isEmpty')) },
  fc.oneof(operation('clear'), operation('truncate')),
)

const reads = fc.oneof(...[...READS, 'forEach'].map((name) => operation(name, reading)))

const agents = fc.oneof(
  { weight: 5, arbitrary: operation('invoke', key, processor) },
  { weight: 5, arbitrary: operation('invokeAll', processor, target) },
  { weight: 7, arbitrary: operation('aggregate', aggregator, target) },
  { weight: 1, arbitrary: operation('aggregate', topAggregator, members({ keys: fc.tuple(key) })) },
  { weight: 1, arbitrary: indexing },
)

function operationOf(flavour: Flavour): fc.Arbitrary<Operation> {
  const value = valueOf(flavour)
  const lookups = fc.oneof(
    operation('get', key),
    operation('getOrDefault', key, anything),
    operation('getAll', keys),
    operation('has', key),
    operation('hasValue', value),
    operation('hasEntry', key, value),
  )
  return fc.oneof(
    { weight: 6, arbitrary: writesOf(value) },
    { weight: 3, arbitrary: lookups },
    { weight: 1, arbitrary: wholeMap },
    { weight: 4, arbitrary: reads },
    { weight: 8, arbitrary: agents },
  )
}

/** Programs of up to `maxLength` operations on values of one flavour each. */
export function programs(maxLength: number): fc.Arbitrary<readonly Operation[]> {
  return fc.oneof(
    ...FLAVOURS.map((flavour) => {
      const fill = operation(
        'setAll',
        fc.array(fc.tuple(key, valueOf(flavour)), { minLength: 2, maxLength: 8 }),
      )
      return fc
        .tuple(fill, fc.array(operationOf(flavour), { maxLength, size: 'max' }))
        .map(([first, others]) => [first, ...others])
    }),
  )
}
