// Wrong arguments are refused where a query is made, with a text that says what to pass.
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'

const wrong = undefined as never

const refusals: [string, () => unknown, string][] = [
  [
    'a forgotten value',
    () => Filters.equal('a', wrong),
    'Filters.equal got undefined as a value: pass null for what is missing',
  ],
  [
    'a forgotten bound',
    () => Filters.between('a', 1, wrong),
    'Filters.between got undefined as a value: pass null for what is missing',
  ],
  [
    'a hole in a list',
    () => Filters.in('a', [1, undefined]),
    'Filters.in got undefined as a value: pass null for what is missing',
  ],
  [
    'text as a list',
    () => Filters.in('a', 'abc' as never),
    "Filters.in got 'abc': pass an array or another iterable of values",
  ],
  [
    'a value as a list',
    () => Filters.containsAny('a', 5 as never),
    'Filters.containsAny got 5: pass an array or another iterable of values',
  ],
  [
    'no list',
    () => Filters.containsAll('a', wrong),
    'Filters.containsAll got undefined: pass an array or another iterable of values',
  ],
  [
    'a pattern that is not text',
    () => Filters.like('a', 5 as never),
    'Filters.like got 5 as the pattern: pass a string',
  ],
  [
    'a regular expression of JavaScript',
    () => Filters.regex('a', /a/ as never),
    'Filters.regex got a value of type object as the pattern: pass a string',
  ],
  [
    'no escape',
    () => Filters.like('a', 'b', { escape: '' }),
    "Filters.like got '' as the escape: pass one character, such as '\\\\'",
  ],
  [
    'a long escape',
    () => Filters.like('a', 'b', { escape: '\\%' }),
    "Filters.like got '\\%' as the escape: pass one character, such as '\\\\'",
  ],
  [
    'what is no filter',
    () => Filters.all(Filters.always(), wrong),
    "Filters.all got undefined: pass filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'an array of filters',
    () => Filters.any([Filters.always()] as never),
    "Filters.any got an array: pass filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'nothing to negate',
    () => Filters.not(null as never),
    "Filters.not got null: pass filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'a processor as a filter',
    () => Filters.not(Processors.increment('a', 1) as never),
    "Filters.not got a processor: pass filters, such as Filters.equal('name', 'Ann')",
  ],
  [
    'a filter as a source',
    () => Filters.equal(Filters.always() as never, 1),
    "Filters.equal got a filter: pass a path, such as 'address.city', or an extractor, such as Extractors.identity()",
  ],
  [
    'a filter as a processor',
    () => Processors.when(Filters.present(), Filters.always() as never),
    "Processors.when got a filter: pass a processor, such as Processors.increment('age', 1)",
  ],
  [
    'an aggregator as a filter of a processor',
    () => Processors.conditionalRemove(Aggregators.count() as never),
    "Processors.conditionalRemove got an aggregator: pass a filter, such as Filters.equal('name', 'Ann')",
  ],
  [
    'a filter to turn around',
    () => Comparators.reversed(Filters.always() as never),
    "Comparators.reversed got a filter: pass a comparator, such as Comparators.by('name')",
  ],
  [
    'a comparator as an extractor',
    () => Extractors.all(Extractors.key(), Comparators.by('a') as never),
    "Extractors.all got a comparator: pass extractors, such as Extractors.extract('name')",
  ],
  [
    'a processor as an aggregator',
    () => Aggregators.groupBy('a', Processors.increment('a', 1) as never),
    "Aggregators.groupBy got a processor: pass an aggregator, such as Aggregators.count() or Aggregators.sum('age')",
  ],
  [
    'what is no extractor',
    () => Extractors.all(Extractors.key(), 'name' as never),
    "Extractors.all got 'name': pass extractors, such as Extractors.extract('name')",
  ],
  [
    'nothing to reverse',
    () => Comparators.reversed('name' as never),
    "Comparators.reversed got 'name': pass a comparator, such as Comparators.by('name')",
  ],
  [
    'what is no comparator',
    () => Comparators.chained(5 as never),
    "Comparators.chained got 5: pass comparators, such as Comparators.by('name')",
  ],
  [
    'no comparator',
    () => Comparators.chained(),
    'Comparators.chained got nothing: pass one comparator or more',
  ],
  [
    'an order of values and keys',
    () => Comparators.chained(Comparators.by('a'), Comparators.reversed(Comparators.by(Extractors.key()))),
    'Comparators.chained got orders of values and of keys: pass one kind; to order by both, keep the key in the value',
  ],
  [
    'the top by an order of keys',
    () => Aggregators.top(2, Comparators.reversed(Comparators.by(Extractors.key()))),
    "Aggregators.top got an order of keys: pass one of values, such as Comparators.by('age'), or read the first entries " +
      'in the order of keys with a limit',
  ],
  [
    'a sum that is no number',
    () => Processors.increment('a', NaN),
    'Processors.increment got NaN: pass a finite number',
  ],
  [
    'a bigint to add',
    () => Processors.increment('a', 1n as never),
    'Processors.increment got 1: pass a finite number',
  ],
  [
    'an endless factor',
    () => Processors.multiply('a', Infinity),
    'Processors.multiply got Infinity: pass a finite number',
  ],
  [
    'nothing to update to',
    () => Processors.update('a', wrong),
    'Processors.update got undefined as a value: pass null for what is missing',
  ],
  [
    'nothing to put',
    () => Processors.conditionalPut(Filters.always(), undefined),
    'Processors.conditionalPut got undefined as a value: pass null for what is missing',
  ],
  [
    'no condition to put',
    () => Processors.conditionalPut(wrong, 1),
    "Processors.conditionalPut got undefined: pass a filter, such as Filters.equal('name', 'Ann')",
  ],
  [
    'no condition to remove',
    () => Processors.conditionalRemove(wrong),
    "Processors.conditionalRemove got undefined: pass a filter, such as Filters.equal('name', 'Ann')",
  ],
  [
    'no condition to run',
    () => Processors.when(wrong, Processors.extract('a')),
    "Processors.when got undefined: pass a filter, such as Filters.equal('name', 'Ann')",
  ],
  [
    'nothing to run',
    () => Processors.when(Filters.always(), wrong),
    "Processors.when got undefined: pass a processor, such as Processors.increment('age', 1)",
  ],
  [
    'what is no processor',
    () => Processors.all(5 as never),
    "Processors.all got 5: pass processors, such as Processors.increment('age', 1)",
  ],
  [
    'what is no aggregator',
    () => Aggregators.all(Aggregators.count(), wrong),
    "Aggregators.all got undefined: pass an aggregator, such as Aggregators.count() or Aggregators.sum('age')",
  ],
  [
    'nothing to group',
    () => Aggregators.groupBy('a', wrong),
    "Aggregators.groupBy got undefined: pass an aggregator, such as Aggregators.count() or Aggregators.sum('age')",
  ],
  [
    'what is no filter of groups',
    () => Aggregators.groupBy('a', Aggregators.count(), 5 as never),
    'Aggregators.groupBy got 5: pass a filter, such as Filters.greater(Extractors.identity(), 10)',
  ],
  [
    'a limit that is no number',
    () => Aggregators.top(NaN, Comparators.by('a')),
    'Aggregators.top got NaN as the limit: pass a positive integer',
  ],
  [
    'a limit of nothing',
    () => Aggregators.top(0, Comparators.by('a')),
    'Aggregators.top got 0 as the limit: pass a positive integer',
  ],
  [
    'half a limit',
    () => Aggregators.top(1.5, Comparators.by('a')),
    'Aggregators.top got 1.5 as the limit: pass a positive integer',
  ],
  [
    'no order',
    () => Aggregators.top(1, wrong),
    "Aggregators.top got undefined: pass a comparator, such as Comparators.by('age')",
  ],
]

it.each(refusals)('%s is refused', (_what, make, message) => {
  expect(make).toThrow(new TypeError(message))
})

it('a query shown in an error text does not show its values', () => {
  const secret = Filters.equal('password', 'hunter2')
  expect(() => Filters.regex('a', secret as never)).toThrow(
    new TypeError('Filters.regex got a value of type object as the pattern: pass a string'),
  )
})
