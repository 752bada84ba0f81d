// addIndex and removeIndex: indexes that the server's own plan of a query tells of.
import { Aggregators, Comparators, Extractors, Filters, type NamedCache, ServerError } from 'coherence-ts'
import { describeMaps, storesBytes } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

interface Person {
  readonly name: string
  readonly age: number
}

const PEOPLE: [string, Person][] = [
  ['ann', { name: 'Ann', age: 30 }],
  ['bob', { name: 'Bob', age: 40 }],
]
const AGE = Extractors.extract<Person, 'age'>('age')
const NAME = Extractors.extract<Person, 'name'>('name')

/**
 * Whether there is an index by age: the plan of a query says so. Servers whose caches keep bytes cannot tell their plans
 * (25.03.2); they refuse to make another index by the same extractor.
 */
async function hasIndex(map: NamedCache<string, Person>): Promise<boolean> {
  if (storesBytes()) return refusesAnother(map)
  const explain = Aggregators.custom<Person>('aggregator.QueryRecorder', { type: { enum: 'EXPLAIN' } })
  const plan = JSON.stringify(await map.aggregate(explain, { filter: Filters.equal('age', 30) }))
  const lookups = /"indexLookupRecords":(\[[^\]]*\])/.exec(plan)?.[1] ?? '[]'
  return /"index":"(?!null)[^"]+"|"indexDesc":"(?!null)[^"]+"/.test(lookups)
}

async function refusesAnother(map: NamedCache<string, Person>): Promise<boolean> {
  try {
    await map.addIndex(AGE, { ordered: true })
  } catch (error) {
    if (error instanceof ServerError) return true
    throw error
  }
  await map.removeIndex(AGE)
  return false
}

describeMaps('addIndex', (open) => {
  it('makes an index, until removeIndex drops it', async () => {
    const map = await open(PEOPLE)
    const answers = [await hasIndex(map)]
    await map.addIndex(AGE)
    answers.push(await hasIndex(map))
    await map.removeIndex(AGE)
    answers.push(await hasIndex(map))
    expect(answers).toEqual([false, true, false])
  })

  it('takes a path, as removeIndex does', async () => {
    const map = await open(PEOPLE)
    await map.addIndex('age')
    const answers = [await hasIndex(map)]
    await map.removeIndex('age')
    answers.push(await hasIndex(map))
    expect(answers).toEqual([true, false])
  })

  it('takes a path of several names for the extractor that it stands for', async () => {
    const map = await open<string, { home: { city: string } }>()
    const city = Extractors.extract<{ home: { city: string } }, 'home.city'>('home.city')
    await map.addIndex('home.city')
    // The server refuses another index by the same extractor.
    await expect(map.addIndex(city, { ordered: true })).rejects.toBeInstanceOf(ServerError)
    await map.removeIndex('home.city')
    await map.addIndex(city, { ordered: true })
  })

  it('changes nothing about the results of queries', async () => {
    const map = await open(PEOPLE)
    await map.addIndex(AGE, { ordered: true })
    expect(await map.keys({ filter: Filters.equal('age', 30) }).toArray()).toEqual(['ann'])
    await map.set('eve', { name: 'Eve', age: 50 })
    expect((await map.keys({ filter: Filters.greater('age', 30) }).toArray()).sort()).toEqual(['bob', 'eve'])
  })

  it('takes a comparator, and another index of the same map', async () => {
    const map = await open(PEOPLE)
    await map.addIndex(NAME, { ordered: true, comparator: Comparators.reversed(Comparators.by('name')) })
    await map.addIndex(AGE)
    expect(await hasIndex(map)).toBe(true)
  })

  it('does nothing where there is the same index', async () => {
    const map = await open(PEOPLE)
    await map.addIndex(AGE)
    await map.addIndex(AGE)
    await map.removeIndex(AGE)
    expect(await hasIndex(map)).toBe(false)
  })

  it('rejects where there is an index by the same extractor in another order', async () => {
    const map = await open(PEOPLE)
    await map.addIndex(AGE)
    const failure = map.addIndex(AGE, { ordered: true })
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'addIndex' })
  })

  it.each([
    ['no extractor', undefined, {}, 'addIndex got undefined: '],
    ['a path with an empty name in it', 'home..city', {}, "addIndex got 'home..city' as the path: "],
    ['an empty path', '', {}, "addIndex got '' as the path: "],
    ['an ordered that is no boolean', AGE, { ordered: 'yes' }, "addIndex: ordered is 'yes'; "],
    [
      'a comparator that is none',
      AGE,
      { comparator: (): number => 0 },
      'addIndex: comparator is a function; ',
    ],
    ['a boolean in place of the options', AGE, true, 'addIndex: the options are true; '],
  ])('refuses %s', async (_, extractor, options, reason) => {
    const map = await open(PEOPLE)
    await expect(map.addIndex(extractor as never, options as never)).rejects.toEqual(wrongArgument(reason))
  })

  describeReceiver('addIndex', (map, options) => map.addIndex(Extractors.identity(), options))
})

describeMaps('removeIndex', (open) => {
  it('does nothing where there is no such index', async () => {
    const map = await open(PEOPLE)
    await map.removeIndex(AGE)
    expect(await hasIndex(map)).toBe(false)
  })

  it.each([undefined, null, '', 'age.', {}])('refuses %j as the path or extractor', async (wrong) => {
    const map = await open(PEOPLE)
    await expect(map.removeIndex(wrong as never)).rejects.toEqual(wrongArgument('removeIndex got '))
  })

  describeReceiver('removeIndex', (map, options) => map.removeIndex(Extractors.identity(), options))
})
