// The hashes are those that Coherence 25.03.2 answered for the values.
import { javaHashes } from '../../../src/codec/java-hash'

describe('the hashes of', () => {
  it.each([
    ['a string', 'Zürich', [-1482116162]],
    ['an empty string', '', [0]],
    ['one character', 'é', [233]],
    ['true', true, [1231]],
    ['false', false, [1237]],
    ['an integer, which may be a Double or a Float too', 5, [5, 1075052544, 1084227584]],
    ['a Long', 5_000_000_000, [705032705]],
    ['a Double', 5.5, [1075183616]],
    ['another Double', 0.1, [-1507852285]],
    ['zero, which may be negative', 0, [0, -2147483648]],
    ['a small BigInteger', 5n, [5]],
  ])('%s', (_, value, hashes) => {
    expect(javaHashes(value)).toEqual(expect.arrayContaining(hashes))
  })
})
