// Every function that makes a query, each of its parameters and options, and a wrong value of every kind for it.
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'
import {
  EMPTY_OPTIONS,
  FLAGS,
  ITERABLES,
  NAMES,
  outcomeOf,
  type Taken,
  wrongOutcomes,
} from '../../support/wrong-values'

interface Parameter {
  readonly right: unknown
  readonly takes: Taken['takes']
  /** What the error says after the name of the function. */
  readonly refusal: RegExp
}

function parameter(right: unknown, takes: Taken['takes'], refusal: RegExp): Parameter {
  return { right, takes, refusal }
}

const always = Filters.always()
const SOURCE = parameter('a', ['a text', 'an extractor'], /pass (a path|member names)/)
const PATH = parameter('a', ['a text'], /as the path: pass member names/)
/** Values are looked at when the query is sent, by the codec. */
const VALUE = parameter(
  1,
  NAMES.filter((name) => name !== 'undefined'),
  /as a value: pass null for what is missing/,
)
const VALUES = parameter([1], ITERABLES, /pass an array or another iterable of values/)
const PATTERN = parameter('a', ['a text', 'an empty text'], /as the pattern: pass a string/)
const NUMBER = parameter(
  1,
  ['the number 0', 'the number 5', 'a fraction', 'a negative number'],
  /pass a finite number/,
)
const LIMIT = parameter(1, ['the number 5'], /as the limit: pass a positive integer/)
const FILTER = parameter(always, ['a filter'], /pass (a filter|filters)/)
const OPTIONAL_FILTER = parameter(undefined, ['undefined', 'a filter'], /pass a filter/)
const EXTRACTOR = parameter(Extractors.key(), ['an extractor'], /pass extractors/)
const PROCESSOR = parameter(Processors.extract('a'), ['a processor'], /pass (a processor|processors)/)
const AGGREGATOR = parameter(Aggregators.count(), ['an aggregator'], /pass an aggregator/)
/** Servers take an extractor for the order of what it gives. */
const COMPARATOR = parameter(
  Comparators.by('a'),
  ['a comparator', 'an extractor'],
  /pass (a comparator|comparators)/,
)
const CLASS_NAME = parameter('com.acme.Rule', ['a text'], /as the class: pass the name/)
const MEMBERS = parameter(
  {},
  ['undefined', 'an object', ...EMPTY_OPTIONS],
  /(as the members: pass an object|a member named '@)/,
)
const FLAG = parameter(true, ['undefined', ...FLAGS], /pass true or false/)
const ESCAPE = parameter('\\', ['undefined'], /as the escape: pass one character/)

interface Maker {
  readonly parameters: readonly Parameter[]
  /** Those of the object after the parameters; left out, there is none. */
  readonly options?: Readonly<Record<string, Parameter>>
}

const custom: Maker = { parameters: [CLASS_NAME, MEMBERS] }
const ofSource: Maker = { parameters: [SOURCE] }
const withValue: Maker = { parameters: [SOURCE, VALUE] }
const withValues: Maker = { parameters: [SOURCE, VALUES] }
const none: Maker = { parameters: [] }
const arithmetic: Maker = { parameters: [PATH, NUMBER], options: { returnOld: FLAG } }
const conditional = { returnCurrent: FLAG }

const MAKERS: Readonly<Record<string, Readonly<Record<string, Maker>>>> = {
  Filters: {
    all: { parameters: [FILTER, FILTER] },
    always: none,
    any: { parameters: [FILTER, FILTER] },
    between: {
      parameters: [SOURCE, VALUE, VALUE],
      options: { includeLower: FLAG, includeUpper: FLAG },
    },
    contains: withValue,
    containsAll: withValues,
    containsAny: withValues,
    custom,
    equal: withValue,
    greater: withValue,
    greaterEqual: withValue,
    in: withValues,
    isNotNull: ofSource,
    isNull: ofSource,
    less: withValue,
    lessEqual: withValue,
    like: { parameters: [SOURCE, PATTERN], options: { escape: ESCAPE, ignoreCase: FLAG } },
    never: none,
    not: { parameters: [FILTER] },
    notEqual: withValue,
    present: none,
    regex: { parameters: [SOURCE, PATTERN] },
  },
  Extractors: {
    all: { parameters: [EXTRACTOR, EXTRACTOR] },
    custom,
    extract: { parameters: [PATH] },
    identity: none,
    key: none,
  },
  Comparators: {
    by: ofSource,
    chained: { parameters: [COMPARATOR] },
    custom,
    reversed: { parameters: [COMPARATOR] },
  },
  Processors: {
    all: { parameters: [PROCESSOR, PROCESSOR] },
    conditionalPut: { parameters: [FILTER, VALUE], options: conditional },
    conditionalRemove: { parameters: [FILTER], options: conditional },
    custom,
    extract: ofSource,
    increment: arithmetic,
    multiply: arithmetic,
    update: { parameters: [PATH, VALUE] },
    when: { parameters: [FILTER, PROCESSOR] },
  },
  Aggregators: {
    all: { parameters: [AGGREGATOR, AGGREGATOR] },
    average: ofSource,
    count: none,
    custom,
    distinct: ofSource,
    groupBy: { parameters: [SOURCE, AGGREGATOR, OPTIONAL_FILTER] },
    max: ofSource,
    min: ofSource,
    sum: ofSource,
    top: { parameters: [LIMIT, COMPARATOR] },
  },
}

const NAMESPACES: Readonly<Record<string, object>> = {
  Filters,
  Extractors,
  Comparators,
  Processors,
  Aggregators,
}

it.each(Object.entries(NAMESPACES))('a wrong argument is looked for in all of %s', (name, namespace) => {
  expect(Object.keys(namespace).sort()).toEqual(Object.keys(MAKERS[name] ?? {}).sort())
})

const ROWS = Object.entries(MAKERS).flatMap(([namespace, makers]) =>
  Object.entries(makers)
    .filter(([, { parameters }]) => parameters.length > 0)
    .map(([name, maker]) => [`${namespace}.${name}`, namespace, name, maker] as const),
)

describe.each(ROWS)('a wrong argument of %s', (caller, namespace, name, { parameters, options }) => {
  const make = Reflect.get(NAMESPACES[namespace] ?? {}, name) as (...args: unknown[]) => unknown
  const right = parameters.map((one) => one.right)

  async function wrongOnes(
    { takes, refusal }: Parameter,
    argumentsWith: (value: unknown) => readonly unknown[],
  ): Promise<object> {
    const taken = { takes, refusal: new RegExp(`^${caller} got .*${refusal.source}`) }
    return wrongOutcomes(taken, (value) => outcomeOf(() => make(...argumentsWith(value))))
  }

  it.each([...parameters.entries()])(
    'is refused, and the error says which it is: parameter %i',
    async (index, one) => {
      expect(await wrongOnes(one, (value) => right.with(index, value))).toEqual({})
    },
  )

  if (options === undefined) return

  it('is refused as the options', async () => {
    const takes = ['undefined', ...EMPTY_OPTIONS] as const
    const refusal = /(as the options: pass an object with|an option named '.*': the options are)/

    expect(await wrongOnes({ right: {}, takes, refusal }, (value) => [...right, value])).toEqual({})
  })

  it('is refused as an option, of which there are no others', async () => {
    for (const [option, one] of Object.entries(options))
      expect(await wrongOnes(one, (value) => [...right, { [option]: value }])).toEqual({})
    expect(() => make(...right, { nonsense: 1 })).toThrow(
      new TypeError(
        `${caller} got an option named 'nonsense': the options are ${Object.keys(options).join(', ')}`,
      ),
    )
  })
})
