// What a user passes by mistake as the very first thing on a session, and what the error has to begin with.
import { Aggregators, Filters, type NamedCache, Processors } from 'coherence-ts'

/** A map whose methods take whatever is passed. */
export type LooseMap = Record<keyof NamedCache<unknown, unknown>, (...args: unknown[]) => unknown>

export interface BadCall {
  readonly what: string
  readonly call: (map: LooseMap) => unknown
  /** The name of the class of the error. */
  readonly error: 'CodecError' | 'TypeError'
  readonly message: RegExp
}

export function cycle(): object {
  const self: Record<string, unknown> = { name: 'self' }
  self['self'] = self
  return self
}

export function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { next: value }
  return value
}

/** Values that the JSON codec refuses, each with what the error says of it. */
const UNSTORABLE: readonly (readonly [what: string, value: unknown, says: RegExp])[] = [
  ['a cycle', cycle(), /contains itself/],
  ['a function', () => 1, /a function/],
  ['a symbol', Symbol('s'), /a symbol/],
  ['undefined', undefined, /undefined/],
  ['NaN', NaN, /NaN/],
  ['Infinity', Infinity, /Infinity/],
  ['a Date', new Date(0), /a Date/],
  ['a Map', new Map([[1, 2]]), /a Map/],
  ['a Set', new Set([1]), /a Set/],
  ['a RegExp', /a/, /a RegExp/],
  ['an Error', new Error('e'), /an Error/],
  ['a Promise', Promise.resolve(1), /a Promise/],
  ['a Buffer', Buffer.from('abc'), /a Buffer/],
  ['an object of 2,000 levels', deep(2_000), /200 levels/],
  ['nested NaN', { a: { b: NaN } }, /NaN/],
  ['a nested function', { a: () => 1 }, /a function/],
  ['a member @type in front', [{ '@type': 'T', a: 1 }], /@type/],
]

function refused(what: string, call: BadCall['call'], error: BadCall['error'], message: RegExp): BadCall {
  return { what, call, error, message }
}

function wrong(what: string, call: BadCall['call'], message: RegExp): BadCall {
  return refused(what, call, 'TypeError', message)
}

export const BAD_FIRST_CALLS: readonly BadCall[] = [
  ...UNSTORABLE.flatMap(([what, value, says]) => [
    refused(`${what} as a value`, (map) => map.set('k', value), 'CodecError', says),
    refused(`${what} in setAll`, (map) => map.setAll([['k', value]]), 'CodecError', says),
  ]),
  ...UNSTORABLE.filter(([what]) => !what.includes('@type')).map(([what, key, says]) =>
    refused(`${what} as a key`, (map) => map.get(key), 'CodecError', says),
  ),
  refused(
    'a cycle in the filter of an aggregation',
    (map) => map.aggregate(Aggregators.count(), { filter: Filters.equal('a' as never, cycle()) }),
    'CodecError',
    /contains itself/,
  ),
  refused(
    'a cycle in the filter of a read',
    (map) => map.keys({ filter: Filters.equal('a' as never, cycle()) }),
    'CodecError',
    /contains itself/,
  ),
  refused(
    'a cycle in a processor',
    (map) => map.invoke('k', Processors.conditionalPut(Filters.always(), cycle())),
    'CodecError',
    /contains itself/,
  ),
  wrong('setAll({})', (map) => map.setAll({}), /^setAll: the entries are /),
  wrong('setAll(null)', (map) => map.setAll(null), /^setAll: the entries are null/),
  ...[NaN, -1, '5', 0, null].flatMap((seconds) => [
    wrong(
      `ttlSeconds ${String(seconds)}`,
      (map) => map.set('k', 1, { ttlSeconds: seconds }),
      /^set: ttlSeconds is /,
    ),
    wrong(
      `timeoutSeconds ${String(seconds)}`,
      (map) => map.get('k', { timeoutSeconds: seconds }),
      /^get: timeoutSeconds is /,
    ),
  ]),
  wrong('listen(null)', (map) => map.listen(null), /^listen: the listener is null/),
  wrong('listen({})', (map) => map.listen({}), /^listen: the listener has none of /),
  wrong('on(null)', (map) => map.on('truncated', null), /^The listener to 'truncated' is null/),
  wrong('on({})', (map) => map.on('truncated', {}), /^The listener to 'truncated' is /),
]
