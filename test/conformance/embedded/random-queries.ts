// Random extractors, filters and comparators.
import * as fc from 'fast-check'
import { QueryCall, type NamespaceName } from './query-call'
import { anything, fraction, integer, list, scalar, members, text } from './random-values'

type Query = fc.Arbitrary<QueryCall>

/** A call of a function with random arguments. */
export function call(
  namespace: NamespaceName,
  name: string,
  ...args: readonly fc.Arbitrary<unknown>[]
): Query {
  return fc.tuple(...args).map((values) => new QueryCall(namespace, name, values))
}

/** A call with some arguments of one kind. */
export function callOfSome(
  namespace: NamespaceName,
  name: string,
  argument: fc.Arbitrary<unknown>,
  minLength = 1,
): Query {
  return fc
    .array(argument, { minLength, maxLength: 3 })
    .map((values) => new QueryCall(namespace, name, values))
}

export const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('n', 's', 'f', 'l', 'o', 'o.x', 'o.y', 'o.y.z') },
  { weight: 1, arbitrary: fc.constantFrom('missing', 'size', 'class', 'empty', 'l.x', 's.length', 'o.x.w') },
)

/** Paths to members, never to methods. */
const memberPath = fc.constantFrom('n', 's', 'f', 'o.x', 'o.y.z')

const METHOD = 'extractor.UniversalExtractor'
const METHODS = ['toString()', 'size()', 'length()', 'isEmpty()', 'getClass()', 'intValue()', 'toUpperCase()']

const simpleExtractor = fc.oneof(
  call('Extractors', 'extract', path),
  call('Extractors', 'identity'),
  call('Extractors', 'key'),
  call('Extractors', 'custom', fc.constant(METHOD), members({ name: fc.constantFrom(...METHODS) })),
)

export const extractor: Query = fc.oneof(
  { weight: 4, arbitrary: simpleExtractor },
  { weight: 1, arbitrary: callOfSome('Extractors', 'all', simpleExtractor) },
)

export const source: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: path },
  { weight: 2, arbitrary: extractor },
)

const identity = call('Extractors', 'identity')

/** A source, and a value that may be equal to what it extracts. */
const sought: fc.Arbitrary<readonly [unknown, unknown]> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('n', 'o.x'), integer) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('s', 'o.y.z'), text) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('f'), fraction) },
  { weight: 3, arbitrary: fc.tuple(identity, fc.oneof(integer, text, fraction)) },
  { weight: 1, arbitrary: fc.tuple(source, anything) },
)

/** The same with a value that is not null. */
const bounded = sought.filter(([, value]) => value !== null)

const ORDERINGS = ['greater', 'greaterEqual', 'less', 'lessEqual'] as const

const between = fc
  .tuple(bounded, fc.oneof(integer, text, fraction), fc.constantFrom(undefined, true, false), fc.boolean())
  .map(([[from, lower], other, includeLower, includeUpper]) => {
    const upper = typeof lower === typeof other ? other : lower
    const options = includeLower === undefined ? [] : [{ includeLower, includeUpper }]
    return new QueryCall('Filters', 'between', [from, lower, upper, ...options])
  })

const pattern = fc.oneof(
  fc.constantFrom('a%', '%b', '%', '_', 'A%', 'a\\%', '', '%a%', '__', 'null', '[%]', '%.%'),
  text,
)
const expression = fc.oneof(
  fc.constantFrom('a.*', '.*', '[ab]+', '', '\\d+', '(?i)A.*', 'a|b', '-?\\d+', '\\p{L}+', '[', 'null', '.'),
  text,
)

const flat: Query = fc.oneof(
  ...(['equal', 'notEqual'] as const).map((name) => spread(name, sought)),
  ...ORDERINGS.map((name) => spread(name, bounded)),
  between,
  call('Filters', 'in', source, fc.array(anything, { maxLength: 3 })),
  sought.chain(([from, value]) => call('Filters', 'in', fc.constant(from), fc.constant([value, 1, 'a']))),
  call('Filters', 'isNull', source),
  call('Filters', 'isNotNull', source),
  call('Filters', 'like', source, pattern),
  call(
    'Filters',
    'like',
    source,
    pattern,
    members({ ignoreCase: fc.boolean(), escape: fc.constantFrom('\\', '!') }),
  ),
  call('Filters', 'regex', source, expression),
  ...[fc.constantFrom('l', 'o', 's'), identity, source].flatMap((from: fc.Arbitrary<unknown>) => [
    call('Filters', 'contains', from, fc.oneof(scalar, anything)),
    call('Filters', 'containsAll', from, fc.oneof(list, fc.array(integer, { maxLength: 2 }))),
    call('Filters', 'containsAny', from, fc.oneof(list, fc.array(integer, { maxLength: 3 }))),
  ]),
  call('Filters', 'always'),
  call('Filters', 'never'),
  call('Filters', 'present'),
)

function spread(name: string, arguments_: fc.Arbitrary<readonly unknown[]>): Query {
  return arguments_.map((args) => new QueryCall('Filters', name, args))
}

export const filter: Query = fc.oneof(
  { weight: 5, arbitrary: flat },
  {
    weight: 1,
    arbitrary: fc.oneof(
      callOfSome('Filters', 'all', flat),
      callOfSome('Filters', 'any', flat),
      call('Filters', 'not', flat),
      call('Filters', 'custom', fc.constant('filter.XorFilter'), members({ filters: fc.tuple(flat, flat) })),
      call('Filters', 'not', callOfSome('Filters', 'all', flat)),
    ),
  },
)

const simpleComparator: Query = fc.oneof(
  { weight: 4, arbitrary: call('Comparators', 'by', memberPath) },
  { weight: 3, arbitrary: call('Comparators', 'by', identity) },
)

/** Orders of values. */
export const valueComparator: Query = fc.oneof(
  { weight: 3, arbitrary: simpleComparator },
  { weight: 2, arbitrary: call('Comparators', 'reversed', simpleComparator) },
  callOfSome('Comparators', 'chained', simpleComparator, 2),
  call('Comparators', 'reversed', callOfSome('Comparators', 'chained', simpleComparator, 2)),
)

const tupleComparator = call(
  'Comparators',
  'by',
  callOfSome('Extractors', 'all', call('Extractors', 'extract', memberPath)),
)
const safeComparator = call(
  'Comparators',
  'custom',
  fc.constant('comparator.SafeComparator'),
  members({ comparator: call('Extractors', 'extract', memberPath), nullFirst: fc.boolean() }),
)

/** Orders of entries. */
export const comparator: Query = fc.oneof(
  { weight: 6, arbitrary: valueComparator },
  safeComparator,
  tupleComparator,
  call('Comparators', 'by', call('Extractors', 'key')),
  call('Comparators', 'reversed', call('Comparators', 'by', call('Extractors', 'key'))),
)
