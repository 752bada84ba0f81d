// getOrDefault: the value of a key, or what the caller has instead.
import { ServerError } from 'coherence-ts'
import { describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('getOrDefault', (open) => {
  it('gives the value of a key that is present', async () => {
    const map = await open([['ann', 30]])
    expect(await map.getOrDefault('ann', 99)).toBe(30)
  })

  it('gives the default where the key is absent, and stores nothing', async () => {
    const map = await open<string, number>()
    expect(await map.getOrDefault('ann', 99)).toBe(99)
    expect(await map.has('ann')).toBe(false)
  })

  it.each(FALSY)('gives %j where the key is mapped to it, not the default', async (value) => {
    const map = await open([['key', value]])
    expect(await map.getOrDefault('key', 'default')).toBe(value)
  })

  it.each([...FALSY, undefined])('gives %j where it is the default', async (value) => {
    const map = await open<string, number>()
    expect(await map.getOrDefault('absent', value)).toBe(value)
  })

  it('gives the default itself, which need not be storable', async () => {
    const map = await open<string, number>()
    const fallback = (): number => 1
    expect(await map.getOrDefault('absent', fallback)).toBe(fallback)
  })

  it('does not take a failure on the server for an absent key', async () => {
    const map = await open<unknown, number>()
    const failure = map.getOrDefault({ '@class': 'com.acme.Unknown' }, 99)
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'getOrDefault' })
  })

  describeReceiver('getOrDefault', (map, options) => map.getOrDefault('key', 1, options))
})
