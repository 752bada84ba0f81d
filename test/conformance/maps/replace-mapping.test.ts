// replaceMapping: compare and set.
import { CodecError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('replaceMapping', (open) => {
  it('replaces the value where it is the old one', async () => {
    const map = await open([['ann', 30]])
    expect(await map.replaceMapping('ann', 30, 31)).toBe(true)
    expect(await map.get('ann')).toBe(31)
  })

  it('changes nothing where the value is another', async () => {
    const map = await open([['ann', 30]])
    expect(await map.replaceMapping('ann', 29, 31)).toBe(false)
    expect(await map.get('ann')).toBe(30)
  })

  it('stores nothing where the key is absent', async () => {
    const map = await open<string, number>()
    expect(await map.replaceMapping('ann', 30, 31)).toBe(false)
    expect(await map.has('ann')).toBe(false)
  })

  it.each(FALSY)('replaces %j as the old value by the new one', async (value) => {
    const map = await open<string, unknown>([['key', value]])
    expect(await map.replaceMapping('key', value, 'new')).toBe(true)
    expect(await map.get('key')).toBe('new')
  })

  it.each(FALSY)('stores %j as the new value', async (value) => {
    const map = await open<string, unknown>([['key', 'old']])
    expect(await map.replaceMapping('key', 'old', value)).toBe(true)
    expect(await map.get('key')).toBe(value)
  })

  it.each(FALSY)('replaces under the key %j', async (key) => {
    const map = await open<unknown, string>([[key, 'old']])
    expect(await map.replaceMapping(key, 'old', 'new')).toBe(true)
  })

  it('distinguishes values that count as false', async () => {
    const map = await open<string, unknown>([['key', 0]])
    const answers = []
    for (const other of ['', false, null]) answers.push(await map.replaceMapping('key', other, 'new'))
    expect(answers).toEqual([false, false, false])
    expect(await map.get('key')).toBe(0)
  })

  it.each(ALL_KINDS)('recognises %s as the old value', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.replaceMapping('key', value, 'new')).toBe(true)
  })

  it('takes one of many at once that compare with the same value', async () => {
    const map = await open([['key', 0]])
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => map.replaceMapping('key', 0, index + 1)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  it.each([
    ['old', undefined, 1],
    ['new', 1, undefined],
  ])('refuses undefined as the %s value', async (_, oldValue, newValue) => {
    const map = await open<string, unknown>([['key', 1]])
    await expect(map.replaceMapping('key', oldValue, newValue)).rejects.toBeInstanceOf(CodecError)
    expect(await map.get('key')).toBe(1)
  })

  describeReceiver('replaceMapping', (map, options) => map.replaceMapping('key', 1, 2, options))
})
