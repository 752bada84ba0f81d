// Whatever the client can make the embedded server can run: each function of the five namespaces is here.
import { changesOf } from '../../../src/query/event-filter'
import * as Aggregators from '../../../src/query/aggregators'
import * as Comparators from '../../../src/query/comparators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'
import { toAggregator } from '../../../src/testing/evaluators/aggregators'
import { toComparator } from '../../../src/testing/evaluators/comparators'
import { toEventFilter } from '../../../src/testing/evaluators/event-filters'
import { toExtractor } from '../../../src/testing/evaluators/extractors'
import { toFilter } from '../../../src/testing/evaluators/filters'
import { toProcessor } from '../../../src/testing/evaluators/processors'
import { parseJson } from '../../../src/testing/java/json-parser'
import type { JavaValue } from '../../../src/testing/java/java-value'

/** A query for each function but `custom`, which can name any class. */
type Queries<Namespace> = Record<Exclude<keyof Namespace, 'custom'>, object>

const extractors: Queries<typeof Extractors> = {
  extract: Extractors.extract('addr.city'),
  identity: Extractors.identity(),
  key: Extractors.key(),
  all: Extractors.all(Extractors.identity(), Extractors.key()),
}
const present = Filters.present<unknown>()
const filters: Queries<typeof Filters> = {
  always: Filters.always(),
  never: Filters.never(),
  present,
  all: Filters.all(present, present),
  any: Filters.any(present, present),
  not: Filters.not(present),
  equal: Filters.equal('age', 1),
  notEqual: Filters.notEqual('age', 1),
  greater: Filters.greater('age', 1),
  greaterEqual: Filters.greaterEqual('age', 1),
  less: Filters.less('age', 1),
  lessEqual: Filters.lessEqual('age', 1),
  between: Filters.between('age', 1, 2),
  in: Filters.in('age', [1]),
  isNull: Filters.isNull('age'),
  isNotNull: Filters.isNotNull('age'),
  like: Filters.like('name', 'A%'),
  regex: Filters.regex('name', 'A.*'),
  contains: Filters.contains('tags', 'a'),
  containsAll: Filters.containsAll('tags', ['a']),
  containsAny: Filters.containsAny('tags', ['a']),
}
const comparators: Queries<typeof Comparators> = {
  by: Comparators.by('age'),
  reversed: Comparators.reversed(Comparators.by('age')),
  chained: Comparators.chained(Comparators.by('age'), Comparators.by('name')),
}
const count = Aggregators.count<unknown>()
const aggregators: Queries<typeof Aggregators> = {
  count,
  sum: Aggregators.sum('age'),
  average: Aggregators.average('age'),
  max: Aggregators.max('age'),
  min: Aggregators.min('age'),
  distinct: Aggregators.distinct('age'),
  top: Aggregators.top(1, Comparators.by('age')),
  groupBy: Aggregators.groupBy('name', count),
  all: Aggregators.all(count, count),
}
const processors: Queries<typeof Processors> = {
  extract: Processors.extract('age'),
  increment: Processors.increment('addr.zip', 1),
  multiply: Processors.multiply('age', 2),
  update: Processors.update('addr.city', 'Rome'),
  conditionalPut: Processors.conditionalPut(present, 1),
  conditionalRemove: Processors.conditionalRemove(present),
  when: Processors.when(present, Processors.extract('age')),
  all: Processors.all(Processors.extract('age'), Processors.extract('name')),
}

it.each([
  ['Extractors', toExtractor, extractors, Extractors],
  ['Filters', toFilter, filters, Filters],
  ['Comparators', toComparator, comparators, Comparators],
  ['Aggregators', toAggregator, aggregators, Aggregators],
  ['Processors', toProcessor, processors, Processors],
] as const)('runs everything that %s makes', (_, make, queries, namespace) => {
  expect(Object.keys(queries).sort()).toEqual(
    Object.keys(namespace)
      .filter((name) => name !== 'custom')
      .sort(),
  )
  for (const query of Object.values<object>(queries)) {
    expect(() => (make as (agent: JavaValue) => unknown)(parseJson(JSON.stringify(query)))).not.toThrow()
  }
})

it('runs the event filters that listeners ask for', () => {
  const changes = changesOf(filters.equal, 7)
  expect(() => toEventFilter(parseJson(JSON.stringify(changes)))).not.toThrow()
})

it('runs the processor that puts with a time to live', () => {
  const put = { '@class': 'internal.util.processor.CacheProcessors.Put', value: 1, ttl: 5 }
  expect(() => toProcessor(parseJson(JSON.stringify(put)))).not.toThrow()
})
