// aggregate: one answer out of many entries.
import { Aggregators, CodecError, Comparators, Extractors, Filters, ServerError } from 'coherence-ts'
import { describeMaps, FALSY, storesBytes } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

interface Person {
  readonly name: string
  readonly age: number
  readonly city?: string
}

const PEOPLE: [string, Person][] = [
  ['ann', { name: 'Ann', age: 30, city: 'Ulm' }],
  ['bob', { name: 'Bob', age: 40, city: 'Ulm' }],
  ['eve', { name: 'Eve', age: 50 }],
]

describeMaps('aggregate', (open) => {
  it('works on all entries', async () => {
    const map = await open(PEOPLE)
    expect(await map.aggregate(Aggregators.max('age'))).toBe(50)
    expect(await map.aggregate(Aggregators.count())).toBe(3)
  })

  it('works on the entries of the keys, absent ones left out', async () => {
    const map = await open(PEOPLE)
    const target = { keys: ['ann', 'bob', 'absent'] }
    expect(await map.aggregate(Aggregators.max('age'), target)).toBe(40)
    expect(await map.aggregate(Aggregators.count(), target)).toBe(2)
  })

  it('works on the entries that the filter accepts', async () => {
    const map = await open(PEOPLE)
    expect(await map.aggregate(Aggregators.max('age'), { filter: Filters.equal('city', 'Ulm') })).toBe(40)
  })

  it('works on nothing for no keys, and not on all', async () => {
    const map = await open(PEOPLE)
    expect(await map.aggregate(Aggregators.count(), { keys: [] })).toBe(0)
    expect(await map.aggregate(Aggregators.sum('age'), { keys: [] })).toBeUndefined()
    expect(await map.aggregate(Aggregators.distinct('city'), { keys: [] })).toEqual([])
  })

  it('counts a key once, however often it is passed', async () => {
    const map = await open(PEOPLE)
    expect(await map.aggregate(Aggregators.count(), { keys: ['ann', 'ann'] })).toBe(1)
  })

  it('works on keys that count as false', async () => {
    const map = await open<unknown, { n: number }>(FALSY.map((falsy, index) => [falsy, { n: 10 ** index }]))
    const found = []
    for (const key of FALSY) found.push(await map.aggregate(Aggregators.max('n'), { keys: [key] }))
    expect(found).toEqual([1, 10, 100, 1_000])
  })

  it('finds object keys whatever the order of their members', async () => {
    const map = await open([[{ a: 1, b: 2 }, { n: 5 }]])
    expect(await map.aggregate(Aggregators.max('n'), { keys: [{ b: 2, a: 1 }] })).toBe(5)
  })

  it.each([
    ['a map without entries', [] as [string, Person][], {}],
    ['a filter that accepts nothing', PEOPLE, { filter: Filters.never() }],
  ])('has an answer over %s', async (_, entries, target) => {
    const map = await open(entries)
    expect({
      count: await map.aggregate(Aggregators.count(), target),
      sum: await map.aggregate(Aggregators.sum<Person, 'age'>('age'), target),
      average: await map.aggregate(Aggregators.average<Person, 'age'>('age'), target),
      min: await map.aggregate(Aggregators.min<Person, 'age'>('age'), target),
      max: await map.aggregate(Aggregators.max<Person, 'age'>('age'), target),
      distinct: await map.aggregate(Aggregators.distinct<Person, 'city'>('city'), target),
      groups: await map.aggregate(
        Aggregators.groupBy<Person, number, 'city'>('city', Aggregators.count()),
        target,
      ),
      all: await map.aggregate(
        Aggregators.all(Aggregators.count<Person>(), Aggregators.distinct<Person, 'city'>('city')),
        target,
      ),
    }).toEqual({
      count: 0,
      sum: undefined,
      average: undefined,
      min: undefined,
      max: undefined,
      distinct: [],
      groups: new Map(),
      all: [0, []],
    })
  })

  it('groups by a value that is missing as well', async () => {
    const map = await open(PEOPLE)
    expect(await map.aggregate(Aggregators.groupBy('city', Aggregators.count()))).toEqual(
      new Map<string | null, number>([
        ['Ulm', 2],
        [null, 1],
      ]),
    )
  })

  it('adds up, averages and ranks, which servers fail to do where their caches keep bytes', async () => {
    const map = await open(PEOPLE)
    const results = await Promise.allSettled([
      map.aggregate(Aggregators.sum('age')),
      map.aggregate(Aggregators.average('age')),
      map.aggregate(Aggregators.top<Person>(2, Comparators.by('age'))),
    ])
    const [eve, bob] = [PEOPLE[2]?.[1], PEOPLE[1]?.[1]]
    const expected = storesBytes() ? Array(3).fill(expect.any(ServerError)) : [120, 40, [eve, bob]]
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as unknown))),
    ).toEqual(expected)
  })

  it('sees the writes before it, awaited or not', async () => {
    const map = await open(PEOPLE)
    const write = map.set('ann', { name: 'Ann', age: 100 })
    expect(await map.aggregate(Aggregators.max('age'))).toBe(100)
    await write
  })

  it('compares what is beyond the precision of a double', async () => {
    const map = await open([
      ['a', { n: 2n ** 70n }],
      ['b', { n: 2n ** 70n + 1n }],
    ])
    expect(await map.aggregate(Aggregators.max('n'))).toBe(2n ** 70n + 1n)
  })

  it('rejects where the aggregator fails', async () => {
    const map = await open(PEOPLE)
    const failure = map.aggregate(Aggregators.custom('aggregator.NoSuchAggregator'))
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'aggregate', mapName: map.name })
  })

  it.each([
    ['no aggregator', undefined, {}, 'the aggregator is undefined; '],
    ['an aggregator that is none', { age: 1 }, {}, 'the aggregator is an object; '],
    [
      'keys and a filter',
      Aggregators.count(),
      { keys: ['ann'], filter: Filters.always() },
      'keys and filter exclude each other; ',
    ],
    ['keys that are a string', Aggregators.count(), { keys: 'ann' }, "the keys are 'ann'; "],
    ['a filter that is none', Aggregators.count(), { filter: 'age > 30' }, "filter is 'age > 30'; "],
    ['keys in place of the options', Aggregators.count(), ['ann'], 'the options are an array; '],
  ])('refuses %s', async (_, aggregator, options, reason) => {
    const map = await open(PEOPLE)
    await expect(map.aggregate(aggregator as never, options as never)).rejects.toEqual(
      wrongArgument(`aggregate: ${reason}`),
    )
  })

  it('refuses a key that cannot be encoded', async () => {
    const map = await open<unknown, Person>(PEOPLE)
    await expect(map.aggregate(Aggregators.count(), { keys: [undefined] })).rejects.toBeInstanceOf(CodecError)
  })

  it('takes an extractor in place of a path', async () => {
    const map = await open([
      ['a', 1],
      ['b', 2],
    ])
    expect(await map.aggregate(Aggregators.max(Extractors.identity<number>()))).toBe(2)
  })

  describeReceiver('aggregate', (map, options) => map.aggregate(Aggregators.count(), options))
})
