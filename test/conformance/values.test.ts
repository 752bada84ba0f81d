// Values and keys through a real server: what comes back, what changes on the way, and what has to be refused.
import { CodecError, ServerError } from 'coherence-ts'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describeMaps, getAllFails, storesBytes } from '../support/maps'
import { isOrdinary, isOrdinaryKey } from '../support/ordinary-values'

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u2028', 'a'), maxLength: 4 }),
  fc.constantFrom('__proto__', 'constructor', '@id', '0', '17', 'a', 'b'),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('\\', 'u', '0', '4', '"', 'é', '\u2028', '\u0001'), maxLength: 8 }),
)
const number = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-0, 2 ** 53, 2 ** 60, 1e20, 1e21, 0.1, 19.99))
const integer = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }))

/** Nothing here has null members, or numbers of 16 digits and more: these may change. */
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    text,
    number,
    integer,
    fc.array(fc.oneof(tie('value'), fc.constant(null)), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

/** Without the sign of zero, which keys do not have. */
function unsigned(value: unknown): unknown {
  if (value === 0) return 0
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unsigned)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unsigned(member)]))
}

describeMaps('values', (open) => {
  it('come back as they were, or are refused where they are not ordinary', async () => {
    const map = await open<string, unknown>()
    const property = fc.asyncProperty(values, async (value) => {
      try {
        await map.set('key', value)
      } catch (error) {
        if (error instanceof CodecError && !isOrdinary(value)) return
        throw error
      }
      const back = await map.get('key')
      expect({ equal: isDeepStrictEqual(back, value), back }).toEqual({ equal: true, back: value })
    })
    await fc.assert(property, { numRuns: 400 })
  })

  it('as keys are found by every call and come back, or are refused where they are not ordinary', async () => {
    const map = await open<unknown, string>()
    const property = fc.asyncProperty(values, async (key) => {
      try {
        await map.set(key, 'found')
      } catch (error) {
        if (error instanceof CodecError && !isOrdinaryKey(key)) return
        throw error
      }
      const found: unknown[] = [await map.has(key)]
      try {
        found.push(...(await Promise.all([map.get(key), map.getAll([key]).then((all) => all.get(key))])))
      } catch (error) {
        // Such servers fail for keys outside ASCII.
        if (!(error instanceof ServerError && getAllFails())) throw error
        found.push('found', 'found')
      }
      const keys = await map.keys().toArray()
      const deleted = await map.delete(key)
      expect([...found, deleted]).toEqual([true, 'found', 'found', 'found'])
      expect(isDeepStrictEqual(keys, [unsigned(key)])).toBe(true)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('that are numbers with all their digits come back as they were, but for one in a hundred', async () => {
    const numbers = fc.sample(fc.double({ noNaN: true, min: -1000, max: 1000 }), 5_000)
    const map = await open([['numbers', numbers]])
    const back = (await map.get('numbers')) ?? []
    const changed = numbers.filter((number, index) => !Object.is(number, back[index]))
    expect(changed.length).toBeLessThan(numbers.length / 100)
  })

  it('may be 200 levels deep', async () => {
    let deep: unknown = []
    for (let level = 1; level < 200; level++) deep = level % 2 === 0 ? [deep] : { a: deep }
    const map = await open([['deep', deep]])
    expect(await map.get('deep')).toEqual(deep)
  })

  it('may be larger than the buffers of the server', async () => {
    const large = {
      text: 'é\n"\\ x'.repeat(5_000),
      list: Array.from({ length: 5_000 }, (_, index) => index * 1.5),
    }
    const map = await open([['large', large]])
    expect(await map.get('large')).toEqual(large)
  })

  it('lose the null members of objects where the server converts them', async () => {
    const map = await open<string, unknown>([['key', { a: null, b: [null, { c: null }] }]])
    expect(await map.get('key')).toEqual(
      storesBytes() ? { a: null, b: [null, { c: null }] } : { b: [null, {}] },
    )
  })
})
