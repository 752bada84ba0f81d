// The methods of java.lang.String that queries call.
import { JavaException } from '../../java/java-exception'
import { javaCompare } from '../../java/ordering'
import { JavaCharacter, type JavaValue } from '../../java/java-value'
import { compilePattern } from '../java-pattern'
import { method, type Methods } from './method'

const WHITE_SPACE = /^\s*$/
/** trim() takes everything up to the space, strip() what Unicode calls white space. */
const TRIMMED = /^[\0-\u0020]+|[\0-\u0020]+$/g

export const STRING_METHODS: Methods<string> = {
  length: [method('', (text: string) => text.length)],
  isEmpty: [method('', (text: string) => text === '')],
  isBlank: [method('', (text: string) => WHITE_SPACE.test(text))],
  trim: [method('', (text: string) => text.replace(TRIMMED, ''))],
  strip: [method('', (text: string) => text.trim())],
  stripLeading: [method('', (text: string) => text.trimStart())],
  stripTrailing: [method('', (text: string) => text.trimEnd())],
  toUpperCase: [method('', (text: string) => text.toUpperCase())],
  toLowerCase: [method('', (text: string) => text.toLowerCase())],
  intern: [method('', (text: string) => text)],
  charAt: [
    method('i', (text: string, index: number) => new JavaCharacter(text[checkedIndex(text, index)] ?? '')),
  ],
  codePointAt: [
    method('i', (text: string, index: number) => text.codePointAt(checkedIndex(text, index)) ?? 0),
  ],
  indexOf: [
    method('s', (text: string, sought: string) => text.indexOf(sought)),
    method('i', (text: string, code: number) => text.indexOf(String.fromCodePoint(code))),
    method('si', (text: string, sought: string, from: number) => text.indexOf(sought, from)),
  ],
  lastIndexOf: [method('s', (text: string, sought: string) => text.lastIndexOf(sought))],
  substring: [method('i', (text: string, from: number) => part(text, from, text.length)), method('ii', part)],
  concat: [method('s', (text: string, more: string) => text + more)],
  startsWith: [
    method('s', (text: string, start: string) => text.startsWith(start)),
    method('si', (text: string, start: string, from: number) => from >= 0 && text.startsWith(start, from)),
  ],
  endsWith: [method('s', (text: string, end: string) => text.endsWith(end))],
  contains: [method('s', (text: string, sought: string) => text.includes(sought))],
  replace: [method('ss', (text: string, sought: string, by: string) => text.replaceAll(sought, () => by))],
  matches: [method('s', (text: string, pattern: string) => compilePattern(pattern).matches(text))],
  replaceAll: [
    method('ss', (text: string, pattern: string, by: string) => compilePattern(pattern).replaceAll(text, by)),
  ],
  replaceFirst: [
    method('ss', (text: string, pattern: string, by: string) =>
      compilePattern(pattern).replaceFirst(text, by),
    ),
  ],
  split: [method('s', (text: string, pattern: string) => compilePattern(pattern).split(text))],
  equalsIgnoreCase: [
    method('s', (text: string, other: string | null) => other !== null && folded(text) === folded(other)),
  ],
  compareTo: [
    method('o', (text: string, other: JavaValue) =>
      typeof other === 'string' ? difference(text, other) : javaCompare(text, other),
    ),
  ],
  compareToIgnoreCase: [
    method('s', (text: string, other: string) => difference(folded(text), folded(other))),
  ],
  repeat: [method('i', (text: string, count: number) => text.repeat(count))],
}

function part(text: string, from: number, to: number): JavaValue {
  if (from < 0 || to > text.length || from > to) {
    throw new JavaException(
      'java.lang.StringIndexOutOfBoundsException',
      `begin ${from}, end ${to}, length ${text.length}`,
    )
  }
  return text.slice(from, to)
}

function checkedIndex(text: string, index: number): number {
  if (index >= 0 && index < text.length) return index
  throw new JavaException(
    'java.lang.StringIndexOutOfBoundsException',
    `index ${index}, length ${text.length}`,
  )
}

/** Character by character, as Java folds case where it compares. */
function folded(text: string): string {
  return Array.from(text, (character) => character.toUpperCase().toLowerCase()).join('')
}

/** The difference of the first code units that differ, or else of the lengths. */
function difference(text: string, other: string): number {
  const length = Math.min(text.length, other.length)
  for (let index = 0; index < length; index++) {
    const between = text.charCodeAt(index) - other.charCodeAt(index)
    if (between !== 0) return between
  }
  return text.length - other.length
}
