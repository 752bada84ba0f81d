// Writes the strings of JSON as the server does.
import { JavaException } from './java-exception'

const HEX_DIGITS = 4

// eslint-disable-next-line no-control-regex -- these are the characters that the server escapes
const NOT_PLAIN = /[\u0000-\u001f"\\\u2028\u2029\ud800-\udfff]/
// eslint-disable-next-line no-control-regex -- as above
const EACH_ESCAPED = /[\u0000-\u001f"\\\u2028\u2029]/g
const SURROGATE = /[\ud800-\udfff]/
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

/** Thrown where the server cannot write a value. */
export class UnwritableValue extends Error {
  override readonly name = 'UnwritableValue'
}

/** Whether `string` is printed as it is. False for some that are. */
export function isPlain(string: string): boolean {
  return !NOT_PLAIN.test(string)
}

/** Whether `string` is printed as it is. */
export function isPlainBesidesPairs(string: string): boolean {
  return string.search(EACH_ESCAPED) === -1 && string.search(LONE_SURROGATE) === -1
}

/** The text of a value. A backslash that has a `u` and four hexadecimal digits behind it is not escaped. */
export function quoted(string: string): string {
  const escaped = string.replace(EACH_ESCAPED, (character, index: number) =>
    character === '\\' && isUnicodeEscape(string, index) ? character : escapeOf(character),
  )
  return `"${printable(escaped)}"`
}

/** The text of a Character, which is always an escape. */
export function quotedCharacter(character: string): string {
  return `"${unicodeEscape(character)}"`
}

/** The text of a member's name, of which the server loses a part before the second escape and each later one. */
export function quotedName(name: string): string {
  if (isPlain(name)) return `"${name}"`
  let text = ''
  let copied = 0
  for (const { 0: character, index } of name.matchAll(EACH_ESCAPED)) {
    if (copied < index) {
      const end = index - copied
      if (end < copied) throw new UnwritableValue()
      text += name.slice(copied, end)
    }
    text += escapeOf(character)
    copied = index + 1
  }
  return `"${printable(text + name.slice(copied))}"`
}

export function failedToWrite(className: string): JavaException {
  return new JavaException(
    'com.oracle.coherence.io.json.genson.JsonBindingException',
    `Failed to serialize object of type class ${className}`,
  )
}

function isUnicodeEscape(string: string, backslash: number): boolean {
  if (string[backslash + 1] !== 'u') return false
  const [hex = ''] = /^[\da-fA-F]*/.exec(string.slice(backslash + 2, backslash + 2 + HEX_DIGITS)) ?? []
  if (hex.length === HEX_DIGITS) return true
  // The server looks for the missing digits behind the end of the string.
  if (backslash + 2 + hex.length === string.length) throw new UnwritableValue()
  return false
}

function escapeOf(character: string): string {
  return SHORT_ESCAPES[character] ?? unicodeEscape(character)
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(HEX_DIGITS, '0')}`
}

/** What UTF-8 cannot hold is a question mark. */
function printable(text: string): string {
  return SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '?') : text
}
