// setIfAbsent: an entry where there is none.
import { CodecError, type TtlOptions } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY, FALSY_NOT_NULL } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

/** With a time to live it travels in another way. */
const LIVES = [
  ['without a time to live', {}],
  ['with a time to live', { ttlSeconds: 60 }],
] as const

describeMaps('setIfAbsent', (open) => {
  describe.each(LIVES)('%s', (_, life) => {
    it('stores the value where the key is absent, and gives undefined', async () => {
      const map = await open<string, number>()
      expect(await map.setIfAbsent('ann', 30, life)).toBeUndefined()
      expect(await map.get('ann')).toBe(30)
    })

    it('gives the value of a key that is present, and keeps it', async () => {
      const map = await open([['ann', 30]])
      expect(await map.setIfAbsent('ann', 31, life)).toBe(30)
      expect(await map.get('ann')).toBe(30)
    })

    it.each(FALSY_NOT_NULL)('keeps %j as the value that is there', async (value) => {
      const map = await open<string, unknown>([['key', value]])
      expect(await map.setIfAbsent('key', 'new', life)).toBe(value)
      expect(await map.get('key')).toBe(value)
    })

    it('takes a key that is mapped to null as absent, as the server does', async () => {
      const map = await open<string, string | null>([['key', null]])
      expect(await map.setIfAbsent('key', 'new', life)).toBeUndefined()
      expect(await map.get('key')).toBe('new')
    })

    it.each(FALSY)('stores %j as a value and under it as a key', async (falsy) => {
      const map = await open<unknown, unknown>()
      expect(await map.setIfAbsent(falsy, falsy, life)).toBeUndefined()
      expect(await map.entries().toArray()).toEqual([[falsy, falsy]])
    })

    it.each(ALL_KINDS)('stores %s, and gives it to the next', async (_kind, value) => {
      const map = await open<string, unknown>()
      await map.setIfAbsent('key', value, life)
      expect(await map.setIfAbsent('key', 'late', life)).toStrictEqual(value)
    })

    it('finds an object key whatever the order of its members', async () => {
      const map = await open([[{ a: 1, b: 2 }, 'there']])
      expect(await map.setIfAbsent({ b: 2, a: 1 }, 'new', life)).toBe('there')
    })

    it('lets exactly one of many at once store its value', async () => {
      const map = await open<string, number>()
      const numbers = Array.from({ length: 30 }, (__, index) => index)
      const answers = await Promise.all(numbers.map((number) => map.setIfAbsent('key', number, life)))
      const stored = await map.get('key')
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1)
      expect(answers.filter((answer) => answer !== undefined)).toEqual(Array(29).fill(stored))
    })

    it('refuses undefined as the value', async () => {
      const map = await open<string, unknown>()
      await expect(map.setIfAbsent('key', undefined, life)).rejects.toBeInstanceOf(CodecError)
    })

    describeReceiver('setIfAbsent', (map, options) => map.setIfAbsent('key', 1, within(life, options)))
  })
})

/** Both, where `options` are options at all. */
function within(life: object, options: unknown): TtlOptions {
  if (options === undefined) return life
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  return isObject ? { ...life, ...options } : (options as TtlOptions)
}
