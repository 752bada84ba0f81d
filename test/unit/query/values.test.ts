// The caller's values inside queries.
import * as Filters from '../../../src/query/filters'
import * as Processors from '../../../src/query/processors'

it.each([0, '', false, null, 5n, -0])('%p is a value like any other', (value) => {
  expect(Filters.equal('a', value)).toEqual({
    '@class': 'filter.EqualsFilter',
    extractor: { '@class': 'extractor.UniversalExtractor', name: 'a' },
    value,
  })
})

it('a value is neither copied nor frozen', () => {
  const value = { city: 'Rome' }
  expect(Processors.conditionalPut<unknown>(Filters.always(), value)).toHaveProperty('value', value)
  expect(Object.isFrozen(value)).toBe(false)
})

it('a list of values is read once, when the filter is made', () => {
  const values = [1, 2]
  const filter = Filters.in('a', values)
  values.push(3)
  expect(filter).toHaveProperty('value', [1, 2])
  expect(Object.isFrozen(values)).toBe(false)
})
