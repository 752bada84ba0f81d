// Creates the errors for wrong options. They say what to pass instead, because most such options are correct for other
// clients or for a `Map`.
import { wrongArgument } from './caller-stack'
import { isQuery, kindOfQuery } from '../query/query-kind'
import { shown as describe } from './shown'

export { holdsOptions } from '../query/holds-options'

const EXAMPLE = 'pass an object such as { timeoutSeconds: 5 }'

/** Names of options in other libraries, each with the option of this one. */
const OTHER_NAMES: readonly (readonly [RegExp, string, string])[] = [
  [/^(ttl|expir|life)/i, 'ttlSeconds', ', in seconds'],
  [/^(default)?(ttl|expir|life)/i, 'defaultTtlSeconds', ', in seconds'],
  [/timeout/i, 'timeoutSeconds', ', in seconds'],
  [/^(filters|where|query)$/i, 'filter', ''],
  [/^(comparators|sort|order|orderBy|sortBy)$/i, 'comparator', ''],
  [/^(max|count|take|first)$/i, 'limit', ''],
  [/^(abort|abortSignal|abortController|controller)$/i, 'signal', ''],
]

/** Options that only some calls have, each with those calls. */
const OF_OTHER_CALLS: ReadonlyMap<string, string> = new Map([
  ['onAborted', 'calls that change something'],
  [
    'ttlSeconds',
    'set, setAll and setIfAbsent; for all entries of a map there is defaultTtlSeconds of getCache',
  ],
  ['defaultTtlSeconds', 'getCache, which gives the same map'],
])

/** Further arguments in other libraries, each with the method that replaces it here. */
const METHODS: Readonly<Record<string, string>> = {
  get: 'getOrDefault(key, value) gives a value for an absent key',
  has: 'hasEntry(key, value) looks for a value too',
  delete: 'removeMapping(key, value) looks for a value too',
  replace: 'replaceMapping(key, oldValue, newValue) looks for a value first',
}

/** Creates an error that says why `options` are refused and what to pass. `known` are the options of the call. */
export function wrongOptions(operation: string, options: unknown, known: readonly string[]): TypeError {
  return wrongArgument(
    `${operation}: the options are ${describe(options)}; ${rightForm(operation, options, known)}${otherMethod(operation)}`,
  )
}

/** The same for a member that is not an option. */
export function unknownOption(operation: string, name: string, known: readonly string[]): TypeError {
  return wrongArgument(
    `${operation}: there is no option '${name}'${meant(name, known)}; the options are ${known.join(', ')}${otherMethod(operation)}`,
  )
}

/** The method that does what a further argument does elsewhere, if there is one. */
function otherMethod(operation: string): string {
  const method = METHODS[operation]
  return method === undefined ? '' : `; ${method}`
}

function meant(name: string, known: readonly string[]): string {
  const found = OTHER_NAMES.find(([pattern, option]) => pattern.test(name) && known.includes(option))
  if (found !== undefined) return ` (did you mean ${found[1]}${found[2]}?)`
  const other = OF_OTHER_CALLS.get(name)
  return other === undefined ? '' : `, which is for ${other}`
}

function rightForm(operation: string, value: unknown, known: readonly string[]): string {
  if (isQuery(value)) return rightPlace(operation, value, known)
  if (typeof value === 'function') return rightFunction(operation, known)
  if (typeof value === 'object') return rightObject(value, known)
  if (known.includes('key')) return 'for the events of one key pass { key }'
  return typeof value === 'number' ? rightNumber(known) : EXAMPLE
}

function rightPlace(operation: string, query: object, known: readonly string[]): string {
  const kind = kindOfQuery(query)
  if (known.includes('keys') && (kind === 'processor' || kind === 'aggregator')) {
    return `the ${kind} comes first: ${operation}(${kind}, { filter }) or ${operation}(${kind}, { keys })`
  }
  const option = kind ?? 'filter'
  return known.includes(option)
    ? `pass it in an object: { ${option} }`
    : `${operation} takes no ${kind ?? 'query'} there`
}

function rightNumber(known: readonly string[]): string {
  const timeToLive = ['ttlSeconds', 'defaultTtlSeconds'].find((option) => known.includes(option))
  if (timeToLive !== undefined)
    return `a time to live is passed in an object, in seconds: { ${timeToLive}: 5 }`
  return 'a time is passed in an object, in seconds: { timeoutSeconds: 5 }'
}

function rightFunction(operation: string, known: readonly string[]): string {
  if (operation === 'events') return 'events() is for loops (for await); listen(listener) calls a function'
  if (operation === 'listen')
    return 'the listener comes first: listen(listener, { key }) or listen(listener, { filter })'
  if (!known.includes('filter')) return EXAMPLE
  return "a function cannot run on the server: pass { filter } with a filter such as Filters.equal('name', 'Ann')"
}

function rightObject(value: object | null, known: readonly string[]): string {
  if (value !== null) {
    if (known.includes('keys') && Symbol.iterator in value) return 'pass them in an object: { keys }'
    if (value instanceof AbortSignal) return 'pass it in an object: { signal }'
    if (value instanceof AbortController) return 'pass its signal in an object: { signal: controller.signal }'
    if ('then' in value) return 'wait for it with await'
  }
  return EXAMPLE
}
