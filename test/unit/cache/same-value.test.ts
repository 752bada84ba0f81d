// Which values are the same to a user.
import { isSameValue, mayBePrintOf } from '../../../src/cache/comparing/same-value'

class Money {
  constructor(readonly cents: number) {}
}

describe('a value', () => {
  it.each([
    ['in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['without its null members', { a: null, b: [{ c: null }] }, { b: [{}] }],
    ['with other null members', { a: null }, { b: null }],
    ['with members that are undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['with a zero of another sign', [0, { a: -0 }], [-0, { a: 0 }]],
    [
      'with a member named __proto__',
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1,"b":null}}'),
    ],
    ['of a class of the codec', [new Money(5)], [new Money(5)]],
  ])('is the same %s', (_, one: unknown, other: unknown) => {
    expect([isSameValue(one, other), isSameValue(other, one)]).toEqual([true, true])
  })

  it.each([
    ['a number and its text', 1, '1'],
    ['a number and a bigint', { a: 5 }, { a: 5n }],
    ['null and nothing in it', null, {}],
    ['null and absent elements', [1, null], [1]],
    ['elements in another order', [1, 2], [2, 1]],
    ['an array and an object of its elements', ['a'], { 0: 'a' }],
    ['one member more', { a: 1 }, { a: 1, b: 0 }],
    ['one member of another name', { a: 1 }, { b: 1 }],
    ['a name that every object has', { toString: 1 }, { a: 1 }],
    ['doubles that differ in the last digit', 0.1 + 0.2, 0.3],
    ['instances of a class of the codec', new Money(5), new Money(6)],
  ])('is not the same: %s', (_, one: unknown, other: unknown) => {
    expect([isSameValue(one, other), isSameValue(other, one)]).toEqual([false, false])
  })
})

describe('the print of a value', () => {
  it.each([
    ['the last digit of a number', { a: 0.1 + 0.2 }, { a: 0.3 }],
    ['what a class makes of its object', [{ '@class': 'a.B', year: 2024 }], [{ year: 2024, month: 1 }]],
    ['null members', { a: { b: null } }, { a: {} }],
  ])('may differ in %s', (_, value: unknown, printed: unknown) => {
    expect(mayBePrintOf(value, printed)).toBe(true)
  })

  it.each([
    ['another number', 1, 1.0001],
    ['another text', { a: 'on' }, { a: 'off' }],
    ['one member more', { a: 1 }, { a: 1, locked: true }],
    ['no object where one was', { '@class': 'a.B' }, 'a.B'],
  ])('has not %s', (_, value: unknown, printed: unknown) => {
    expect(mayBePrintOf(value, printed)).toBe(false)
  })
})
