// The life of entries: of one, of many, of all of a cache.
import { type NamedCache, Processors, type TtlOptions } from 'coherence-ts'
import { uniqueName } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { wrongArgument } from '../../support/wrong-argument'

const SHORT = 1

async function expiryOf<K>(map: NamedCache<K, unknown>, key: K): Promise<void> {
  await eventually(async () => !(await map.has(key)))
}

// Calls on one map are carried out in their order: what is not awaited in between has no time to expire.
describeMaps('the life of an entry', (open, session) => {
  it('ends after the ttlSeconds of set, fractions included, and not before', async () => {
    const map = await open<string, number>()
    const started = performance.now()
    const results = await Promise.all([map.set('short', 1, { ttlSeconds: SHORT }), map.get('short')])
    expect(results).toEqual([undefined, 1])
    await map.set('long', 1)
    await expiryOf(map, 'short')
    // Servers count a life in steps of a quarter of a second.
    expect((performance.now() - started) / 1_000).toBeGreaterThan(SHORT - 0.3)
    expect([await map.get('short'), await map.size(), await map.get('long')]).toEqual([undefined, 1, 1])
  })

  it('can be set for entries of a map that was opened by getMap', async () => {
    const map = await session().getMap<string, number>(uniqueName('life-in-a-map'))
    await map.set('set', 1, { ttlSeconds: 0.1 })
    await map.setAll([['setAll', 1]], { ttlSeconds: 0.1 })
    await map.setIfAbsent('setIfAbsent', 1, { ttlSeconds: 0.1 })
    await map.set('kept', 1)
    await eventually(async () => (await map.size()) === 1)
    expect(await map.get('kept')).toBe(1)
    await map.destroy()
  })

  it('is rounded up to a millisecond', async () => {
    const map = await open<string, number>()
    await map.set('key', 1, { ttlSeconds: 0.0001 })
    await eventually(async () => (await map.get('key')) === undefined)
    expect(await map.isEmpty()).toBe(true)
  })

  it('ends after the ttlSeconds of setAll, for each entry', async () => {
    const map = await open<string, number>()
    const entries: [string, number][] = [
      ['a', 1],
      ['b', 2],
    ]
    const results = await Promise.all([
      map.setAll(entries, { ttlSeconds: SHORT }),
      map.get('a'),
      map.get('b'),
    ])
    expect(results).toEqual([undefined, 1, 2])
    await eventually(() => map.isEmpty())
    expect([await map.get('a'), await map.get('b')]).toEqual([undefined, undefined])
  })

  it('can be set for thousands of entries, with keys and values of every kind', async () => {
    const kinds = ALL_KINDS.map(([, item]) => [item, item] as const)
    const falsy = FALSY.map((item) => [item, item] as const)
    const many = Array.from({ length: 3_000 }, (_, index) => [`key ${index}`, index] as const)
    const entries: (readonly [unknown, unknown])[] = [...kinds, ...falsy, ...many]
    const map = await open<unknown, unknown>()
    await map.setAll(entries, { ttlSeconds: 600 })
    const stored = await map.entries().toArray()
    expect(stored).toHaveLength(new Set(entries.map(([key]) => key)).size)
    expect(stored).toEqual(
      expect.arrayContaining([...kinds, ...falsy, ...many.slice(0, 5), ...many.slice(-5)]),
    )
  })

  it('ends after the ttlSeconds of setIfAbsent where that stored the entry', async () => {
    const map = await open<string, number>()
    const results = await Promise.all([map.setIfAbsent('key', 1, { ttlSeconds: SHORT }), map.get('key')])
    expect(results).toEqual([undefined, 1])
    await expiryOf(map, 'key')
    expect(await map.setIfAbsent('key', 2, { ttlSeconds: SHORT })).toBeUndefined()
  })

  it('is not changed by a setIfAbsent that finds the entry', async () => {
    const map = await open<string, number>()
    await map.set('forever', 1)
    expect(await map.setIfAbsent('forever', 2, { ttlSeconds: 0.05 })).toBe(1)
    const results = await Promise.all([
      map.set('short', 1, { ttlSeconds: SHORT }),
      map.setIfAbsent('short', 2, { ttlSeconds: 60 }),
    ])
    expect(results).toEqual([undefined, 1])
    await expiryOf(map, 'short')
    expect(await map.get('forever')).toBe(1)
  })

  it('is the default of the cache where the call has none', async () => {
    const map = await open<string, number>([], { defaultTtlSeconds: SHORT })
    const results = await Promise.all([
      map.set('set', 1),
      map.setAll([['setAll', 1]]),
      map.setIfAbsent('setIfAbsent', 1),
      map.size(),
    ])
    expect(results).toEqual([undefined, undefined, undefined, 3])
    await eventually(() => map.isEmpty())
    expect(await map.get('set')).toBeUndefined()
  })

  it('is that of the call where the cache has a default as well', async () => {
    const map = await open<string, number>([], { defaultTtlSeconds: 0.2 })
    await map.set('default', 1)
    await map.set('minute', 1, { ttlSeconds: 60 })
    await map.set('forever', 1, { ttlSeconds: Infinity })
    await map.setIfAbsent('kept', 1, { ttlSeconds: Infinity })
    await expiryOf(map, 'default')
    expect((await map.keys().toArray()).sort()).toEqual(['forever', 'kept', 'minute'])
  })

  it.each([Infinity, 2 ** 31, 2 ** 40, 3 * 10 ** 9])(
    'is not cut short where it is %d seconds',
    async (ttlSeconds) => {
      const map = await open<string, number>()
      await map.set('key', 1, { ttlSeconds })
      await map.setAll([['other', 1]], { ttlSeconds })
      await map.set('short', 1, { ttlSeconds: 0.05 })
      await expiryOf(map, 'short')
      expect(await map.size()).toBe(2)
    },
  )

  it('starts again with each set', async () => {
    const map = await open<string, number>()
    await Promise.all([map.set('key', 1, { ttlSeconds: 0.05 }), map.set('key', 2)])
    await map.set('short', 1, { ttlSeconds: 0.1 })
    await expiryOf(map, 'short')
    expect(await map.get('key')).toBe(2)
  })

  it('is the default of the server after a change in place, and goes on where nothing changes', async () => {
    const map = await open<string, { n: number }>()
    const changes: Record<string, (key: string) => Promise<unknown>> = {
      replaced: (key) => map.replace(key, { n: 2 }),
      compared: (key) => map.replaceMapping(key, { n: 1 }, { n: 2 }),
      incremented: (key) => map.invoke(key, Processors.increment('n', 1)),
      touched: (key) => map.invoke(key, Processors.custom('processor.TouchProcessor')),
      found: (key) => map.setIfAbsent(key, { n: 2 }),
    }
    const keys = Object.keys(changes)
    const stored = map.setAll(
      keys.map((key) => [key, { n: 1 }]),
      { ttlSeconds: 1 },
    )
    const changed = Object.entries(changes).map(([key, change]) => change(key))
    await Promise.all([stored, ...changed])
    await eventually(async () => (await map.size()) === 3)
    expect((await map.keys().toArray()).sort()).toEqual(['compared', 'incremented', 'replaced'])
  })

  it.each([0, -1, NaN, '5', null, -Infinity, {}])(
    'is not %p: that is refused, and nothing is stored',
    async (wrong) => {
      const map = await open<string, number>()
      const life = { ttlSeconds: wrong } as TtlOptions
      await expect(map.set('key', 1, life)).rejects.toEqual(wrongArgument('set: ttlSeconds is '))
      await expect(map.setAll([['key', 1]], life)).rejects.toEqual(wrongArgument('setAll: ttlSeconds is '))
      await expect(map.setIfAbsent('key', 1, life)).rejects.toEqual(
        wrongArgument('setIfAbsent: ttlSeconds is '),
      )
      expect(await map.isEmpty()).toBe(true)
    },
  )

  it('is no option of methods that store nothing new', async () => {
    const map = await open([['key', 1]])
    const life = { ttlSeconds: 5 } as never
    await expect(map.replace('key', 2, life)).rejects.toThrow(
      "replace: there is no option 'ttlSeconds', which is for set, setAll and setIfAbsent; for all entries of a map " +
        'there is defaultTtlSeconds of getCache; the options are',
    )
    await expect(map.get('key', life)).rejects.toEqual(wrongArgument("get: there is no option 'ttlSeconds'"))
  })
})
