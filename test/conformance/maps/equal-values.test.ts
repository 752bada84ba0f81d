// replaceMapping, removeMapping, hasEntry, hasValue with values that are equal to a user, and that the server has in
// another form: members in another order, members that are null or not there.
import { type Codec, CodecError, jsonCodec, type NamedMap, Session } from 'coherence-ts'
import fc from 'fast-check'
import { serverAddress } from '../../support/conformance'
import { describeMaps, storesBytes } from '../../support/maps'
import { isOrdinary } from '../../support/ordinary-values'
import { startTcpProxy } from '../../support/tcp-proxy'
import { Random } from '../../support/random'
import { anyValue, otherForm, otherValue } from './forms'

type AnyMap = NamedMap<string, unknown>

/** What the four methods say of a value; the stored one is in its place again afterwards. */
async function verdicts(map: AnyMap, stored: unknown, value: unknown): Promise<Record<string, boolean>> {
  const found = { hasEntry: await map.hasEntry('key', value), hasValue: await map.hasValue(value) }
  const replaced = await map.replaceMapping('key', value, 'new')
  const isNew = (await map.get('key')) === 'new'
  await map.set('key', stored)
  const removed = await map.removeMapping('key', value)
  const isGone = !(await map.has('key'))
  await map.set('key', stored)
  return { ...found, replaced, isNew, removed, isGone }
}

const ALL = { hasEntry: true, hasValue: true, replaced: true, isNew: true, removed: true, isGone: true }
const NONE = {
  hasEntry: false,
  hasValue: false,
  replaced: false,
  isNew: false,
  removed: false,
  isGone: false,
}

/** Stores values as other clients write them: they are JSON texts. */
const textCodec: Codec = {
  ...jsonCodec(),
  encode: (value, role) => Buffer.from(`\u0015${role === 'key' ? JSON.stringify(value) : String(value)}`),
}

/** Whether the codec takes the value, which it has to where that is ordinary. */
async function isStored(map: AnyMap, value: unknown): Promise<boolean> {
  try {
    await map.set('key', value)
    return true
  } catch (error) {
    if (error instanceof CodecError && !isOrdinary(value)) return false
    throw error
  }
}

/** Pairs of values that have one Java text, and where the last two cannot be told by the hash of the whole. */
const LOOK_ALIKES: readonly (readonly [what: string, before: unknown, between: unknown])[] = [
  ['a member that was null', { a: 1, note: null }, { a: 1, note: 'null' }],
  ['a number that was a string', { a: '1', note: null }, { a: 1, note: null }],
  ['a bigint that was a number', { a: 5, note: null }, { a: 5n, note: null }],
  ['two members', { a: 1, b: '1', note: null }, { a: '1', b: 1, note: null }],
  ['members of an element', [{ a: 1, b: '1', note: null }], [{ a: '1', b: 1, note: null }]],
]

