// hasEntry: whether a key is mapped to a value.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('hasEntry', (open) => {
  it('is true for the value of the key only', async () => {
    const map = await open([['ann', 30]])
    expect([
      await map.hasEntry('ann', 30),
      await map.hasEntry('ann', 31),
      await map.hasEntry('bob', 30),
    ]).toEqual([true, false, false])
  })

  it.each(FALSY)('is true for the value %j, and for no other that counts as false', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    const found = []
    for (const other of FALSY) if (await map.hasEntry('key', other)) found.push(other)
    expect(found).toEqual([value])
  })

  it.each(FALSY)('is true for the key %j', async (key) => {
    const map = await open<unknown, string>([[key, 'there']])
    expect(await map.hasEntry(key, 'there')).toBe(true)
  })

  it.each(ALL_KINDS)('recognises %s as the value', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.hasEntry('key', value)).toBe(true)
  })

  it('is false after the map was cleared', async () => {
    const map = await open([['ann', 30]])
    await map.clear()
    expect(await map.hasEntry('ann', 30)).toBe(false)
  })

  it('refuses undefined as the value', async () => {
    const map = await open<string, unknown>()
    await expect(map.hasEntry('key', undefined)).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('hasEntry', (map, options) => map.hasEntry('key', 1, options))
})
