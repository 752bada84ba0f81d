// Reads the tokens of JSON as the server's reader does, which takes much that is not JSON.
import type { Cursor } from './json-numbers'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SLASH = 0x2f
const STAR = 0x2a
const FIRST_NON_ASCII = 0x80
const HEX_DIGITS = 4
const NO_TOKEN = -1

/** Whether a character below 128 is skipped between tokens. All others are skipped as well. */
const IS_SKIPPED = new Uint8Array(FIRST_NON_ASCII)
for (const character of '\t\b\n\r\f ') IS_SKIPPED[character.charCodeAt(0)] = 1

const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '/': '/',
  '\\': '\\',
}

/** Thrown where the text is not what the server's reader takes. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'

  /**
   * @param message The server's, where it says one.
   * @param at Where the reader goes on that reads the text as a bare word.
   * @param read What it has of the word already, if the text ends before the next quote.
   */
  constructor(
    message = 'The server does not read this text',
    readonly at = 0,
    readonly read = '',
  ) {
    super(message)
  }
}

export class JsonScanner implements Cursor {
  at = 0
  /** Whether a string had an escape such as `\u0041` since this was last set to false. */
  hadUnicodeEscape = false

  constructor(readonly text: string) {}

  /** The next character that is not skipped, which the cursor is moved to; -1 at the end of the text. */
  token(): number {
    const { text } = this
    for (; this.at < text.length; this.at++) {
      const unit = text.charCodeAt(this.at)
      if (unit >= FIRST_NON_ASCII || IS_SKIPPED[unit] === 1) continue
      if (unit !== SLASH) return unit
      this.#skipComment()
    }
    return NO_TOKEN
  }

  expect(token: number): void {
    if (this.token() !== token) throw new UnreadableText()
    this.at += 1
  }

  /** Reads a string whose opening quote is just before the cursor. `mayBeOpen`: the text may end before the string. */
  string(mayBeOpen: boolean): string {
    const { text } = this
    const begin = this.at
    for (let index = begin; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit === QUOTE) {
        this.at = index + 1
        return text.slice(begin, index)
      }
      if (unit === BACKSLASH) return this.#escapedString(begin, index, mayBeOpen)
    }
    return this.#openString(text.slice(begin), mayBeOpen)
  }

  /** Reads `null`, `true` or `false` in any case. */
  literal(): null | boolean {
    if (this.#takes('null')) return null
    if (this.#takes('true')) return true
    if (this.#takes('false')) return false
    throw new UnreadableText(undefined, this.at)
  }

  #takes(word: string): boolean {
    const end = this.at + word.length
    const found = this.text.slice(this.at, end)
    if (found !== word && found.toLowerCase() !== word) return false
    this.at = end
    return true
  }

  #escapedString(begin: number, firstEscape: number, mayBeOpen: boolean): string {
    const { text } = this
    let string = ''
    let copied = begin
    for (let index = firstEscape; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit === QUOTE) {
        this.at = index + 1
        return string + text.slice(copied, index)
      }
      if (unit !== BACKSLASH) continue
      string += text.slice(copied, index)
      string += this.#escape(index + 1, mayBeOpen, string)
      index = this.at - 1
      copied = this.at
    }
    return this.#openString(string + text.slice(copied), mayBeOpen)
  }

  /**
   * Reads the escape whose backslash is just before `index`. The server's reader takes the first character again where
   * the text ends.
   */
  #escape(index: number, mayBeOpen: boolean, before: string): string {
    const { text } = this
    const letter = text.charAt(index < text.length || !mayBeOpen ? index : 0)
    if (letter === 'u' && index < text.length) return this.#unicodeEscape(index + 1, before)
    const character = ESCAPED[letter]
    if (character === undefined) {
      throw new UnreadableText(
        index < text.length
          ? `Encountred misplaced character '${letter}' around row 0 and column ${index + 1}`
          : 'Incomplete data or malformed json : encoutered end of stream.',
      )
    }
    this.at = index + 1
    return character
  }

  #unicodeEscape(begin: number, before: string): string {
    const { text } = this
    this.hadUnicodeEscape = true
    const hex = text.slice(begin, begin + HEX_DIGITS)
    if (hex.length < HEX_DIGITS) {
      const message = 'Expected 4 hex-digit for character escape sequence!'
      throw new UnreadableText(message, begin, `${before}\0`)
    }
    const wrong = /[^\da-fA-F]/.exec(hex)?.[0]
    if (wrong !== undefined) {
      throw new UnreadableText(
        `Wrong character '${wrong.charCodeAt(0)}' expected a hex-digit for character escape sequence!`,
      )
    }
    this.at = begin + HEX_DIGITS
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  #openString(string: string, mayBeOpen: boolean): string {
    if (!mayBeOpen) throw new UnreadableText()
    this.at = this.text.length
    return string
  }

  /** Moves the cursor to the last character of the comment. */
  #skipComment(): void {
    const { text } = this
    if (this.at + 1 >= text.length) throw new UnreadableText('Encountered end of stream, incomplete json!')
    const next = text.charCodeAt(this.at + 1)
    if (next === SLASH) {
      const end = text.indexOf('\n', this.at + 2)
      this.at = end === -1 ? text.length : end
    } else if (next === STAR) {
      this.at = endOfBlockComment(text, this.at + 2)
    } else {
      throw new UnreadableText(
        `Illegal character at ${this.#place()} expected start comment // or /* but read '/' !`,
      )
    }
  }

  #place(): string {
    const before = this.text.slice(0, this.at)
    const row = before.split('\n').length - 1
    return `row ${row} and column ${this.at - Math.max(0, before.lastIndexOf('\n'))}`
  }
}

/** The server overlooks the end of a comment that has another star before it. */
function endOfBlockComment(text: string, from: number): number {
  let isAfterStar = false
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (isAfterStar && unit === SLASH) return index
    isAfterStar = !isAfterStar && unit === STAR
  }
  return text.length
}
