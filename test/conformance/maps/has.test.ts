// has: whether a key is present.
import { CodecError, ServerError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('has', (open) => {
  it('is true for a key that is present and false for one that is not', async () => {
    const map = await open([['ann', 30]])
    expect([await map.has('ann'), await map.has('bob')]).toEqual([true, false])
  })

  it.each(FALSY)('is true for a key that is mapped to %j', async (value) => {
    const map = await open([['key', value]])
    expect(await map.has('key')).toBe(true)
  })

  it.each(FALSY)('is true for the key %j, and for no other that counts as false', async (key) => {
    const map = await open([[key, 'there']])
    const present = []
    for (const other of FALSY) if (await map.has(other)) present.push(other)
    expect(present).toEqual([key])
  })

  it.each(ALL_KINDS)('is true for %s as the key', async (_, key) => {
    const map = await open([[key, 'there']])
    expect(await map.has(key)).toBe(true)
  })

  it('is false after the map was cleared', async () => {
    const map = await open([['ann', 30]])
    await map.clear()
    expect(await map.has('ann')).toBe(false)
  })

  it('does not take a failure on the server for an absent key', async () => {
    const map = await open<unknown, number>()
    await expect(map.has({ '@class': 'com.acme.Unknown' })).rejects.toBeInstanceOf(ServerError)
  })

  it('refuses undefined as the key', async () => {
    const map = await open<unknown, number>()
    await expect(map.has(undefined)).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('has', (map, options) => map.has('key', options))
})
