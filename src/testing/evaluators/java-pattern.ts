// Java's regular expressions by JavaScript's.
//
// The syntax is nearly the same. Mapped are: quotes (\Q…\E), flags at the start of a pattern ((?i), (?s), (?m)), the
// anchors \A, \z and \Z, \h and \R. Possessive quantifiers and atomic groups become plain ones, which match more. POSIX classes such as \p{Alpha} are
// those of ASCII. Not mapped, and refused like a wrong pattern: unions and intersections in classes ([a[b]], [a&&b]),
// flags that change within a pattern, \G, \X, \b{g} and comments ((?x)). Without (?u) and (?U) JavaScript's \w, \d, \b
// agree with Java's; \s takes more white space than Java's, so it is mapped, too.
import { JavaException } from '../java/java-exception'

export interface JavaPattern {
  /** Whether the whole text is of the pattern. */
  matches(text: string): boolean
  replaceAll(text: string, replacement: string): string
  replaceFirst(text: string, replacement: string): string
  /** As `String.split` does: without empty strings at the end. */
  split(text: string): string[]
}

const WHITE_SPACE = ' \\t\\n\\v\\f\\r'
const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Blank: ' \\t',
  Space: WHITE_SPACE,
  XDigit: '0-9a-fA-F',
  ASCII: '\\x00-\\x7f',
  Graph: '!-~',
  Print: ' -~',
  Cntrl: '\\x00-\\x1f\\x7f',
}
const FLAGS_AT_START = /^\(\?([a-zA-Z]+)\)/
const UNMAPPED = /\[[^\]]*&&|\\[GX]|\(\?[a-zA-Z-]+[:)]/
/** One token: a quote, an escape, a class with what is in it, a quantifier that gives nothing back, or a character. */
const TOKEN = /\\Q([\s\S]*?)(?:\\E|$)|\\[pP]\{(\w+)\}|\\([\s\S])|\(\?>|([*+?}])\+|[\s\S]/g
const NEEDS_NO_ESCAPE = /[^\w\\^$.*+?()[\]{}|/-]/
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g

const compiled = new Map<string, JavaPattern>()
const MOST_COMPILED = 500

/** Throws a PatternSyntaxException where the pattern cannot be read. */
export function compilePattern(pattern: string): JavaPattern {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = compile(pattern)
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  compiled.set(pattern, made)
  return made
}

function compile(pattern: string): JavaPattern {
  const [start = '', letters = ''] = FLAGS_AT_START.exec(pattern) ?? []
  const body = pattern.slice(start.length)
  if (UNMAPPED.test(body) || /[^ismu]/.test(letters)) throw unreadablePattern(pattern)
  const source = translated(body)
  const flags = letters.replace('u', '')
  const whole = regularExpression(pattern, `^(?:${source})$`, flags.replace('m', ''), flags.includes('m'))
  const every = (more: string) => regularExpression(pattern, source, flags + more, false)
  return {
    matches: (text) => whole.test(text),
    replaceAll: (text, by) => text.replace(every('g'), replacement(by)),
    replaceFirst: (text, by) => text.replace(every(''), replacement(by)),
    split: (text) => {
      const parts = text.split(every(''))
      if (parts[0] === '' && parts.length > 1 && text !== '' && text.search(every('')) === 0) {
        const [matched = ''] = every('').exec(text) ?? []
        if (matched === '') parts.shift()
      }
      while (parts.length > 1 && parts.at(-1) === '') parts.pop()
      return parts
    },
  }
}

function regularExpression(pattern: string, source: string, flags: string, isMultiline: boolean): RegExp {
  // Over several lines the anchors within match at every line, but the whole text has to match.
  const [body, all] = isMultiline ? [`(?<![\\s\\S])(?:${source})(?![\\s\\S])`, `${flags}m`] : [source, flags]
  const read = ofCodePoints(body, all) ?? (/\\p\{/i.test(body) ? undefined : ofCodeUnits(body, all))
  if (read === undefined) throw unreadablePattern(pattern)
  return read
}

/** As Java reads patterns; JavaScript then refuses some that Java takes, such as those with a single `}`. */
function ofCodePoints(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    return undefined
  }
}

function ofCodeUnits(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

function translated(body: string): string {
  let isInClass = false
  return body.replace(
    TOKEN,
    (token: string, quoted?: string, property?: string, escaped?: string, possessive?: string) => {
      if (quoted !== undefined) return quoted.replace(SPECIAL, '\\$&')
      if (property !== undefined) return posix(property, token.startsWith('\\P'), isInClass) ?? token
      if (escaped !== undefined) return escape(escaped, isInClass) ?? token
      if (possessive !== undefined && !isInClass) return possessive
      if (token === '(?>') return '(?:'
      if (token === '[' && isInClass) throw unreadablePattern(body)
      if (token === '[') isInClass = true
      else if (token === ']') isInClass = false
      return token
    },
  )
}

function posix(name: string, isNegated: boolean, isInClass: boolean): string | undefined {
  const characters = POSIX[name]
  if (characters === undefined) return undefined
  if (isInClass && !isNegated) return characters
  return `[${isNegated ? '^' : ''}${characters}]`
}

function escape(character: string, isInClass: boolean): string | undefined {
  const white = isInClass ? WHITE_SPACE : `[${WHITE_SPACE}]`
  switch (character) {
    case 's':
      return white
    case 'S':
      return isInClass ? undefined : `[^${WHITE_SPACE}]`
    case 'h':
      return isInClass ? ' \\t\\xa0' : '[ \\t\\xa0]'
    case 'R':
      return '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])'
    case 'A':
      return '(?<![\\s\\S])'
    case 'z':
      return '(?![\\s\\S])'
    case 'Z':
      return '(?=\\n?(?![\\s\\S]))'
    case 'e':
      return '\\x1b'
    case 'a':
      return '\\x07'
    default:
      // JavaScript takes a backslash before what has a meaning only.
      return NEEDS_NO_ESCAPE.test(character) ? character : undefined
  }
}

/** `$1` and `${name}` are groups; a backslash makes what follows literal. */
function replacement(by: string): string {
  return by
    .replace(/\$\{(\w+)\}/g, '$<$1>')
    .replace(/\\([\s\S])/g, (_, character: string) => (character === '$' ? '$$$$' : character))
}

function unreadablePattern(pattern: string): JavaException {
  return new JavaException(
    'java.util.regex.PatternSyntaxException',
    pattern.includes('(') && !pattern.includes(')')
      ? `Unclosed group near index ${pattern.length}\n${pattern}`
      : `Illegal pattern near index ${pattern.length}\n${pattern}`,
  )
}
