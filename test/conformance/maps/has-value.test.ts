// hasValue: whether any key is mapped to a value.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('hasValue', (open) => {
  it('is true for a value that is there, also several times, and false for one that is not', async () => {
    const map = await open([
      ['a', 1],
      ['b', 1],
    ])
    expect([await map.hasValue(1), await map.hasValue(2)]).toEqual([true, false])
  })

  it.each(FALSY)('is true for %j, and for no other value that counts as false', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    const found = []
    for (const other of FALSY) if (await map.hasValue(other)) found.push(other)
    expect(found).toEqual([value])
  })

  it.each(ALL_KINDS)('is true for %s', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.hasValue(value)).toBe(true)
  })

  it('is false after the map was cleared', async () => {
    const map = await open([['a', 1]])
    await map.clear()
    expect(await map.hasValue(1)).toBe(false)
  })

  it('refuses undefined as the value', async () => {
    const map = await open<string, unknown>()
    await expect(map.hasValue(undefined)).rejects.toBeInstanceOf(CodecError)
  })

  describeReceiver('hasValue', (map, options) => map.hasValue(1, options))
})
