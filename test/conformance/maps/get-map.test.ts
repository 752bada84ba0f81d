// session.getMap and session.getCache: one map for each name.
import { type CacheOptions, type CallOptions, NamedCache } from 'coherence-ts'
import { uniqueName } from '../../support/conformance'
import { describeMaps } from '../../support/maps'
import { wrongArgument } from '../../support/wrong-argument'

describeMaps('getMap and getCache', (_, session) => {
  it('give the same map for the same name, also while it is being opened', async () => {
    const name = uniqueName('same')
    const [one, two] = await Promise.all([session().getMap(name), session().getMap(name)])
    expect(two).toBe(one)
    expect(await session().getMap(name)).toBe(one)
    expect(session().activeMaps.filter((active) => active === name)).toEqual([name])
  })

  it('give one and the same, a map and a cache of a name being one', async () => {
    const name = uniqueName('one')
    const cache = await session().getCache(name)
    expect(cache).toBeInstanceOf(NamedCache)
    expect(await session().getMap(name)).toBe(cache)
  })

  it('give maps of different names that share nothing', async () => {
    const one = await session().getMap<string, number>(uniqueName('one'))
    const two = await session().getMap<string, number>(uniqueName('two'))
    await one.set('a', 1)
    expect([one.name === two.name, await two.isEmpty()]).toEqual([false, true])
  })

  it.each(['with space', 'sub/folder', 'Zürich', '%', 'x'.repeat(200), ' '])(
    'take %j as a name',
    async (name) => {
      const map = await session().getMap<string, number>(`${uniqueName('odd')}${name}`)
      await map.set('a', 1)
      expect(await map.get('a')).toBe(1)
      await map.destroy()
    },
  )

  it('take a blank as a whole name', async () => {
    const map = await session().getMap<string, number>(' ')
    await map.set('a', 1)
    expect(await map.get('a')).toBe(1)
    await map.destroy()
  })

  it.each([
    ['', "''"],
    [5, '5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'an object'],
    [['a'], 'an array'],
  ])('refuse %j as a name', async (name, shown) => {
    const refusal = wrongArgument(`The name of a map is ${shown}; `)
    await expect(session().getMap(name as string)).rejects.toEqual(refusal)
    await expect(session().getCache(name as string)).rejects.toEqual(refusal)
  })

  it('refuse another default life for a map that is open', async () => {
    const name = uniqueName('life')
    const cache = await session().getCache(name, { defaultTtlSeconds: 60 })
    await expect(session().getCache(name, { defaultTtlSeconds: 61 })).rejects.toEqual(
      wrongArgument(`'${name}' is open with another defaultTtlSeconds; `),
    )
    expect(await session().getCache(name, { defaultTtlSeconds: 60 })).toBe(cache)
    expect(await session().getMap(name)).toBe(cache)
  })

  it('say that defaultTtlSeconds is an option of getCache', async () => {
    const options = { defaultTtlSeconds: 60 } as CallOptions
    await expect(session().getMap(uniqueName('life'), options)).rejects.toThrow(
      "getMap: there is no option 'defaultTtlSeconds', which is for getCache, which gives the same map; " +
        'the options are signal, timeoutSeconds',
    )
  })

  it.each([
    [{ defaultTtlSeconds: 0 }, 'defaultTtlSeconds is 0; '],
    [{ defaultTtlSeconds: -1 }, 'defaultTtlSeconds is -1; '],
    [{ defaultTtlSeconds: NaN }, 'defaultTtlSeconds is NaN; '],
    [{ defaultTtlSeconds: '5' }, "defaultTtlSeconds is '5'; "],
    [{ ttl: 5 }, "there is no option 'ttl' "],
    ['fast', "the options are 'fast'; "],
    [null, 'the options are null; '],
  ])('refuse the options %j', async (options, reason) => {
    await expect(session().getCache(uniqueName('wrong'), options as CacheOptions)).rejects.toEqual(
      wrongArgument(`getCache: ${reason}`),
    )
  })

  it('reject with the reason of a signal, without harm to others who wait for the same map', async () => {
    const name = uniqueName('abort')
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const given = session().getMap<string, number>(name)
    const up = session().getMap(name, { signal: controller.signal })
    controller.abort(reason)
    await expect(up).rejects.toBe(reason)
    await (await given).set('a', 1)
    expect(await (await given).get('a')).toBe(1)
  })
})
