// The server's answers to aggregators become the results that their types promise.
import fc from 'fast-check'
import { ProtocolError } from '../../../src/errors'
import { answerableOverNothing, readAggregateResult } from '../../../src/query/aggregate-result'
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Filters from '../../../src/query/filters'
import type { Aggregator } from '../../../src/query/query'

const decimal = (value: string): object => ({ '@class': 'math.BigDec', value })
const map = (...entries: object[]): object => ({ '@class': 'util.LiteMap', entries })
const sum = Aggregators.sum('age')
const count = Aggregators.count()

const results: [string, Aggregator<unknown, unknown>, unknown, unknown][] = [
  ['a count', count, 5, 5],
  ['a sum', sum, decimal('150'), 150],
  ['a sum in exponent form', sum, decimal('1E+3'), 1000],
  ['a sum as the oldest servers print it', sum, '17.5', 17.5],
  ['a sum of nothing', sum, null, undefined],
  ['a sum of 0', sum, decimal('0'), 0],
  ['an average', Aggregators.average('age'), decimal('30.00000000'), 30],
  ['an average of nothing', Aggregators.average('age'), null, undefined],
  ['a greatest text', Aggregators.max('name'), 'Zoe', 'Zoe'],
  ['a least number', Aggregators.min('age'), 0, 0],
  ['a greatest of nothing', Aggregators.max('age'), null, undefined],
  ['a least of nothing', Aggregators.min('age'), null, undefined],
  ['distinct values', Aggregators.distinct('age'), [50, 10], [50, 10]],
  ['the top', Aggregators.top(2, Comparators.by('age')), [{ age: 50 }], [{ age: 50 }]],
  ['the top of nothing', Aggregators.top(2, Comparators.by('age')), [], []],
  ['groups', Aggregators.groupBy('city', count), map({ key: 'Rome', value: 2 }), new Map([['Rome', 2]])],
  ['groups of nothing', Aggregators.groupBy('city', count), map(), new Map()],
  [
    'a group of entries without one',
    Aggregators.groupBy('city', count),
    map({ value: 1 }),
    new Map([[null, 1]]),
  ],
  [
    'groups of sums',
    Aggregators.groupBy('city', sum),
    map({ key: 'Rome', value: decimal('3') }, { key: 'Oslo' }),
    new Map([
      ['Rome', 3],
      ['Oslo', undefined],
    ]),
  ],
  [
    'groups within groups',
    Aggregators.groupBy('city', Aggregators.groupBy('street', sum)),
    map({ key: 'Rome', value: map({ key: 'Via Appia', value: decimal('3') }) }),
    new Map([['Rome', new Map([['Via Appia', 3]])]]),
  ],
  [
    'several',
    Aggregators.all(count, sum, Aggregators.max('age')),
    [0, null, null],
    [0, undefined, undefined],
  ],
  [
    'several in groups',
    Aggregators.groupBy('city', Aggregators.all(count, sum)),
    map({ key: 'Rome', value: [2, decimal('3')] }),
    new Map([['Rome', [2, 3]]]),
  ],
  ['a class of the caller', Aggregators.custom('com.acme.Sum'), decimal('3'), decimal('3')],
  ['nothing of a class of the caller', Aggregators.custom('com.acme.Sum'), null, null],
  ['the longer alias', Aggregators.custom('util.aggregator.BigDecimalSum'), decimal('3'), 3],
  [
    'one with priority',
    Aggregators.custom('aggregator.PriorityAggregator', { aggregator: sum }),
    decimal('3'),
    3,
  ],
]

/** Of each class that has a result of its own, right ones and such as were made by their class without what they need. */
const ANY_AGGREGATORS: readonly Aggregator<unknown, unknown>[] = [
  ...results.map(([, aggregator]) => aggregator),
  ...['GroupAggregator', 'CompositeAggregator', 'PriorityAggregator', 'DistinctValues', 'BigDecimalSum'].map(
    (name) => Aggregators.custom(`aggregator.${name}`),
  ),
  Aggregators.custom('aggregator.CompositeAggregator', { aggregators: 'all' }),
  Aggregators.custom('aggregator.GroupAggregator', { aggregator: null }),
]

it.each(results)('%s', (_what, aggregator, answer, result) => {
  expect(readAggregateResult(aggregator, answer)).toStrictEqual(result)
})

it.each([
  ['no number', sum, decimal('many')],
  ['an empty number', sum, ''],
  ['a map for a number', sum, map()],
  ['no map', Aggregators.groupBy('city', count), 5],
  ['entries that are no list', Aggregators.groupBy('city', count), { entries: {} }],
  ['entries that are no objects', Aggregators.groupBy('city', count), { entries: [null] }],
  ['no list of values', Aggregators.distinct('city'), 5],
  ['too few answers', Aggregators.all(count, sum), [1]],
  ['no answers', Aggregators.all(count, sum), null],
])('%s is an error of the protocol', (_what, aggregator: Aggregator<unknown, unknown>, answer) => {
  expect(() => readAggregateResult(aggregator, answer)).toThrow(ProtocolError)
})

it('any answer to any aggregator has a result, or is an error of the protocol', () => {
  const seen = { read: 0, refused: 0 }
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({ value: fc.jsonValue() }),
    fc.record({ entries: fc.array(fc.oneof(fc.jsonValue(), fc.record({ key: fc.jsonValue() }))) }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...ANY_AGGREGATORS), json, (aggregator, answer) => {
      try {
        readAggregateResult(aggregator, answer)
        seen.read += 1
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
        seen.refused += 1
      }
    }),
    { numRuns: 2_000, seed: 7 },
  )
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(100)
})

it.each(ANY_AGGREGATORS)(
  'after an error of the server it is known whether %j can be asked in another way',
  (one) => {
    expect(() => answerableOverNothing(one)).not.toThrow()
  },
)

describe('over nothing, which the server cannot answer for distinct values,', () => {
  const keys = Aggregators.groupBy('city', count)
  const distinct = Aggregators.distinct('city')

  it('the groups by the same extractor are asked for', () => {
    expect(answerableOverNothing(distinct)).toEqual(keys)
    expect(readAggregateResult(distinct, map())).toEqual([])
  })

  it('the keys of the groups are the distinct values', () => {
    const answer = map({ key: 'Rome', value: 2 }, { value: 1 }, { key: 0, value: 7 })
    expect(readAggregateResult(distinct, answer)).toEqual(['Rome', 0])
  })

  it('they are found inside of others', () => {
    const inside = Aggregators.groupBy('name', Aggregators.all(count, distinct), Filters.always())
    expect(answerableOverNothing(inside)).toEqual(
      Aggregators.groupBy('name', Aggregators.all(count, keys), Filters.always()),
    )
    expect(readAggregateResult(inside, map({ key: 'Ann', value: [1, map()] }))).toEqual(
      new Map([['Ann', [1, []]]]),
    )
  })

  it('nothing else is asked in another way', () => {
    expect(answerableOverNothing(Aggregators.groupBy('name', Aggregators.all(count, sum)))).toBeUndefined()
    expect(
      answerableOverNothing(Aggregators.custom('com.acme.Sum', { aggregator: distinct })),
    ).toBeUndefined()
  })
})
