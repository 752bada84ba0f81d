// values: the values of all entries, or of those that a query selects.
import { Comparators, Extractors, Filters } from 'coherence-ts'
import { ALL_KINDS, describeMaps, expectInOrder, FALSY, storesBytes } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('values', (open) => {
  it('gives the value of every entry, equal ones as often as they are there', async () => {
    const map = await open([
      ['a', 5],
      ['b', 5],
      ['c', 6],
    ])
    expect((await map.values().toArray()).sort()).toEqual([5, 5, 6])
    expect((await map.values({ filter: Filters.always() }).toArray()).sort()).toEqual([5, 5, 6])
  })

  it('gives nothing where there are no entries', async () => {
    const map = await open()
    expect(await map.values().toArray()).toEqual([])
  })

  it('gives values that count as false, with a filter and without', async () => {
    const map = await open(FALSY.map((falsy, index) => [index, falsy]))
    expect(new Set(await map.values().toArray())).toEqual(new Set(FALSY))
    expect(new Set(await map.values({ filter: Filters.always() }).toArray())).toEqual(new Set(FALSY))
  })

  it.each(ALL_KINDS)('gives %s as it was set', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.values().toArray()).toStrictEqual([value])
  })

  it('finds the entries whose value is 0 or false', async () => {
    const map = await open([
      ['a', { count: 0, done: false }],
      ['b', { count: 1, done: true }],
    ])
    const zero = { count: 0, done: false }
    expect(await map.values({ filter: Filters.equal('count', 0) }).toArray()).toEqual([zero])
    expect(await map.values({ filter: Filters.equal('done', false) }).toArray()).toEqual([zero])
  })

  it('gives the values that the filter accepts', async () => {
    const map = await open([
      ['ann', { age: 30 }],
      ['bob', { age: 40 }],
    ])
    expect(await map.values({ filter: Filters.less('age', 40) }).toArray()).toEqual([{ age: 30 }])
  })

  it('gives the values in the order of the comparator', async () => {
    const map = await open([
      ['a', 2],
      ['b', 3],
      ['c', 1],
    ])
    const comparator = Comparators.by(Extractors.identity<number>())
    expectInOrder(await map.values({ comparator }).toArray(), [1, 2, 3])
    expectInOrder(await map.values({ comparator: Comparators.reversed(comparator) }).toArray(), [3, 2, 1])
  })

  it('gives the first values of the order where there is a limit', async () => {
    const map = await open(Array.from({ length: 20 }, (_, index) => [index, index]))
    const comparator = Comparators.by(Extractors.identity<number>())
    const first = await map.values({ comparator, limit: 3 }).toArray()
    expect(first).toHaveLength(3)
    if (!storesBytes()) expect(first).toEqual([0, 1, 2])
  })

  describeReceiver('values', (map, options) => map.values(options).toArray())
})
