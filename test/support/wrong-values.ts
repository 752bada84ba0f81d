// What is passed in place of an argument or an option: a value of each kind that JavaScript has, and of each that users of
// other libraries pass.
import { Aggregators, Comparators, Extractors, Filters, Processors } from 'coherence-ts'

class AClass {
  readonly member = 1
}

export const VALUES = {
  undefined: undefined,
  null: null,
  'the number 0': 0,
  'the number 5': 5,
  'a fraction': 1.5,
  'a negative number': -1,
  NaN: NaN,
  Infinity: Infinity,
  'a bigint': 5n,
  'an empty text': '',
  'a text': 'text',
  true: true,
  false: false,
  'a symbol': Symbol('symbol'),
  'a function': (): undefined => undefined,
  'a class': AClass,
  'an empty array': [],
  'an array': [1],
  'an empty object': {},
  'an object': { member: 1 },
  'an object without a prototype': Object.create(null) as object,
  'a Date': new Date(0),
  'a Map': new Map([[1, 2]]),
  'a Set': new Set([1]),
  'a promise': Promise.resolve({}),
  'a RegExp': /a/,
  'an Error': new Error('an error'),
  bytes: Buffer.from('bytes'),
  'a signal': new AbortController().signal,
  'a filter': Filters.always(),
  'an extractor': Extractors.identity(),
  'a comparator': Comparators.by('name'),
  'a processor': Processors.extract('name'),
  'an aggregator': Aggregators.count(),
} as const satisfies Record<string, unknown>

export type ValueName = keyof typeof VALUES

/** The names of all values. */
export const NAMES = Object.keys(VALUES) as ValueName[]

export const NUMBERS = ['the number 0', 'the number 5', 'a fraction', 'a negative number'] as const
export const FLAGS = ['true', 'false'] as const
export const FUNCTIONS = ['a function', 'a class'] as const
export const EMPTY_OPTIONS = ['an empty object', 'an object without a prototype'] as const
/** What can be read with `for`, except text. */
export const ITERABLES = ['an empty array', 'an array', 'a Map', 'a Set', 'bytes'] as const
export const QUERIES = ['a filter', 'an extractor', 'a comparator', 'a processor', 'an aggregator'] as const
/** What the JSON codec stores. */
export const STORABLE = [
  'null',
  ...NUMBERS,
  'a bigint',
  'an empty text',
  'a text',
  ...FLAGS,
  'an empty array',
  'an array',
  'an object',
  ...EMPTY_OPTIONS,
  ...QUERIES,
] as const

/** What a parameter or an option takes of these values, and what the error begins with for all others. */
export interface Taken {
  readonly takes: readonly ValueName[]
  readonly refusal: RegExp
}

/**
 * The values of which `outcome` is wrong, each with what it was: all but those that are taken have to be refused with the
 * right beginning, and those have to be taken.
 *
 * @param outcome What the call with a value gives: the error that it throws or rejects with, or `'taken'`.
 */
export async function wrongOutcomes(
  { takes, refusal }: Taken,
  outcome: (value: unknown) => unknown,
): Promise<Record<string, string>> {
  const wrong: Record<string, string> = {}
  for (const name of NAMES) {
    const result = await outcome(VALUES[name])
    const isRefused = result instanceof Error && isTyped(result) && refusal.test(result.message)
    if (takes.includes(name) ? result !== 'taken' : !isRefused) wrong[name] = String(result)
  }
  return wrong
}

/** Whether it is an error that the documentation names. */
function isTyped(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || 'code' in error
}

/** What comes of a call that may throw, or reject. */
export async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return 'taken'
  } catch (error) {
    return error
  }
}

/** The names of the methods that objects of this class have, those of its base classes included. */
export function methodsOf(prototype: object): string[] {
  const names = new Set<string>()
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && name !== 'constructor') names.add(name)
  }
  return [...names].sort()
}
