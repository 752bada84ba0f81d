// set: one entry, and the value it replaced.
import { CodecError, MapInactiveError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY, FALSY_NOT_NULL } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { range } from '../../support/sequences'

describeMaps('set', (open, session) => {
  it('stores the value and gives undefined where there was none', async () => {
    const map = await open<string, number>()
    expect(await map.set('ann', 30)).toBeUndefined()
    expect(await map.get('ann')).toBe(30)
  })

  it('gives the value it replaces', async () => {
    const map = await open([['ann', 30]])
    expect(await map.set('ann', 31)).toBe(30)
    expect(await map.get('ann')).toBe(31)
  })

  it.each(ALL_KINDS)('gives %s as the value it replaces', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.set('key', 'new')).toStrictEqual(value)
  })

  it.each(FALSY)('stores %j as a value', async (value) => {
    const map = await open<string, unknown>()
    await map.set('key', value)
    expect([await map.has('key'), await map.get('key')]).toEqual([true, value])
  })

  it.each(FALSY)('stores under the key %j', async (key) => {
    const map = await open<unknown, string>()
    await map.set(key, 'stored')
    expect(await map.entries().toArray()).toEqual([[key, 'stored']])
  })

  it.each(FALSY_NOT_NULL)('gives %j as the value it replaces', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.set('key', 'new')).toBe(value)
  })

  it('gives undefined where the value it replaces is null, which the server cannot distinguish from an absent value', async () => {
    const map = await open<string, string | null>([['key', null]])
    expect(await map.set('key', 'new')).toBeUndefined()
  })

  it('replaces the entry of an object key whatever the order of its members', async () => {
    const map = await open([[{ a: 1, b: 2 }, 'old']])
    expect(await map.set({ b: 2, a: 1 }, 'new')).toBe('old')
    expect(await map.size()).toBe(1)
  })

  it('carries out the writes of one key in their order, awaited or not', async () => {
    const map = await open<string, number>()
    const numbers = range(0, 100)
    const previous = await Promise.all(numbers.map((number) => map.set('key', number)))
    expect(previous).toEqual([undefined, ...numbers.slice(0, -1)])
    expect(await map.get('key')).toBe(99)
  })

  it('gives each of a hundred concurrent tasks what it stored', async () => {
    const map = await open<string, number>()
    const task = async (number: number): Promise<boolean> => {
      const key = `task-${number}`
      for (let turn = 0; turn < 5; turn++) {
        await map.set(key, turn)
        if ((await map.get(key)) !== turn) return false
      }
      return (await map.delete(key)) === 4
    }
    const results = await Promise.all(Array.from({ length: 100 }, (_, number) => task(number)))
    expect(results).toEqual(results.map(() => true))
    expect(await map.isEmpty()).toBe(true)
  })

  it('does not change the value that is passed', async () => {
    const map = await open<string, unknown>()
    const value = { total: 2n ** 70n, lines: [{ price: 1n }] }
    await map.set('key', value)
    expect(value).toStrictEqual({ total: 2n ** 70n, lines: [{ price: 1n }] })
  })

  it('stores a frozen value that holds a bigint', async () => {
    const map = await open<string, unknown>()
    await map.set('key', Object.freeze({ total: 2n ** 70n }))
    expect(await map.get('key')).toEqual({ total: 2n ** 70n })
  })

  it('stores nothing when it is rejected because the map was released', async () => {
    const map = await open<string, number>()
    await map.release()
    await expect(map.set('key', 1)).rejects.toBeInstanceOf(MapInactiveError)
    const again = await session().getMap(map.name)
    expect(await again.has('key')).toBe(false)
  })

  it('refuses undefined as the value, and stores nothing', async () => {
    const map = await open<string, unknown>([['key', 1]])
    const failure = map.set('key', undefined)
    await expect(failure).rejects.toBeInstanceOf(CodecError)
    await expect(failure).rejects.toMatchObject({ path: 'value', outcome: 'not-sent' })
    expect(await map.get('key')).toBe(1)
  })

  it('refuses undefined as the key', async () => {
    const map = await open<unknown, number>()
    await expect(map.set(undefined, 1)).rejects.toBeInstanceOf(CodecError)
  })

  it('refuses what is larger than a server accepts, and the map goes on working', async () => {
    const map = await open<string, string>()
    const failure = map.set('large', 'x'.repeat(4 * 1024 * 1024))
    await expect(failure).rejects.toBeInstanceOf(CodecError)
    await expect(failure).rejects.toMatchObject({ outcome: 'not-sent' })
    await map.set('small', 'x')
    expect(await map.size()).toBe(1)
  })

  it('stores and gives back a value of almost the largest size', async () => {
    const map = await open<string, string>()
    const value = 'x'.repeat(4 * 1024 * 1024 - 1024)
    await map.set('large', value)
    expect((await map.get('large')) === value).toBe(true)
  })

  describeReceiver('set', (map, options) => map.set('key', 1, options))
})
