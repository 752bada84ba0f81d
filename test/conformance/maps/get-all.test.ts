// getAll: the values of many keys, under the keys that the caller gave.
import { CodecError, ServerError } from 'coherence-ts'
import {
  describeMaps,
  FALSY,
  FALSY_NOT_NULL,
  getAllFails,
  OUTSIDE_ASCII,
  serverRelease,
  storesBytes,
} from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { wrongArgument } from '../../support/wrong-argument'

describeMaps('getAll', (open) => {
  describe('of keys that are present', () => {
    it('gives the entries of the keys that are present, in the order of the keys', async () => {
      const map = await open([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ])
      expect([...(await map.getAll(['c', 'absent', 'a']))]).toEqual([
        ['c', 3],
        ['a', 1],
      ])
    })

    it('gives an entry once, however often its key is passed', async () => {
      const map = await open([['a', 1]])
      expect(await map.getAll(['a', 'a', 'a'])).toEqual(new Map([['a', 1]]))
    })

    it('finds keys that count as false', async () => {
      const entries = FALSY.map((key) => [key, `of ${String(key)}`] as const)
      const map = await open(entries)
      expect(await map.getAll(FALSY)).toEqual(new Map(entries))
    })

    it('gives values that count as false', async () => {
      const entries = FALSY_NOT_NULL.map((value) => [`key of ${String(value)}`, value] as const)
      const map = await open(entries)
      expect(await map.getAll(entries.map(([key]) => key))).toEqual(new Map(entries))
    })

    it('leaves out keys that are mapped to null where the server does not give them', async () => {
      const map = await open<string, number | null>([
        ['null', null],
        ['one', 1],
      ])
      const one = [['one', 1]] as const
      // Releases after 24.09 do not, unless their caches keep bytes.
      const given = storesBytes() || serverRelease() === '24.09'
      const expected = given ? [['null', null] as const, ...one] : one
      expect([...(await map.getAll(['null', 'one']))]).toEqual(expected)
    })

    it('gives the entries of object keys under the objects that were passed', async () => {
      const map = await open([
        [{ first: 'Ann', last: 'Lee' }, 1],
        [{ first: 'Bob', last: 'Kay' }, 2],
      ])
      const ann = { last: 'Lee', first: 'Ann' }
      const bob = { first: 'Bob', last: 'Kay' }
      const found = await map.getAll([ann, bob])
      expect([found.get(ann), found.get(bob), found.size]).toEqual([1, 2, 2])
    })

    it('takes any iterable of keys', async () => {
      const map = await open([
        ['a', 1],
        ['b', 2],
      ])
      const expected = new Map([
        ['a', 1],
        ['b', 2],
      ])
      expect(await map.getAll(new Set(['a', 'b']))).toEqual(expected)
      expect(await map.getAll(expected.keys())).toEqual(expected)
    })

    it('gives thousands of entries', async () => {
      const entries = Array.from({ length: 5_000 }, (_, index) => [`key-${index}`, index] as const)
      const map = await open(entries)
      expect(await map.getAll(entries.map(([key]) => key))).toEqual(new Map(entries))
    })

    it('finds keys that are larger together than a request may be', async () => {
      const entries = Array.from(
        { length: 6 },
        (_, index) => [`${index}`.repeat(1024 * 1024), index] as const,
      )
      const map = await open(entries)
      expect((await map.getAll(entries.map(([key]) => key))).size).toBe(6)
    })
  })

  it('finds keys outside ASCII, or fails', async () => {
    const map = await open([[OUTSIDE_ASCII, 1]])
    // Such keys cannot be looked for one by one.
    const found = map.getAll([OUTSIDE_ASCII])
    if (getAllFails()) await expect(found).rejects.toBeInstanceOf(ServerError)
    else expect(await found).toEqual(new Map([[OUTSIDE_ASCII, 1]]))
  })

  it('gives nothing for no keys', async () => {
    const map = await open([['a', 1]])
    expect(await map.getAll([])).toEqual(new Map())
  })

  it('does not take a failure on the server for absent keys', async () => {
    const map = await open<unknown, number>()
    await expect(map.getAll([{ '@class': 'com.acme.Unknown' }])).rejects.toBeInstanceOf(ServerError)
  })

  it.each([null, undefined, 5, {}, (): number => 1])('refuses %p as the keys', async (wrong) => {
    const map = await open<unknown, number>()
    await expect(map.getAll(wrong as unknown[])).rejects.toEqual(wrongArgument('getAll: the keys are '))
  })

  it('refuses a string as the keys, which is more likely to be one key', async () => {
    const map = await open<string, number>()
    await expect(map.getAll('key')).rejects.toEqual(wrongArgument("getAll: the keys are 'key'; "))
  })

  it('refuses keys of which one cannot be encoded', async () => {
    const map = await open<unknown, number>()
    await expect(map.getAll(['a', undefined])).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('getAll', (map, options) => map.getAll(['key'], options))
})
