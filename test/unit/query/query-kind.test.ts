import { isOtherKind, kindOfQuery } from '../../../src/query/query-kind'

describe('the kind of a query', () => {
  it.each([
    ['filter.EqualsFilter', 'filter'],
    ['util.filter.EqualsFilter', 'filter'],
    ['com.tangosol.util.filter.EqualsFilter', 'filter'],
    ['extractor.IdentityExtractor', 'extractor'],
    ['comparator.SafeComparator', 'comparator'],
    ['processor.TouchProcessor', 'processor'],
    ['aggregator.Count', 'aggregator'],
    ['com.acme.filter.Rule', undefined],
    ['internal.util.processor.CacheProcessors.Put', undefined],
    ['Rule', undefined],
    [5, undefined],
  ])('follows from the class of the server: %p', (className, kind) => {
    expect(kindOfQuery({ '@class': className })).toBe(kind)
  })

  it.each([undefined, null, 'filter.EqualsFilter', {}, ['filter.EqualsFilter']])('is none of %p', (value) => {
    expect(kindOfQuery(value)).toBeUndefined()
  })

  it('is another one only where that is known', () => {
    const given = ['filter.AlwaysFilter', 'extractor.IdentityExtractor', 'com.acme.Rule'].map((name) => ({
      '@class': name,
    }))

    expect(given.map((query) => isOtherKind('comparator', query))).toEqual([true, false, false])
    expect(given.map((query) => isOtherKind('filter', query))).toEqual([false, true, false])
  })
})
