// The size of requests: a server resets the whole stream for one that is too large, so none ever leaves the client,
// and what can be cut is cut.
import {
  Aggregators,
  CodecError,
  Comparators,
  Extractors,
  Filters,
  type NamedCache,
  Processors,
} from 'coherence-ts'
import { describeMaps } from '../../support/maps'
import { range } from '../../support/sequences'

const LIMIT = 4 * 1024 * 1024
const HALF = 'x'.repeat(LIMIT / 2)

type AnyCache = NamedCache<unknown, unknown>
type Call = (map: AnyCache, text: string) => Promise<unknown>

/** Calls whose requests grow with the text, by a byte for each character. */
const CALLS: readonly (readonly [name: string, call: Call])[] = [
  ['get', (map, text) => map.get(text)],
  ['getAll', (map, text) => map.getAll(['small', text])],
  ['set', (map, text) => map.set('key', text)],
  ['set of a large key', (map, text) => map.set(text, 1)],
  ['setAll', (map, text) => map.setAll([['key', text]])],
  ['setIfAbsent', (map, text) => map.setIfAbsent('key', text)],
  ['setIfAbsent with a time to live', (map, text) => map.setIfAbsent('key', text, { ttlSeconds: 60 })],
  ['replace', (map, text) => map.replace('key', text)],
  ['replaceMapping', (map, text) => map.replaceMapping('key', text, HALF)],
  ['delete', (map, text) => map.delete(text)],
  ['removeMapping', (map, text) => map.removeMapping('key', text)],
  ['has', (map, text) => map.has(text)],
  ['hasValue', (map, text) => map.hasValue(text)],
  ['hasEntry', (map, text) => map.hasEntry('key', text)],
  ['invoke', (map, text) => map.invoke('key', Processors.conditionalPut(Filters.always(), text))],
  ['invoke on a large key', (map, text) => map.invoke(text, Processors.extract(Extractors.identity()))],
  [
    'invokeAll on a large key with a large processor',
    (map, text) => map.invokeAll(Processors.conditionalPut(Filters.never(), HALF), { keys: ['small', text] }),
  ],
  [
    'invokeAll with a filter and a large processor',
    (map, text) => map.invokeAll(Processors.conditionalPut(Filters.never(), HALF), { filter: equalTo(text) }),
  ],
  [
    'aggregate over a large key',
    (map, text) => map.aggregate(Aggregators.count(), { keys: ['small', text] }),
  ],
  [
    'aggregate with a filter and a large aggregator',
    (map, text) =>
      map.aggregate(Aggregators.groupBy(Extractors.identity(), Aggregators.count(), equalTo(HALF)), {
        filter: equalTo(text),
      }),
  ],
  [
    'entries with a filter and a large comparator',
    (map, text) =>
      map.entries({ filter: equalTo(text), comparator: Comparators.by(Extractors.extract(HALF)) }).toArray(),
  ],
  ['keys', (map, text) => map.keys({ filter: equalTo(text) }).toArray()],
]

function equalTo(text: string): ReturnType<typeof Filters.equal<unknown, never>> {
  return Filters.equal(Extractors.identity<unknown>(), text)
}

/** The error of a call that has to be refused, whether it throws or rejects. */
async function refusalOf(call: () => Promise<unknown>): Promise<CodecError> {
  let error: unknown
  try {
    await call()
  } catch (failure) {
    error = failure
  }
  expect(error).toBeInstanceOf(CodecError)
  return error as CodecError
}

/** By how many bytes the request of a call is too large; 0 where the call is answered. */
async function surplusIn(call: () => Promise<unknown>): Promise<number> {
  try {
    await call()
    return 0
  } catch (error) {
    if (error instanceof CodecError) return surplusOf(error)
    throw error
  }
}

/** By how many bytes the request that was refused is too large. */
function surplusOf(error: CodecError): number {
  const [, bytes, most] = /request of (\d+) bytes, more than the (\d+) of/.exec(error.message) ?? []
  expect(Number(most)).toBe(LIMIT)
  return Number(bytes) - Number(most)
}

describeMaps('the largest request', (open, session) => {
  let losses = 0
  const count = (): void => {
    losses += 1
  }
  beforeAll(() => session().on('disconnected', count))
  afterEach(() => {
    const lost = losses
    losses = 0
    expect(lost).toBe(0)
  })

  it.each(CALLS)('of %s is answered, and one byte more is refused', async (_, call) => {
    const map = await open<unknown, unknown>()
    let largest = 'x'.repeat(LIMIT)
    for (let surplus = LIMIT; surplus > 0; largest = largest.slice(surplus)) {
      expect(largest).not.toBe('')
      surplus = await surplusIn(() => call(map, largest))
    }
    expect(surplusOf(await refusalOf(() => call(map, `${largest}x`)))).toBe(1)
    await map.destroy()
  })

  it('is refused with the names of the call, the map and the key, and its size', async () => {
    const map = await open<unknown, string>()
    const error = await refusalOf(() => map.set({ id: 5 }, 'x'.repeat(5 * 1024 * 1024)))
    expect(error.outcome).toBe('not-sent')
    expect(error.message).toContain(`set on map '${map.name}' for key {"id":5} takes a request of 52431`)
  })

  it('that is refused does no harm to the calls in flight beside it', async () => {
    const map = await open<number, string>()
    const before = Array.from({ length: 50 }, (_, index) => map.set(index, 'x'))
    const refused = refusalOf(() => map.set(50, 'x'.repeat(5 * 1024 * 1024)))
    const after = Array.from({ length: 50 }, (_, index) => map.get(index))
    expect(await Promise.all([...before, ...after])).toEqual([
      ...Array<undefined>(50),
      ...Array<string>(50).fill('x'),
    ])
    await refused
    expect(await map.size()).toBe(50)
  })

  it('of an aggregation over keys, whose parts cannot be put together, is not cut', async () => {
    const map = await open<number, number>()
    const keys = range(0, 450_000)
    const refused = await refusalOf(() => map.aggregate(Aggregators.count(), { keys }))
    expect(surplusOf(refused)).toBeGreaterThan(0)
    expect(await map.aggregate(Aggregators.count(), { keys: keys.slice(0, 250_000) })).toBe(0)
  })
})
