// keys: the keys of all entries, or of those that a query selects.
import { type Comparator, Comparators, Extractors, Filters, type NamedCache } from 'coherence-ts'
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

  describe.each(['keys', 'values', 'entries'] as const)('ordered by keys, and asked for %s', (method) => {
    const BY_KEY = Comparators.by(Extractors.key())

    /** The keys in the order of the elements; each value has its key in it. */
    async function keysOf<K>(map: NamedCache<K, { key: K }>, comparator: Comparator<unknown>): Promise<K[]> {
      if (method === 'keys') return map.keys({ comparator }).toArray()
      if (method === 'values') return (await map.values({ comparator }).toArray()).map(({ key }) => key)
      return (await map.entries({ comparator }).toArray()).map(([key]) => key)
    }

    it.each([
      ['numbers', [5, 1, 90, -3, 7], [-3, 1, 5, 7, 90]],
      ['strings', ['pear', 'apple', 'Fig', 'apples'], ['Fig', 'apple', 'apples', 'pear']],
    ])('gives those of a map of %s in their order, and the other way round', async (_what, keys, sorted) => {
      const map = await open(keys.map((key) => [key, { key }]))
      expectInOrder(await keysOf(map, BY_KEY), sorted)
      expectInOrder(await keysOf(map, Comparators.reversed(BY_KEY)), [...sorted].reverse())
    })

    it('gives those of a map of objects in the order of their members', async () => {
      const keys = [
        { shop: 'b', number: 1 },
        { shop: 'a', number: 1 },
        { shop: 'a', number: 2 },
      ]
      const member = (name: string): Comparator<unknown> =>
        Comparators.by(
          Extractors.custom('extractor.KeyExtractor', {
            extractor: Extractors.extract<unknown, string>(name),
          }),
        )
      const map = await open(keys.map((key) => [key, { key }]))
      const comparator = Comparators.chained(member('shop'), Comparators.reversed(member('number')))
      expectInOrder(await keysOf(map, comparator), [keys[2], keys[1], keys[0]])
    })
  })

  it('gives no more keys than the limit', async () => {
    const map = await open(Array.from({ length: 20 }, (_, index) => [index, index]))
    expect(await map.keys({ limit: 0 }).toArray()).toEqual([])
    expect(await map.keys({ limit: 7 }).toArray()).toHaveLength(7)
    expect(await map.keys({ limit: 21 }).toArray()).toHaveLength(20)
  })

  describeReceiver('keys', (map, options) => map.keys(options).toArray())
})
