// What queries take their values from: paths and extractors.
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'
import { wrongArgument } from '../../support/wrong-argument'

const takers: Record<string, (source: never) => unknown> = {
  'Extractors.extract': (source) => Extractors.extract(source),
  'Comparators.by': (source) => Comparators.by(source),
  'Filters.equal': (source) => Filters.equal(source, 1),
  'Filters.notEqual': (source) => Filters.notEqual(source, 1),
  'Filters.greater': (source) => Filters.greater(source, 1),
  'Filters.greaterEqual': (source) => Filters.greaterEqual(source, 1),
  'Filters.less': (source) => Filters.less(source, 1),
  'Filters.lessEqual': (source) => Filters.lessEqual(source, 1),
  'Filters.between': (source) => Filters.between(source, 1, 2),
  'Filters.in': (source) => Filters.in(source, [1]),
  'Filters.like': (source) => Filters.like(source, 'a%'),
  'Filters.regex': (source) => Filters.regex(source, 'a.*'),
  'Filters.isNull': (source) => Filters.isNull(source),
  'Filters.isNotNull': (source) => Filters.isNotNull(source),
  'Filters.contains': (source) => Filters.contains(source, 1),
  'Filters.containsAll': (source) => Filters.containsAll(source, [1]),
  'Filters.containsAny': (source) => Filters.containsAny(source, [1]),
  'Processors.extract': (source) => Processors.extract(source),
  'Processors.increment': (source) => Processors.increment(source, 1),
  'Processors.multiply': (source) => Processors.multiply(source, 2),
  'Processors.update': (source) => Processors.update(source, 1),
  'Aggregators.sum': (source) => Aggregators.sum(source),
  'Aggregators.average': (source) => Aggregators.average(source),
  'Aggregators.max': (source) => Aggregators.max(source),
  'Aggregators.min': (source) => Aggregators.min(source),
  'Aggregators.distinct': (source) => Aggregators.distinct(source),
  'Aggregators.groupBy': (source) => Aggregators.groupBy(source, Aggregators.count()),
}

describe.each(Object.entries(takers))('%s', (name, take) => {
  it.each(['', '.', 'a.', '.a', 'a..b'])('refuses the path %j', (path) => {
    expect(() => take(path as never)).toThrow(
      new TypeError(
        `${name} got '${path}' as the path: pass member names with dots between them, such as 'address.city'`,
      ),
    )
  })

  it.each([undefined, null, 5, {}, { '@class': 5 }, [], () => 'a'])('refuses %p as its source', (source) => {
    expect(() => take(source as never)).toThrow(wrongArgument(`${name} got `))
  })
})

it('an extractor stands where a path does', () => {
  expect(Filters.equal(Extractors.identity(), 5)).toEqual({
    '@class': 'filter.EqualsFilter',
    extractor: { '@class': 'extractor.IdentityExtractor' },
    value: 5,
  })
})

it('a path has a step for each of its names', () => {
  expect(Extractors.extract('a.b.c')).toEqual({
    '@class': 'extractor.ChainedExtractor',
    extractors: [
      { '@class': 'extractor.UniversalExtractor', name: 'a' },
      { '@class': 'extractor.UniversalExtractor', name: 'b' },
      { '@class': 'extractor.UniversalExtractor', name: 'c' },
    ],
  })
})

it.each([
  Extractors.key(),
  Extractors.custom('util.extractor.KeyExtractor', { extractor: Extractors.extract('id') }),
])('%j orders keys by being the comparator itself', (key) => {
  const comparator = Comparators.by(key)
  expect(comparator).toEqual(key)
  expect(Comparators.chained(comparator, Comparators.reversed(comparator))).toEqual({
    '@class': 'comparator.ChainedComparator',
    comparators: [key, { '@class': 'comparator.InverseComparator', comparator: key }],
  })
})
