// Strings that a Coherence server cannot keep.

const HALF_A_PAIR: Trouble = [
  'a string with half a surrogate pair, which UTF-8 cannot carry',
  'use whole characters',
]
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
/** The server prints such a string with the backslash as it is, so that it reads as an escape, or fails to print it. */
const BACKSLASH_U = /\\u(?:[\da-fA-F]{4}|[^]{0,3}$)/
/** When it prints a name, the server loses what is between two characters that it escapes, or fails. */
const ESCAPES_APART =
  /[^ !#-[\]-\u2027\u202a-\uffff][ !#-[\]-\u2027\u202a-\uffff]+[^ !#-[\]-\u2027\u202a-\uffff]/

type Trouble = readonly [what: string, instead: string]

/** Part of the JSON text of every string that `stringTrouble` finds fault with. */
export const SUSPICIOUS_TEXT = '\\u'

/** What is wrong with `string` as a value, and what to do instead. */
export function stringTrouble(string: string): Trouble | undefined {
  if (LONE_SURROGATE.test(string)) return HALF_A_PAIR
  if (!BACKSLASH_U.test(string)) return undefined
  return [
    "a string in which '\\u' stands before four hexadecimal digits or within three characters of the end, which the " +
      'server cannot print',
    'put another character between the two',
  ]
}

/** Whether a JSON text may have a string or a name in it that `stringTrouble` or `nameTrouble` finds fault with. */
export function mayHaveEscapes(text: string): boolean {
  return text.includes('\\') || text.includes('\u2028') || text.includes('\u2029')
}

/** What is wrong with `name` as the name of a member, and what to do instead. */
export function nameTrouble(name: string): Trouble | undefined {
  if (LONE_SURROGATE.test(name)) return HALF_A_PAIR
  if (!ESCAPES_APART.test(name)) return undefined
  return [
    'named with quotes, backslashes or control characters in more than one place, which the server cannot print',
    'use another name, or an array of pairs',
  ]
}
