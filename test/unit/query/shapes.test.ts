// Every query that is made has exactly a shape that a real server (CE 25.03.2) accepted and answered as expected.
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'
import accepted from './fixtures/accepted-shapes.json'

const shapes: Record<keyof typeof accepted, object> = {
  'extractor:UniversalExtractor name': Extractors.extract('name'),
  'extractor:ChainedExtractor': Extractors.extract('addr.city'),
  'extractor:MultiExtractor': Extractors.all(Extractors.extract('name'), Extractors.extract('age')),
  'extractor:IdentityExtractor': Extractors.identity(),
  'extractor:KeyExtractor none': Extractors.key(),

  'filter:EqualsFilter': Filters.equal('age', 10),
  'filter:EqualsFilter chained': Filters.equal('addr.city', 'Rome'),
  'filter:EqualsFilter null': Filters.equal('addr', null),
  'filter:EqualsFilter object': Filters.equal('addr', { city: 'Rome', zip: 5 }),
  'filter:EqualsFilter array': Filters.equal('tags', ['a', 'b']),
  'filter:NotEqualsFilter': Filters.notEqual('age', 10),
  'filter:GreaterFilter': Filters.greater('age', 30),
  'filter:GreaterEqualsFilter': Filters.greaterEqual('age', 30),
  'filter:LessFilter': Filters.less('age', 30),
  'filter:LessEqualsFilter': Filters.lessEqual('age', 30),
  'filter:BetweenFilter incl': Filters.between('age', 20, 40),
  'filter:BetweenFilter excl': Filters.between('age', 20, 40, { includeLower: false, includeUpper: false }),
  'filter:BetweenFilter lo incl hi excl': Filters.between('age', 20, 40, { includeUpper: false }),
  'filter:InFilter': Filters.in('age', new Set([10, 50, 7])),
  'filter:InFilter []': Filters.in('age', []),
  'filter:LikeFilter': Filters.like('name', 'J%'),
  'filter:LikeFilter ignoreCase': Filters.like('name', 'j%', { ignoreCase: true }),
  'filter:LikeFilter escapeChar': Filters.like('name', 'Zoe\\%', { escape: '\\' }),
  'filter:RegexFilter': Filters.regex('name', 'J.*'),
  'filter:IsNullFilter': Filters.isNull('addr'),
  'filter:IsNotNullFilter': Filters.isNotNull('opt'),
  'filter:ContainsFilter': Filters.contains('tags', 'a'),
  'filter:ContainsAllFilter': Filters.containsAll('tags', ['a', 'b']),
  'filter:ContainsAnyFilter': Filters.containsAny('tags', ['a', 'c']),
  'filter:AlwaysFilter': Filters.always(),
  'filter:NeverFilter': Filters.never(),
  'filter:PresentFilter': Filters.present(),
  'filter:AllFilter': Filters.all(Filters.greaterEqual('age', 20), Filters.lessEqual('age', 40)),
  'filter:AllFilter []': Filters.all(),
  'filter:AnyFilter': Filters.any(Filters.lessEqual('age', 10), Filters.greaterEqual('age', 50)),
  'filter:AnyFilter []': Filters.any(),
  'filter:NotFilter': Filters.not(Filters.lessEqual('age', 30)),
  'filter:InKeySetFilter': Filters.custom('filter.InKeySetFilter', {
    filter: Filters.always(),
    keys: [1, 3, 9],
  }),

  'comparator:ExtractorComparator': Comparators.by('name'),
  'comparator:InverseComparator(EC)': Comparators.reversed(Comparators.by('name')),
  'comparator:ChainedComparator': Comparators.chained(
    Comparators.by('addr.city'),
    Comparators.reversed(Comparators.by('age')),
  ),
  'comparator:SafeComparator(EC)': Comparators.custom('comparator.SafeComparator', {
    comparator: Comparators.by('name'),
  }),

  'processor:ExtractorProcessor': Processors.extract('name'),
  'processor:NumberIncrementor': Processors.increment('age', 5),
  'processor:NumberIncrementor postInc': Processors.increment('age', 5, { returnOld: true }),
  'processor:NumberMultiplier': Processors.multiply('age', 2),
  'processor:NumberMultiplier postMultiplication': Processors.multiply('age', 2, { returnOld: true }),
  'processor:UpdaterProcessor UniversalUpdater': Processors.update('age', 99),
  'processor:UpdaterProcessor CompositeUpdater nested': Processors.update('addr.city', 'Paris'),
  'processor:ConditionalPut ok': Processors.conditionalPut(Filters.always(), 5),
  'processor:ConditionalPut return no': Processors.conditionalPut(Filters.never(), 5, {
    returnCurrent: true,
  }),
  'processor:ConditionalPut value 0': Processors.conditionalPut(Filters.always(), 0),
  'processor:ConditionalPut Not(Present)': Processors.conditionalPut(Filters.not(Filters.present()), 5),
  'processor:ConditionalRemove': Processors.conditionalRemove(Filters.always()),
  'processor:ConditionalRemove no ret': Processors.conditionalRemove(Filters.never(), {
    returnCurrent: true,
  }),
  'processor:ConditionalProcessor true': Processors.when(
    Filters.lessEqual('age', 10),
    Processors.extract('name'),
  ),
  'processor:CompositeProcessor': Processors.all(Processors.extract('name'), Processors.extract('age')),
  'processor:TouchProcessor': Processors.custom('processor.TouchProcessor'),

  'aggregator:Count': Aggregators.count(),
  'aggregator:BigDecimalSum': Aggregators.sum('age'),
  'aggregator:BigDecimalAverage': Aggregators.average('age'),
  'aggregator:ComparableMax': Aggregators.max('age'),
  'aggregator:ComparableMin': Aggregators.min('age'),
  'aggregator:DistinctValues': Aggregators.distinct('age'),
  'aggregator:DistinctValues city': Aggregators.distinct('addr.city'),
  'aggregator:GroupAggregator': Aggregators.groupBy('addr.city', Aggregators.count()),
  'aggregator:Group filter': Aggregators.groupBy(
    'addr.city',
    Aggregators.count(),
    Filters.greater(Extractors.identity(), 1),
  ),
  'aggregator:CompositeAggregator': Aggregators.all(Aggregators.count(), Aggregators.max('age')),
  'aggregator:TopN Safe identity (descending)': Aggregators.top(
    2,
    Comparators.custom('comparator.SafeComparator', { comparator: Comparators.by('age') }),
  ),
  'aggregator:ReducerAggregator': Aggregators.custom('aggregator.ReducerAggregator', {
    extractor: Extractors.extract('age'),
  }),
}

it.each(Object.entries(shapes))('%s is what the server accepts', (name, made) => {
  expect(JSON.parse(JSON.stringify(made))).toEqual(accepted[name as keyof typeof accepted])
})

it.each(Object.entries(shapes))('%s names each class first, and cannot be changed', (_name, made) => {
  for (const part of partsOf(made)) {
    expect(Object.keys(part)[0]).toBe('@class')
    expect(Object.isFrozen(part)).toBe(true)
  }
})

/** The query itself and all queries within it. */
function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  const within = Object.values(value).flatMap(partsOf)
  return Object.hasOwn(value, '@class') ? [value, ...within] : within
}