describeMaps('equal values', (open) => {
  it('are found and replaced in every form, as get gives them and as a user may write them', async () => {
    const map = await open<string, unknown>()
    const property = fc.asyncProperty(anyValue, fc.integer(), async (stored, seed) => {
      if (!(await isStored(map, stored))) return
      const given = await map.get('key')
      expect(await verdicts(map, stored, given)).toEqual(ALL)
      expect(await verdicts(map, stored, otherForm(given, new Random(seed)))).toEqual(ALL)
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('differ from others, of which nothing is found, replaced or removed', async () => {
    const map = await open<string, unknown>()
    const property = fc.asyncProperty(anyValue, fc.integer(), async (stored, seed) => {
      if (!(await isStored(map, stored))) return
      const random = new Random(seed)
      const different = otherValue(otherForm(await map.get('key'), random), random)
      try {
        expect(await verdicts(map, stored, different)).toEqual(NONE)
      } catch (error) {
        if (!(error instanceof CodecError) || isOrdinary(different)) throw error
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('let a loop of get, change and replaceMapping end', async () => {
    const map = await open<string, { state: string; note: string | null }>([
      ['order', { state: 'new', note: null }],
    ])
    const order = await map.get('order')
    if (order === undefined) throw new Error('The order is gone')
    expect(await map.replaceMapping('order', order, { ...order, state: 'paid' })).toBe(true)
    expect(await map.get('order')).toMatchObject({ state: 'paid' })
  })

  it('are replaced one after the other by loops that run at once', async () => {
    const map = await open<string, { count: number; note?: null }>([['key', { count: 0, note: null }]])
    const add = async (): Promise<void> => {
      for (;;) {
        const now = await map.get('key')
        if (now === undefined) throw new Error('The value is gone')
        if (await map.replaceMapping('key', now, { note: null, count: now.count + 1 })) return
      }
    }
    await Promise.all(Array.from({ length: 20 }, add))
    expect(await map.get('key')).toMatchObject({ count: 20 })
  })

  it('are found among many others', async () => {
    const map = await open<number, unknown>()
    await map.setAll(Array.from({ length: 500 }, (_, id) => [id, { id, tags: ['a', 'b'], note: null }]))
    expect([
      await map.hasValue({ tags: ['a', 'b'], id: 499 }),
      await map.hasValue({ tags: ['a'], id: 499 }),
      await map.hasValue({ tags: ['a', 'b'], id: 500 }),
    ]).toEqual([true, false, false])
  })

  it('that are large are compared as well', async () => {
    const large = { rows: Array.from({ length: 2_000 }, (_, id) => ({ id, name: `row ${id}`, note: null })) }
    const map = await open<string, unknown>([['key', large]])
    expect(await verdicts(map, large, await map.get('key'))).toEqual(ALL)
  })

  it.each([
    ['a Double', '5.0', 5],
    ['Doubles', '{"b":[1.0,{"c":2.0}],"a":1e3,"n":null}', { a: 1000, b: [1, { c: 2 }] }],
    ['a Character', '"\\u0041"', 'A'],
    ['Characters', '{"a":"\\u0041","b":["\\u0042"],"n":null}', { b: ['B'], a: 'A' }],
    ['a BigInteger', '{"@class":"math.BigInt","value":"1152921504606846976"}', 2n ** 60n],
    ['white space', ' { "a" : [ 1 , "x" ] , "n" : null } ', { a: [1, 'x'] }],
    [
      'an object of a class that the server does not know',
      '{"@class":"x","n":null,"b":1,"a":2}',
      { '@class': 'x', a: 2, b: 1 },
    ],
  ])('are found and replaced where another client stored %s', async (_, text, value) => {
    await using other = await Session.create({ address: serverAddress(), codec: textCodec })
    const map = await open<string, unknown>()
    const theirs = await other.getMap<string>(map.name)
    await theirs.set('key', text)
    const found = { hasEntry: await map.hasEntry('key', value), hasValue: await map.hasValue(value) }
    const replaced = await map.replaceMapping('key', value, 'new')
    await theirs.set('key', text)
    const removed = await map.removeMapping('key', value)
    expect({ ...found, replaced, removed }).toEqual({
      hasEntry: true,
      hasValue: true,
      replaced: true,
      removed: true,
    })
  })

  it('whose digits a server changes as it reads them are compared as they are stored', async () => {
    await using other = await Session.create({ address: serverAddress(), codec: textCodec })
    const map = await open<string, unknown>()
    const theirs = await other.getMap<string>(map.name)
    for (const number of fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), 100)) {
      await theirs.set('key', JSON.stringify({ number, note: null }))
      const given = await map.get('key')
      expect([await map.hasEntry('key', given), await map.replaceMapping('key', given, 1)]).toEqual([
        true,
        true,
      ])
    }
  })

  describe('that are replaced by another between the look and the write', () => {
    it.each(
      LOOK_ALIKES.flatMap(([what, before, between]) => [
        [what, 1, before, between] as const,
        [what, 2, before, between] as const,
      ]),
    )('are not written over: %s, before query %i', async (_, query, before, between) => {
      const map = await open<string, unknown>([['key', before]])
      await using proxy = await startTcpProxy(serverAddress())
      const json = jsonCodec()
      let left: number = query
      let withheld: () => void = () => undefined
      const isWithheld = new Promise<void>((resolve) => (withheld = resolve))
      const codec: Codec = {
        decode: (bytes, role) => json.decode(bytes, role),
        encode: (value, role) => {
          if (role === 'query') left -= 1
          if (left === 0) {
            proxy.pause()
            withheld()
          }
          return json.encode(value, role)
        },
      }
      await using late = await Session.create({ address: proxy.address, codec })
      const theirs = await late.getMap<string>(map.name)
      // In an order of its own, so that the plain request does not do.
      const seen = storesBytes() ? before : await theirs.get('key')

      const replaced = theirs.replaceMapping('key', seen, 'new')
      await isWithheld
      await map.set('key', between)
      proxy.resume()

      expect(await replaced).toBe(false)
      expect(await map.hasEntry('key', between)).toBe(true)
    })
  })
})
