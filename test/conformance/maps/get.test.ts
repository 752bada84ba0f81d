// get: the value of one key, and what cannot be taken for an absent one.
import { CodecError, ServerError } from 'coherence-ts'
import { ALL_KINDS, describeMaps, FALSY, getAllFails, OUTSIDE_ASCII } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('get', (open) => {
  it('gives the value of the key', async () => {
    const map = await open([['ann', { age: 30 }]])
    expect(await map.get('ann')).toEqual({ age: 30 })
  })

  it('gives undefined where the key is absent', async () => {
    const map = await open([['ann', 1]])
    expect(await map.get('bob')).toBeUndefined()
  })

  it.each(ALL_KINDS)('gives %s as it was set', async (_, value) => {
    const map = await open([['key', value]])
    expect(await map.get('key')).toStrictEqual(value)
  })

  it.each(ALL_KINDS)('finds %s as the key', async (_, key) => {
    const map = await open([[key, 'found']])
    // A key with such characters is looked for in the way of getAll.
    if (getAllFails() && key === OUTSIDE_ASCII) await expect(map.get(key)).rejects.toBeInstanceOf(ServerError)
    else expect(await map.get(key)).toBe('found')
  })

  it.each(FALSY)('gives %j as it was set', async (value) => {
    const map = await open([['key', value]])
    expect(await map.get('key')).toBe(value)
  })

  it.each(FALSY)('finds %j as the key', async (key) => {
    const map = await open([[key, 'found']])
    expect(await map.get(key)).toBe('found')
  })

  it('distinguishes keys of different types', async () => {
    const map = await open<unknown, string>([
      [1, 'number'],
      ['1', 'string'],
      [true, 'boolean'],
      ['true', 'its name'],
    ])
    expect(await Promise.all([1, '1', true, 'true'].map((key) => map.get(key)))).toEqual([
      'number',
      'string',
      'boolean',
      'its name',
    ])
  })

  it('finds an object key whatever the order of its members', async () => {
    const map = await open([[{ a: 1, b: { c: 2, d: 3 } }, 'found']])
    expect(await map.get({ b: { d: 3, c: 2 }, a: 1 })).toBe('found')
  })

  it('does not take a failure on the server for an absent key', async () => {
    const map = await open<unknown, unknown>()
    const failure = map.get({ '@class': 'com.acme.Unknown' })
    await expect(failure).rejects.toBeInstanceOf(ServerError)
    await expect(failure).rejects.toMatchObject({ operation: 'get', mapName: map.name })
  })

  it('refuses undefined as the key', async () => {
    const map = await open<unknown, unknown>()
    const failure = map.get(undefined)
    await expect(failure).rejects.toBeInstanceOf(CodecError)
    await expect(failure).rejects.toMatchObject({ path: 'key', outcome: 'not-sent' })
  })

  describeReceiver('get', (map, options) => map.get('key', options))
})
