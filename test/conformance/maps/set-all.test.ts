// setAll: many entries, from any source, in messages of bounded size.
import { CodecError } from 'coherence-ts'
import { describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

const PAIRS: [string, number][] = [
  ['a', 1],
  ['b', 2],
]

describeMaps('setAll', (open) => {
  it('stores the entries of a Map', async () => {
    const map = await open<string, number>()
    await map.setAll(new Map(PAIRS))
    expect(await map.entries().toMap()).toEqual(new Map(PAIRS))
  })

  it('stores the pairs of an array, a generator, and an async generator', async () => {
    const map = await open<string, number>()
    await map.setAll(PAIRS)
    await map.setAll(
      (function* () {
        yield ['c', 3] as const
      })(),
    )
    await map.setAll(
      (async function* () {
        yield ['d', 4] as const
      })(),
    )
    expect(await map.entries().toMap()).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ]),
    )
  })

  it('replaces what is there and keeps the rest', async () => {
    const map = await open([
      ['a', 0],
      ['z', 26],
    ])
    await map.setAll(PAIRS)
    expect(await map.entries().toMap()).toEqual(new Map([...PAIRS, ['z', 26]]))
  })

  it('of more entries than go at once comes before the calls that are made after it', async () => {
    const map = await open<number, number>()
    const all = map.setAll(Array.from({ length: 20_000 }, (_, key) => [key, 1] as const))
    const calls = [map.get(19_999), map.set(19_998, 2), map.delete(19_997), map.size()]
    await all
    expect(await Promise.all(calls)).toEqual([1, 1, 1, 19_999])
  })

  it('of more entries than go at once is cleared by a clear that is made after it', async () => {
    const map = await open<number, number>()
    const all = map.setAll(Array.from({ length: 20_000 }, (_, key) => [key, 1] as const))
    await map.clear()
    await all
    expect(await map.size()).toBe(0)
  })

  it('changes nothing where there are no entries', async () => {
    const map = await open(PAIRS)
    await map.setAll(new Map())
    await map.setAll([])
    expect(await map.entries().toMap()).toEqual(new Map(PAIRS))
  })

  it('stores keys and values that count as false', async () => {
    const pairs = FALSY.map((falsy) => [falsy, falsy] as const)
    const map = await open<unknown, unknown>()
    await map.setAll(pairs)
    expect(await map.entries().toMap()).toEqual(new Map(pairs))
  })

  it('keeps the last of several values of one key', async () => {
    const map = await open<string, number>()
    await map.setAll(Array.from({ length: 50 }, (_, index) => ['key', index]))
    expect(await map.get('key')).toBe(49)
  })

  it('keeps its place among the writes and reads of its keys, awaited or not', async () => {
    const map = await open<string, number>()
    const results = await Promise.all([map.setAll([['key', 1]]), map.set('key', 2), map.get('key')])
    expect(results).toEqual([undefined, 1, 2])
  })

  it('takes object keys of equal members as one', async () => {
    const map = await open<object, number>()
    await map.setAll([
      [{ a: 1, b: 2 }, 1],
      [{ b: 2, a: 1 }, 2],
    ])
    expect(await map.values().toArray()).toEqual([2])
  })

  it('stores more than one request can carry', async () => {
    const map = await open<number, string>()
    const text = 'x'.repeat(1024 * 1024)
    await map.setAll(Array.from({ length: 6 }, (_, index) => [index, text]))
    expect(await map.size()).toBe(6)
  })

  it('reports how many entries it has stored, the last time all of them', async () => {
    const map = await open<number, string>()
    const progress: number[] = []
    await map.setAll(
      Array.from({ length: 5_000 }, (_, index) => [index, `value ${index}`]),
      { onProgress: (stored) => progress.push(stored) },
    )
    expect(progress.length).toBeGreaterThan(1)
    expect(progress).toEqual([...progress].sort((one, other) => one - other))
    expect(progress.at(-1)).toBe(5_000)
    expect(await map.size()).toBe(5_000)
  })

  it('reads a source no further after its signal aborts', async () => {
    const map = await open<number, string>()
    const controller = new AbortController()
    const reason = new Error('enough')
    let given = 0
    async function* endless(): AsyncGenerator<[number, string]> {
      for (;;) {
        if (given === 10) controller.abort(reason)
        yield [given++, 'x']
      }
    }
    await expect(map.setAll(endless(), { signal: controller.signal })).rejects.toBe(reason)
    expect(given).toBe(11)
  })

  it('rejects with what its source throws, and keeps what was stored', async () => {
    const map = await open<number, string>()
    const failure = new Error('the file is gone')
    async function* broken(): AsyncGenerator<[number, string]> {
      for (let index = 0; index < 3_000; index++) yield [index, 'x']
      throw failure
    }
    await expect(map.setAll(broken())).rejects.toBe(failure)
    expect(await map.size()).toBe(2_000)
  })

  it.each([null, undefined, 5, 'text', {}, { a: 1 }])('refuses %j as the entries', async (wrong) => {
    const map = await open<string, unknown>()
    await expect(map.setAll(wrong as never)).rejects.toEqual(wrongArgument('setAll: the entries are '))
    expect(await map.isEmpty()).toBe(true)
  })

  it.each([[[['a']]], [['ab']], [[{ key: 'a', value: 1 }]], [[null]]])(
    'refuses %j, whose element is no pair',
    async (wrong) => {
      const map = await open<string, unknown>()
      await expect(map.setAll(wrong as never)).rejects.toEqual(wrongArgument('setAll: an entry is '))
      expect(await map.isEmpty()).toBe(true)
    },
  )

  it('refuses an entry that cannot be encoded', async () => {
    const map = await open<string, unknown>()
    await expect(map.setAll([['a', undefined]])).rejects.toBeInstanceOf(CodecError)
    expect(await map.isEmpty()).toBe(true)
  })

  it('refuses an onProgress that is not a function', async () => {
    const map = await open<string, number>()
    const wrong = { onProgress: 'yes' } as never
    await expect(map.setAll(PAIRS, wrong)).rejects.toEqual(wrongArgument("setAll: onProgress is 'yes'; "))
  })

  describeReceiver('setAll', (map, options) => map.setAll([['key', 1]], options))
})
