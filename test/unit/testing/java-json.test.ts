// Reading and printing JSON as a server does. The fixtures are what a server of 25.03.2 did with each text.
import fc from 'fast-check'
import { JavaException } from '../../../src/testing/java/java-exception'
import { classNameOf, javaToString } from '../../../src/testing/java/java-text'
import { JavaDouble, JsonObject } from '../../../src/testing/java/java-value'
import { parseJson } from '../../../src/testing/java/json-parser'
import { identityText, printJson } from '../../../src/testing/java/json-printer'
import quirks from './fixtures/json-quirks.json'
import values from './fixtures/json-values.json'

interface Row {
  readonly sent: string
  readonly printed?: string
  readonly nested?: string
  readonly refused?: string
  readonly unprintable?: string
  readonly text?: string
  readonly javaClass?: string
  readonly isKeyOfGet?: boolean
}

const rows: readonly Row[] = [...values, ...quirks]

/** What is printed of a text, or what the server throws. */
function printed(text: string): string {
  try {
    return printJson(parseJson(text)).text
  } catch (error) {
    if (!(error instanceof JavaException)) throw error
    return `${error.javaClass}: ${String(error.text)}`
  }
}

/** Names of classes have a package in some of the fixtures only. */
function withoutPackage(text: string): string {
  return text.replace(/^[\w.]+\.(?=\w+Exception: )/, '')
}

describe('JSON on the server', () => {
  it.each(rows.filter((row) => row.printed !== undefined))('$sent is printed as $printed', (row) => {
    expect(printed(row.sent)).toBe(row.printed)
  })

  it.each(rows.filter((row) => row.refused !== undefined))('$sent is refused', ({ sent, refused = '' }) => {
    expect(withoutPackage(printed(sent))).toBe(withoutPackage(refused))
  })

  it.each(rows.filter((row) => row.unprintable !== undefined))('$sent is stored but not printed', (row) => {
    expect(parseJson(row.sent)).toBeDefined()
    expect(printed(row.sent)).toBe(row.unprintable)
  })

  it.each(rows.filter((row) => row.nested !== undefined))('$sent as a member is $nested', (row) => {
    expect(printed(`{"v":${row.sent}}`)).toBe(row.nested)
  })

  it.each(rows.filter((row) => row.text !== undefined))('$sent is $text as a string of Java', (row) => {
    expect(javaToString(parseJson(row.sent))).toBe(row.text)
  })

  it.each(rows.filter((row) => row.javaClass !== undefined))('$sent is a $javaClass', (row) => {
    const canonicalName = classNameOf(parseJson(row.sent)).replace('$', '.')
    expect(canonicalName).toBe(row.javaClass)
  })

  // A server of 25.03.2 looks a key up by its printed text.
  it.each(rows.filter((row) => row.isKeyOfGet !== undefined))('$sent is the same key: $isKeyOfGet', (row) => {
    const value = parseJson(row.sent)
    const { text, exact } = printJson(value)
    expect(exact).toBe(row.isKeyOfGet)
    expect(identityText(parseJson(text)) === identityText(value)).toBe(row.isKeyOfGet)
  })

  it('is refused where it is nested too deep', () => {
    expect(() => parseJson('['.repeat(1000) + ']'.repeat(1000))).toThrow(
      new JavaException('java.lang.StackOverflowError', null),
    )
    expect(printed('['.repeat(100) + ']'.repeat(100))).toBe('['.repeat(100) + ']'.repeat(100))
  })

  it.each(['[{"@class":"java.util.Optional"}]', '{"a":[],"b":{"@class":"java.util.OptionalInt","value":1}}'])(
    '%s cannot be stored',
    (text) => {
      expect(printed(text)).toMatch(/^java\.io\.NotSerializableException: java\.util\.Optional/)
    },
  )

  it('keeps members that are null, which are not printed', () => {
    const value = parseJson('{"a":null,"b":1}')
    expect(value).toEqual(
      new JsonObject(
        new Map([
          ['a', null],
          ['b', 1],
        ]),
      ),
    )
    expect(printJson(value)).toEqual({ text: '{"b":1}', exact: false })
  })

  it.each([
    ['a Long that an Integer could be', 5n, '5'],
    ['the smallest Long', -(2n ** 63n), '-9223372036854775808'],
    ['an infinite Double', new JavaDouble(Infinity), '"Infinity"'],
    ['a Double whose digits are changed', new JavaDouble(123456789.12345679), '1.2345678912345679E8'],
  ])('is not exact for %s', (_, value, text) => {
    expect(printJson(value)).toEqual({ text, exact: false })
  })
})

const character = fc.oneof(
  fc.constantFrom(
    'a',
    'u',
    '0',
    '4',
    '\\\\',
    '\\\\u',
    '\\"',
    '\\n',
    '\\u0041',
    '\\ud800',
    '\\u2028',
    '\u2029',
    'é',
    '😀',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 1 }).map((unit) => JSON.stringify(unit).slice(1, -1)),
)
const text = fc.array(character, { maxLength: 6 }).map((characters) => `"${characters.join('')}"`)
const digits = fc.stringMatching(/^\d{1,22}$/)
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.constantFrom('', '.'),
    digits,
    fc.constantFrom('', 'e5', 'E-30', 'e+300'),
  )
  .map(([sign, whole, point, fraction, exponent]) => sign + whole + (point && point + fraction) + exponent)
const json = fc.letrec<{ value: string; member: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    number,
    text,
    digits.map((unscaled) => `{"@class":"math.BigDec","value":"${unscaled}E-3"}`),
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => `[${elements.join(',')}]`),
    fc
      .tuple(
        fc.constantFrom('', '"@class":"Task",', '"@version":2,'),
        fc.array(tie('member'), { maxLength: 4 }),
      )
      .map(([metadata, members]) => `{${metadata}${members.join(',')}}`),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 14 }).map((entries) => {
      const list = entries.map(([key, value]) => `{"key":${key},"value":${value}}`)
      return `{"@class":"java.util.HashMap","entries":[${list.join(',')}]}`
    }),
  ),
  member: fc
    .tuple(fc.oneof(text, fc.constantFrom('"a"', '"b"', '"@id"')), tie('value'))
    .map(([name, value]) => `${name}:${value}`),
})).value

/** `undefined` where the server refuses the text, or does not print the value. */
function read(
  sent: string,
): { value: ReturnType<typeof parseJson>; text: string; exact: boolean } | undefined {
  try {
    const value = parseJson(sent)
    return { value, ...printJson(value) }
  } catch (error) {
    if (error instanceof JavaException) return undefined
    throw error
  }
}

describe('the text that a server prints', () => {
  it('is exact where reading it makes the same value, and nowhere else', () => {
    const property = fc.property(json, (sent) => {
      const first = read(sent)
      if (first === undefined) return
      const again = read(first.text)
      const isSame = again !== undefined && identityText(again.value) === identityText(first.value)
      expect({ sent, exact: first.exact }).toEqual({ sent, exact: isSame })
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  it('stays the same where it is exact', () => {
    const property = fc.property(json, (sent) => {
      const first = read(sent)
      if (first?.exact === true) expect(read(first.text)?.text).toBe(first.text)
    })
    fc.assert(property, { numRuns: 500 })
  })
})
