// Many entries and large answers: everything arrives, in bounded memory, whatever has to be cut.
import { Aggregators, Extractors, Filters, Processors } from 'coherence-ts'
import { describeMaps } from '../../support/maps'
import { range } from '../../support/sequences'

const KILOBYTE = 'x'.repeat(1_000)
const MEGABYTE = 'x'.repeat(1_000_000)

function* numbered(count: number): Generator<[number, string]> {
  for (let index = 0; index < count; index++) yield [index, `${index} ${KILOBYTE}`]
}

describeMaps('setAll of 50,000 entries of a kilobyte', (open) => {
  it.each(['a generator', 'an async generator'])('from %s arrives complete', async (source) => {
    const map = await open<number, string>()
    const entries =
      source === 'a generator'
        ? numbered(50_000)
        : (async function* () {
            yield* numbered(50_000)
          })()
    const progress: number[] = []
    await map.setAll(entries, { onProgress: (stored) => progress.push(stored) })
    expect(progress).toEqual([...progress].sort((one, other) => one - other))
    expect([progress.at(-1), await map.size()]).toEqual([50_000, 50_000])
    const sampled = [0, 1, 25_000, 49_999]
    expect(await map.getAll(sampled)).toEqual(new Map(sampled.map((key) => [key, `${key} ${KILOBYTE}`])))
    await map.destroy()
  })

  it('reads its source no more than six messages ahead of what is stored', async () => {
    const map = await open<number, string>()
    let given = 0
    let mostAhead = 0
    function* source(): Generator<[number, string]> {
      for (const entry of numbered(20_000)) {
        given += 1
        yield entry
      }
    }
    await map.setAll(source(), {
      onProgress: (stored) => (mostAhead = Math.max(mostAhead, given - stored)),
    })
    // Messages of half a megabyte hold about 500 of these.
    expect(mostAhead).toBeLessThanOrEqual(6 * 525)
    await map.destroy()
  })
})

describeMaps('100,000 keys', (open) => {
  const prefix = 'a key that is long enough for the requests to be cut '
  const keys = Array.from({ length: 100_000 }, (_, index) => `${prefix}${index}`)

  it('are found by getAll, and visited by invokeAll and aggregate', async () => {
    const map = await open<string, number>()
    await map.setAll(keys.map((key, index) => [key, index]))
    const found = await map.getAll(keys)
    expect(found.size).toBe(100_000)
    expect([...found.keys()]).toEqual(keys)
    expect([...found.values()].every((value, index) => value === index)).toBe(true)

    const identity = Processors.extract(Extractors.identity<number>())
    const results = await map.invokeAll(identity, { keys })
    expect([...results.keys()]).toEqual(keys)
    expect([...results.values()].every((value, index) => value === index)).toBe(true)

    expect(await map.aggregate(Aggregators.count(), { keys: keys.slice(0, 50_000) })).toBe(50_000)
    await map.destroy()
  })
})

describeMaps('an answer of 20 megabytes', (open) => {
  const keys = range(0, 7)
  const threeMegabytes = MEGABYTE.repeat(3)
  const entries = keys.map((key) => [key, `${key}${threeMegabytes}`] as const)
  const lengths = new Map(entries.map(([key, value]) => [key, value.length]))
  const lengthsOf = (found: Iterable<readonly [number, string]>): Map<number, number> =>
    new Map([...found].map(([key, value]) => [key, value.length]))

  it('is read by getAll, entries and get, while other calls are answered', async () => {
    const map = await open(entries)
    const [all, streamed, one, size] = await Promise.all([
      map.getAll(keys),
      map.entries().toArray(),
      map.get(3),
      map.size(),
    ])
    expect([lengthsOf(all), lengthsOf(streamed)]).toEqual([lengths, lengths])
    expect([one?.length, size]).toEqual([3_000_001, 7])
    await map.destroy()
  })

  it('may be one message', async () => {
    const map = await open(entries)
    const values = await map.aggregate(Aggregators.distinct(Extractors.identity<string>()))
    expect(values.map((value) => value.length)).toEqual(keys.map(() => 3_000_001))
    await map.destroy()
  })

  it('may be the value that a write replaced', async () => {
    const map = await open<number, string>([[1, threeMegabytes]])
    const replaced = await Promise.all(keys.map((key) => map.set(1, `${key}${threeMegabytes}`)))
    expect(replaced.map((value) => value?.length)).toEqual([3_000_000, ...Array<number>(6).fill(3_000_001)])
    await map.destroy()
  })

  it('is not limited by a filter', async () => {
    const map = await open(entries)
    const found = await map.entries({ filter: Filters.always() }).toMap()
    expect(lengthsOf(found)).toEqual(lengths)
    await map.destroy()
  })
})
