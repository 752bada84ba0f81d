// keys: the keys of all entries, or of those that a query selects.
import { Comparators, Extractors, Filters } from 'coherence-ts'
import { ALL_KINDS, describeMaps, expectInOrder, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('keys', (open) => {
  it('gives every key once', async () => {
    const map = await open([
      ['a', 1],
      ['b', 1],
    ])
    expect(new Set(await map.keys().toArray())).toEqual(new Set(['a', 'b']))
    expect(await map.keys().toArray()).toHaveLength(2)
  })

  it('gives nothing where there are no entries', async () => {
    const map = await open()
    expect(await map.keys().toArray()).toEqual([])
  })

  it('gives keys that count as false, with a filter and without', async () => {
    const map = await open(FALSY.map((falsy) => [falsy, 1]))
    expect(new Set(await map.keys().toArray())).toEqual(new Set(FALSY))
    const filter = Filters.equal(Extractors.identity<number>(), 1)
    expect(new Set(await map.keys({ filter }).toArray())).toEqual(new Set(FALSY))
  })

  it.each(ALL_KINDS)('gives %s as it was set', async (_, key) => {
    const map = await open([[key, 1]])
    expect(await map.keys().toArray()).toStrictEqual([key])
  })

  it('gives the keys of the entries that the filter accepts', async () => {
    const map = await open([
      ['ann', { age: 30 }],
      ['bob', { age: 40 }],
      ['eve', { age: 50 }],
    ])
    const keys = await map.keys({ filter: Filters.greater('age', 30) }).toArray()
    expect(keys.sort()).toEqual(['bob', 'eve'])
  })

  it('gives the keys in the order of their values where there is a comparator', async () => {
    const map = await open([
      ['a', { rank: 2 }],
      ['b', { rank: 3 }],
      ['c', { rank: 1 }],
    ])
    const comparator = Comparators.by<{ rank: number }, 'rank'>('rank')
    expectInOrder(await map.keys({ comparator }).toArray(), ['c', 'a', 'b'])
    expectInOrder(await map.keys({ comparator: Comparators.reversed(comparator) }).toArray(), ['b', 'a', 'c'])
  })

  it('gives no more keys than the limit', async () => {
    const map = await open(Array.from({ length: 20 }, (_, index) => [index, index]))
    expect(await map.keys({ limit: 0 }).toArray()).toEqual([])
    expect(await map.keys({ limit: 7 }).toArray()).toHaveLength(7)
    expect(await map.keys({ limit: 21 }).toArray()).toHaveLength(20)
  })

  describeReceiver('keys', (map, options) => map.keys(options).toArray())
})
