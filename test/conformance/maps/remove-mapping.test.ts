// removeMapping: removes an entry where its value is a given one.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('removeMapping', (open) => {
  it('removes the entry where its value is the expected one', async () => {
    const map = await open([['ann', 30]])
    expect(await map.removeMapping('ann', 30)).toBe(true)
    expect(await map.has('ann')).toBe(false)
  })

  it('keeps the entry where its value is another', async () => {
    const map = await open([['ann', 30]])
    expect(await map.removeMapping('ann', 31)).toBe(false)
    expect(await map.get('ann')).toBe(30)
  })

  it('gives false where the key is absent', async () => {
    const map = await open<string, number>()
    expect(await map.removeMapping('ann', 30)).toBe(false)
  })

  it.each(FALSY)('removes an entry whose value is %j', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.removeMapping('key', value)).toBe(true)
    expect(await map.has('key')).toBe(false)
  })

  it.each(FALSY)('removes the key %j', async (key) => {
    const map = await open<unknown, string>([[key, 'there']])
    expect(await map.removeMapping(key, 'there')).toBe(true)
  })

  it.each(ALL_KINDS)('recognises %s as the value', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.removeMapping('key', value)).toBe(true)
  })

  it('distinguishes values that count as false', async () => {
    const map = await open<string, unknown>([['key', '']])
    const answers = []
    for (const other of [0, false, null]) answers.push(await map.removeMapping('key', other))
    expect(answers).toEqual([false, false, false])
  })

  it('refuses undefined as the value', async () => {
    const map = await open<string, unknown>([['key', 1]])
    await expect(map.removeMapping('key', undefined)).rejects.toBeInstanceOf(CodecError)
    expect(await map.has('key')).toBe(true)
  })

  describeReceiver('removeMapping', (map, options) => map.removeMapping('key', 1, options))
})
