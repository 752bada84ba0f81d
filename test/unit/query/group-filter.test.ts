// Filters of groups compare with the aggregator's answer as the server holds it.
import * as Aggregators from '../../../src/query/aggregators'
import * as Extractors from '../../../src/query/extractors'
import * as Filters from '../../../src/query/filters'
import type { Filter } from '../../../src/query/query'

const decimal = (value: string): object => ({ '@class': 'math.BigDec', value })
const answer = { '@class': 'extractor.IdentityExtractor' }

function groupFilter(filter: Filter<number>): unknown {
  return Reflect.get(Aggregators.groupBy('name', Aggregators.sum('age'), filter), 'filter')
}

it('a number that a sum or an average is compared with is a decimal', () => {
  const filter: Filter<number> = Filters.greater(Extractors.identity(), 10.5)
  const compared = { '@class': 'filter.GreaterFilter', extractor: answer, value: decimal('10.5') }
  expect(Aggregators.groupBy('name', Aggregators.sum('age'), filter)).toHaveProperty('filter', compared)
  expect(Aggregators.groupBy('name', Aggregators.average('age'), filter)).toHaveProperty('filter', compared)
})

it('a number that another answer is compared with stays a number', () => {
  const filter: Filter<number> = Filters.greater(Extractors.identity(), 10)
  expect(Aggregators.groupBy('name', Aggregators.count(), filter)).toHaveProperty('filter', filter)
})

it('filters within filters, and lists, are seen', () => {
  expect(
    groupFilter(
      Filters.all(
        Filters.between(Extractors.identity(), 1, 2),
        Filters.not(Filters.in(Extractors.identity(), [3, 4])),
      ),
    ),
  ).toEqual({
    '@class': 'filter.AllFilter',
    filters: [
      {
        '@class': 'filter.BetweenFilter',
        filters: [
          { '@class': 'filter.GreaterEqualsFilter', extractor: answer, value: decimal('1') },
          { '@class': 'filter.LessEqualsFilter', extractor: answer, value: decimal('2') },
        ],
      },
      {
        '@class': 'filter.NotFilter',
        filter: { '@class': 'filter.InFilter', extractor: answer, value: [decimal('3'), decimal('4')] },
      },
    ],
  })
})

it('what is taken out of the answer is compared as it is', () => {
  const filter = Filters.greater(Extractors.custom<number, number>('com.acme.Rounded'), 10)
  expect(groupFilter(filter)).toEqual(filter)
})

it('values that are no numbers stay as they are', () => {
  const filter = Filters.equal<number, never, number>(Extractors.identity(), null)
  expect(groupFilter(filter)).toEqual(filter)
})

it('the filter that is passed stays as it is', () => {
  const filter: Filter<number> = Filters.greater(Extractors.identity(), 10)
  groupFilter(filter)
  expect(filter).toHaveProperty('value', 10)
})
