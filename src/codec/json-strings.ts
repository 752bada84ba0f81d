// Detects strings that a Coherence server cannot store without changing them.

const HALF_A_PAIR: Problem = [
  'a string with half a surrogate pair, which UTF-8 cannot carry',
  'use whole characters',
]
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
/** The server does not escape the backslash of such a string, so that it reads as an escape, or cannot print it. */
const BACKSLASH_U = /\\u(?:[\da-fA-F]{4}|[^]{0,3}$)/
/** When the server prints such a name, it fails or loses the text between two escaped characters. */
const ESCAPES_APART =
  /[^ !#-[\]-\u2027\u202a-\uffff][ !#-[\]-\u2027\u202a-\uffff]+[^ !#-[\]-\u2027\u202a-\uffff]/

/** Describes why a string cannot be stored, and the alternative. */
type Problem = readonly [what: string, instead: string]

/** Returns the problem with `string` as a value; `undefined` if there is none. */
export function stringProblem(string: string): Problem | undefined {
  if (LONE_SURROGATE.test(string)) return HALF_A_PAIR
  if (!BACKSLASH_U.test(string)) return undefined
  return [
    "a string in which '\\u' stands before four hexadecimal digits or within three characters of the end, which the " +
      'server cannot print',
    'put another character between the two',
  ]
}

/** Returns the problem with `name` as the name of a member; `undefined` if there is none. */
export function nameProblem(name: string): Problem | undefined {
  if (LONE_SURROGATE.test(name)) return HALF_A_PAIR
  if (!ESCAPES_APART.test(name)) return undefined
  return [
    'named with quotes, backslashes or control characters in more than one place, which the server cannot print',
    'use another name, or an array of pairs',
  ]
}
