// Random keys and values. They come from small sets, so that equal ones meet, and are of all kinds that the codec takes.
import * as fc from 'fast-check'

/** What a map of a program holds: values of one shape, so that queries find something, or of all. */
export type Flavour = 'records' | 'integers' | 'fractions' | 'strings' | 'lists' | 'mixed'

export const FLAVOURS: readonly Flavour[] = ['records', 'integers', 'fractions', 'strings', 'lists', 'mixed']

/** Objects with these members. */
export function members<T>(values: { [M in keyof T]: fc.Arbitrary<T[M]> }): fc.Arbitrary<T> {
  return fc.record(values, { noNullPrototype: true })
}

const LONG = 2n ** 63n

export const integer = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 5 }) },
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 2 ** 31, -(2 ** 31) - 1, 2 ** 40, 2 ** 53 - 1, 46_341, 65_536),
  fc.integer(),
)

const bigInteger = fc.oneof(
  fc.constantFrom(0n, 1n, 2n ** 31n, LONG - 1n, -LONG, LONG, -LONG - 1n, 2n ** 64n, 10n ** 30n),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
)

export const fraction = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.5, 1.5, 2.5, -0.5, 0.1, 0.2, 0.3) },
  fc.constantFrom(-0, 1e21, 1e-7, 1e300, 5e-324, 2 ** 53 + 2, 1e16, 123_456_789.125, 9_999_999.5),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', 'b', 'ab', 'aab', 'Z', 'ba') },
  fc.constantFrom(
    'é',
    'ß',
    'ẞ',
    'İ',
    '\u{1f600}',
    '\0',
    '"',
    '\\',
    '\n',
    '\u2028',
    '%',
    '_',
    '1',
    'null',
    'a.b',
  ),
  fc.string({ maxLength: 5, unit: 'binary' }),
)

const date = fc.constantFrom(new Date(0), new Date(1_700_000_000_123))

export const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: integer },
  { weight: 2, arbitrary: fraction },
  { weight: 3, arbitrary: text },
  bigInteger,
  fc.boolean(),
  date,
)

/** Empty strings are left out: see known-differences.ts. */
const element = fc
  .oneof({ weight: 3, arbitrary: integer }, text, fc.constant(null), scalar)
  .filter((one) => one !== '')

export const list: fc.Arbitrary<unknown> = fc.array(element, { maxLength: 4 })

/** A member that is there, or null, or missing. */
function sometimes(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: value }, fc.constantFrom(null, undefined))
}

function withoutMissing(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

const inner = members<object>({
  x: sometimes(integer),
  y: sometimes(members({ z: sometimes(text) }).map(withoutMissing)),
}).map(withoutMissing)

/** Objects of one shape, mostly. */
export const record: fc.Arbitrary<unknown> = members({
  n: sometimes(integer),
  s: sometimes(text),
  f: sometimes(fraction),
  l: sometimes(list),
  o: sometimes(inner),
}).map(withoutMissing)

const oddName = fc.constantFrom('n', 's', 'size', 'class', 'empty', 'é', 'a b', '$', 'N', '@x', '1')

const odd: fc.Arbitrary<unknown> = fc.oneof(
  scalar,
  list,
  record,
  fc.dictionary(oddName, fc.oneof(scalar, list, record), { maxKeys: 3 }).map((object) => ({ ...object })),
  fc.array(fc.oneof(list, record, scalar), { maxLength: 3 }),
)

const BY_FLAVOUR: Readonly<Record<Flavour, fc.Arbitrary<unknown>>> = {
  records: record,
  integers: integer,
  fractions: fraction,
  strings: text,
  lists: list,
  mixed: odd,
}

export const anything: fc.Arbitrary<unknown> = fc.oneof(odd, fc.constant(null))

export function valueOf(flavour: Flavour): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 40, arbitrary: BY_FLAVOUR[flavour] },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}

export const key: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 1, 2, 3) },
  { weight: 2, arbitrary: fc.constantFrom(1.5, true, 2n ** 70n, 2 ** 40, '', 'é', '\u{1f600}', 1n, -0) },
  {
    weight: 2,
    arbitrary: fc.constantFrom({ k: 1 }, { k: null }, { k: 1, m: null }, { k: [1] }, {}, [1, 'a']),
  },
  { weight: 1, arbitrary: fc.oneof(scalar, record) },
)

export const keys = fc.array(key, { maxLength: 5 })
