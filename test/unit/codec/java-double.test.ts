// Numbers reach the server as they are, although it reads many texts of numbers with a small error.
import fc from 'fast-check'
import { doubleText, isReadAsPrinted } from '../../../src/codec/java-double'
import { sent } from './json-texts'
import { asServerReads } from './server-numbers'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const likeRandom = fc.double({ noNaN: true, min: -1000, max: 1000 })
const beyondSafe = fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(Number)

describe('the text of a number', () => {
  it('is another decimal of the same number where the server reads the shortest one wrong', () => {
    const number = 0.11133861563652171
    expect(asServerReads(String(number))).not.toBe(number)
    expect(sent({ a: number })).toBe('{"a":1.11338615636521712e-1}')
    expect(asServerReads('1.11338615636521712e-1')).toBe(number)
    expect(Number('1.11338615636521712e-1')).toBe(number)
  })

  it('is the shortest one where no other is read right: the server then changes the last digit', () => {
    const number = 0.9368844035853023
    expect(doubleText(number)).toBe('0.9368844035853023')
    expect(asServerReads('0.9368844035853023')).not.toBe(number)
  })

  it.each<[number, string]>([
    [0.1, '0.1'],
    [-19.99, '-19.99'],
    [1e-7, '1e-7'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [2 ** 60, '1.152921504606847e+18'],
    [1e20, '1e+20'],
    [5, '5e+0'],
  ])('is the shortest one where that will do: %d', (number, text) => {
    expect(doubleText(number)).toBe(text)
    expect(asServerReads(text)).toBe(number)
  })

  it('means that number to everybody who reads decimals right', () => {
    fc.assert(
      fc.property(fc.oneof(finite, likeRandom, beyondSafe), (number) => {
        expect(Object.is(Number(doubleText(number)), number)).toBe(true)
      }),
    )
  })

  it('is never digits only, which the server would take for an integer', () => {
    fc.assert(
      fc.property(fc.oneof(finite, beyondSafe), (number) => {
        expect(doubleText(number)).toMatch(/[.e]/)
      }),
    )
  })

  it('is printed by JSON.stringify exactly where the server reads that right', () => {
    fc.assert(
      fc.property(fc.oneof(finite, likeRandom), (number) => {
        expect(isReadAsPrinted(number)).toBe(asServerReads(number.toExponential()) === number)
      }),
    )
  })

  it('is read right for at least 99 of 100 numbers with all their digits', () => {
    const numbers = fc.sample(fc.double({ noNaN: true, min: 0.001, max: 1000 }), { numRuns: 5_000, seed: 7 })
    const wrong = numbers.filter((number) => asServerReads(doubleText(number)) !== number)
    expect(wrong.length).toBeLessThan(50)
  })
})
