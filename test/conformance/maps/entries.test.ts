// entries: all entries, or those that a query selects, as a stream.
import { Comparators, Extractors, Filters, type QueryOptions, ServerError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, expectInOrder, FALSY, storesBytes } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

interface Person {
  readonly name: string
  readonly age: number
}

const ANN = { name: 'Ann', age: 30 }
const BOB = { name: 'Bob', age: 40 }
const EVE = { name: 'Eve', age: 50 }
const PEOPLE: [number, Person][] = [
  [1, ANN],
  [2, BOB],
  [3, EVE],
]

describeMaps('entries', (open, session) => {
  it.each([0, 1, 300, 1_000])('gives %i entries, each exactly once', async (size) => {
    const entries = Array.from({ length: size }, (_, index) => [index, `value ${index}`] as const)
    const map = await open(entries)
    const found = await map.entries().toArray()
    expect(found).toHaveLength(size)
    expect(new Map(found)).toEqual(new Map(entries))
  })

  it('gives keys and values that count as false', async () => {
    const entries = FALSY.map((falsy) => [falsy, falsy] as const)
    const map = await open(entries)
    expect(await map.entries().toMap()).toEqual(new Map(entries))
  })

  it.each(ALL_KINDS)('gives %s as it was set, as key and as value', async (_, item) => {
    const map = await open([[item, item]])
    expect(await map.entries().toArray()).toStrictEqual([[item, item]])
  })

  it('gives the entries that the filter accepts', async () => {
    const map = await open(PEOPLE)
    const filter = Filters.any(Filters.equal<Person, 'name'>('name', 'Ann'), Filters.greater('age', 40))
    expect(await map.entries({ filter }).toMap()).toEqual(
      new Map([
        [1, ANN],
        [3, EVE],
      ]),
    )
  })

  it('gives the entries of the keys that a filter by keys has', async () => {
    const map = await open(PEOPLE)
    const filter = Filters.custom<Person>('filter.InKeySetFilter', {
      filter: Filters.always(),
      keys: [1, 3, 9],
    })
    expect(await map.entries({ filter }).toMap()).toEqual(
      new Map([
        [1, ANN],
        [3, EVE],
      ]),
    )
  })

  it('gives nothing where the filter accepts nothing', async () => {
    const map = await open(PEOPLE)
    expect(await map.entries({ filter: Filters.never() }).toArray()).toEqual([])
  })

  it('gives the entries in the order of the comparator, ascending and descending', async () => {
    const map = await open(PEOPLE)
    const comparator = Comparators.by<Person, 'age'>('age')
    expectInOrder(await map.entries({ comparator }).toArray(), PEOPLE)
    const descending = Comparators.reversed(comparator)
    expectInOrder(await map.entries({ comparator: descending }).toArray(), [...PEOPLE].reverse())
  })

  it('gives the first of those that the filter accepts where there is a limit', async () => {
    const map = await open(PEOPLE)
    const query: QueryOptions<Person> = {
      filter: Filters.less('age', 50),
      comparator: Comparators.reversed(Comparators.by<Person, 'age'>('age')),
      limit: 1,
    }
    const [entry, ...others] = await map.entries(query).toArray()
    expect(others).toEqual([])
    expect(
      storesBytes()
        ? [
            [1, ANN],
            [2, BOB],
          ]
        : [[2, BOB]],
    ).toContainEqual(entry)
  })

  it('asks the server anew with each loop', async () => {
    const map = await open(PEOPLE)
    const results = map.entries()
    expect(await results.toArray()).toHaveLength(3)
    await map.delete(1)
    expect(await results.toArray()).toHaveLength(2)
  })

  it('asks nothing before it is consumed', async () => {
    const map = await open(PEOPLE)
    const results = map.entries({ filter: Filters.custom('com.acme.Unknown') })
    await session().ping()
    await expect(results.toArray()).rejects.toBeInstanceOf(ServerError)
  })

  it('knows of the writes before it, awaited or not', async () => {
    const map = await open<number, number>()
    const writes = Array.from({ length: 20 }, (_, index) => map.set(index, index))
    expect(await map.entries().toArray()).toHaveLength(20)
    await Promise.all(writes)
  })

  it('can be written to from within the loop', async () => {
    const map = await open(Array.from({ length: 100 }, (_, index) => [index, index]))
    for await (const [key, value] of map.entries()) await map.set(key, value + 1)
    const sum = (await map.values().toArray()).reduce((total, value) => total + value, 0)
    expect(sum).toBe(5_050)
  })

  it('can be read from within the loop, deeper than there are streams kept for it', async () => {
    const map = await open([['a', 1]])
    let visits = 0
    const visit = async (depth: number): Promise<void> => {
      for await (const [key] of map.entries()) {
        if (key === 'a') visits += 1
        if (depth > 1) await visit(depth - 1)
      }
    }
    await visit(10)
    expect(visits).toBe(10)
  })

  it('ends with the error where the server fails to compare, which it does not try where it keeps bytes', async () => {
    const map = await open<string, unknown>([
      ['a', { age: 30 }],
      ['b', { age: 'thirty' }],
    ])
    const comparator = Comparators.by(Extractors.extract<{ age: unknown }, 'age'>('age'))
    const results = map.entries({ comparator: comparator as never }).toArray()
    if (storesBytes()) expect(await results).toHaveLength(2)
    else await expect(results).rejects.toBeInstanceOf(ServerError)
  })

  it.each([
    ['a filter that is none', { filter: { age: 30 } }, 'filter is an object; '],
    ['a filter that is null', { filter: null }, 'filter is null; '],
    ['a filter that is a function', { filter: (): boolean => true }, 'filter is a function; '],
    ['a comparator that is a function', { comparator: (): number => 0 }, 'comparator is a function; '],
    ['a negative limit', { limit: -1 }, 'limit is -1; '],
    ['a limit that is no whole number', { limit: 1.5 }, 'limit is 1.5; '],
    ['a limit that is a string', { limit: '5' }, "limit is '5'; "],
    ['a filter in place of the options', Filters.always(), 'the options are a filter; '],
  ])('throws a TypeError at once for %s', async (_, wrong, reason) => {
    const map = await open(PEOPLE)
    expect(() => map.entries(wrong as never)).toThrow(wrongArgument(`entries: ${reason}`))
  })

  describeReceiver('entries', (map, options) => map.entries(options).toArray())
})
