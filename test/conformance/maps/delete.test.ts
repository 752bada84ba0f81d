// delete: removes one entry, and gives its value.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY, FALSY_NOT_NULL } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('delete', (open) => {
  it('removes the entry and gives its value', async () => {
    const map = await open([['ann', 30]])
    expect(await map.delete('ann')).toBe(30)
    expect(await map.has('ann')).toBe(false)
  })

  it('gives undefined where the key is absent', async () => {
    const map = await open([['ann', 30]])
    expect(await map.delete('bob')).toBeUndefined()
    expect(await map.size()).toBe(1)
  })

  it.each(ALL_KINDS)('gives %s as the value', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.delete('key')).toStrictEqual(value)
  })

  it.each(FALSY_NOT_NULL)('gives %j as the value', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.delete('key')).toBe(value)
  })

  it('removes a key that is mapped to null, and gives undefined: the server cannot distinguish it from an absent value', async () => {
    const map = await open<string, string | null>([['key', null]])
    expect(await map.delete('key')).toBeUndefined()
    expect(await map.has('key')).toBe(false)
  })

  it.each(FALSY)('removes the key %j', async (key) => {
    const map = await open<unknown, string>([[key, 'there']])
    expect(await map.delete(key)).toBe('there')
    expect(await map.isEmpty()).toBe(true)
  })

  it('removes an object key whatever the order of its members', async () => {
    const map = await open([[{ a: 1, b: 2 }, 'there']])
    expect(await map.delete({ b: 2, a: 1 })).toBe('there')
  })

  it('removes what a write before it stores, awaited or not', async () => {
    const map = await open<string, number>()
    const [, removed] = await Promise.all([map.set('key', 1), map.delete('key')])
    expect(removed).toBe(1)
  })

  it('refuses undefined as the key', async () => {
    const map = await open<unknown, number>()
    await expect(map.delete(undefined)).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('delete', (map, options) => map.delete('key', options))
})
