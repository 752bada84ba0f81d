// replace: a new value where there is one already.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY, FALSY_NOT_NULL } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('replace', (open) => {
  it('replaces the value of a key that is present, and gives the old one', async () => {
    const map = await open([['ann', 30]])
    expect(await map.replace('ann', 31)).toBe(30)
    expect(await map.get('ann')).toBe(31)
  })

  it('gives undefined where the key is absent, and stores nothing', async () => {
    const map = await open<string, number>()
    expect(await map.replace('ann', 31)).toBeUndefined()
    expect(await map.has('ann')).toBe(false)
  })

  it.each(FALSY)('stores %j as the new value', async (value) => {
    const map = await open<string, unknown>([['key', 'old']])
    expect(await map.replace('key', value)).toBe('old')
    expect(await map.get('key')).toBe(value)
  })

  it.each(FALSY_NOT_NULL)('gives %j as the old value', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.replace('key', 'new')).toBe(value)
    expect(await map.get('key')).toBe('new')
  })

  it('replaces null', async () => {
    const map = await open<string, string | null>([['key', null]])
    await map.replace('key', 'new')
    expect(await map.get('key')).toBe('new')
  })

  it.each(FALSY)('replaces under the key %j', async (key) => {
    const map = await open<unknown, string>([[key, 'old']])
    expect(await map.replace(key, 'new')).toBe('old')
  })

  it.each(ALL_KINDS)('gives %s as the old value', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.replace('key', 'new')).toStrictEqual(value)
  })

  it('finds an object key whatever the order of its members', async () => {
    const map = await open([[{ a: 1, b: 2 }, 'old']])
    expect(await map.replace({ b: 2, a: 1 }, 'new')).toBe('old')
  })

  it('refuses undefined as the new value, and keeps the old one', async () => {
    const map = await open<string, unknown>([['key', 'old']])
    await expect(map.replace('key', undefined)).rejects.toBeInstanceOf(CodecError)
    expect(await map.get('key')).toBe('old')
  })

  describeReceiver('replace', (map, options) => map.replace('key', 1, options))
})
