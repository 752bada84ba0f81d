// What the server is asked for where a value may be stored in another form: nothing that a form may not have.
import { valueCandidates } from '../../../src/cache/comparing/value-candidates'

/** The pieces of text that a filter wants. */
function piecesOf(value: unknown): unknown[] {
  const { filters } = valueCandidates(value) as unknown as {
    filters: { extractor: { extractors: { params: unknown[] }[] } }[]
  }
  return filters.flatMap(({ extractor }) => extractor.extractors[1]?.params)
}

describe('the candidates for a value', () => {
  it.each([
    ['members in any order', { name: 'Ann', active: true, age: 36 }, ['active=true', 'name=Ann', 'age=36']],
    [
      'the names alone of numbers that Java may print otherwise',
      { x: 0.5, y: 1e9, z: 0 },
      ['x=', 'y=', 'z='],
    ],
    ['no members that are null', { a: null, b: 'x' }, ['b=x']],
    ['nothing in objects that may be of a class', { address: { city: 'Ulm' } }, ['address=']],
    ['nothing of objects of a class', { '@class': 'math.BigDec', value: '1.50' }, []],
    ['no metadata', { '@version': 3, a: 'x' }, ['a=x']],
    ['elements in their places', ['Ann', [{ a: 'x' }]], ['[Ann', ', [', 'a=x', '[']],
    ['text up to what a codec may refuse', { a: 'C:\\users', b: '\u{1f600}!' }, ['a=C:', 'b=']],
  ])('have %s', (_, value: unknown, pieces) => {
    expect(piecesOf(value)).toEqual(pieces)
  })

  it.each([null, true, false, '', 'text'])('are none for %j, which has one form', (value) => {
    expect(valueCandidates(value)).toBeUndefined()
  })

  it.each([5, 5n, 'é', 'a', 'Zürich', [], {}])('are asked for where it is %p', (value) => {
    expect(valueCandidates(value)).toBeDefined()
  })

  it('are asked for by few and short pieces', () => {
    const large = Object.fromEntries(Array.from({ length: 50 }, (_, id) => [`m${id}`, 'x'.repeat(id * 10)]))
    const pieces = piecesOf(large)
    expect(pieces).toHaveLength(8)
    expect(pieces.every((piece) => String(piece).length <= 100)).toBe(true)
  })
})
