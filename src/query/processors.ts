// Processors work on an entry, on the server that stores it. This file is the namespace `Processors` of the public
// surface.
//
// On a key without an entry most of them do nothing and return null, although their result type does not say so.
import type { AnyQuery, Answers, Filter, Processor } from './query'
import { checkedOptions, flagIn } from './checked-options'
import { pathMembers, type At, type Leads, type Path } from './path'
import { checkQuery, checkValue, customObject, serverObject, shown } from './server-object'
import { extractorFrom, memberExtractor, type Given, type Source } from './source'

/** Options of `increment` and `multiply`. */
export interface ArithmeticOptions {
  /** With `true` the result is the old number; with `false`, the default, the new one. */
  readonly returnOld?: boolean | undefined
}

/** Options of `conditionalPut` and `conditionalRemove`. */
export interface ConditionalOptions {
  /** With `true` the result is the current value if the filter did not match; by default it is `null`. */
  readonly returnCurrent?: boolean | undefined
}

/**
 * Returns what `source` extracts; `null` if that is missing, or if the key has no entry.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.invoke(1, Processors.extract('name'))) // prints Ann
 * ```
 */
export function extract<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Processor<V, Given<V, P, R> | null> {
  return serverObject('processor.ExtractorProcessor', {
    extractor: extractorFrom('Processors.extract', source),
  })
}

/**
 * Adds `by` to the number at `path`, and returns the new number. On a key without an entry it does nothing and
 * returns `null`, although its type does not say so.
 *
 * A missing number counts as 0. If the object around it is missing, the call fails with a `ServerError`. The number
 * keeps the type in which the server stores it: a whole number drops the fraction of `by` (10 + 1.5 is 11), and an
 * integer of 32 bits wraps around at 2^31 - 1.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, `by` is not a finite number, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.invoke(1, Processors.increment('age', 1))) // prints 37
 * ```
 */
export function increment<V, P extends Path<V, number>>(
  path: P & NoInfer<Leads<V, P, number>>,
  by: number,
  options: ArithmeticOptions = {},
): Processor<V, number> {
  checkNumber('Processors.increment', by)
  return serverObject('processor.NumberIncrementor', {
    manipulator: manipulator('Processors.increment', path),
    increment: by,
    postInc: isAsked('Processors.increment', options, 'returnOld'),
  })
}

/**
 * Multiplies the number at `path` by `factor`, and returns the new number. On a key without an entry it does nothing
 * and returns `null`, although its type does not say so.
 *
 * A missing number counts as 0. If the object around it is missing, the call fails with a `ServerError`. The number
 * keeps the type in which the server stores it, as with `increment`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, `factor` is not a finite number, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.invoke(1, Processors.multiply('age', 2, { returnOld: true }))) // prints 36
 * ```
 */
export function multiply<V, P extends Path<V, number>>(
  path: P & NoInfer<Leads<V, P, number>>,
  factor: number,
  options: ArithmeticOptions = {},
): Processor<V, number> {
  checkNumber('Processors.multiply', factor)
  return serverObject('processor.NumberMultiplier', {
    manipulator: manipulator('Processors.multiply', path),
    multiplier: factor,
    postMultiplication: isAsked('Processors.multiply', options, 'returnOld'),
  })
}

/**
 * Sets the member at `path` to `value`, and returns `true`; `false` if the key has no entry. If the object around the
 * member is missing, the call fails with a `ServerError`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.invoke(1, Processors.update('name', 'Anna'))) // prints true
 * ```
 */
export function update<V, P extends Path<V>>(
  path: P & NoInfer<Leads<V, P>>,
  value: NoInfer<At<V, P>>,
): Processor<V, boolean> {
  checkValue('Processors.update', value)
  return serverObject('processor.UpdaterProcessor', {
    updater: updater(pathMembers('Processors.update', path)),
    value,
  })
}

/**
 * Stores `value` if `filter` matches the entry, and returns `null`. If it does not match, nothing is stored, and the
 * result is the current value with `returnCurrent`, otherwise `null`.
 *
 * `Filters.not(Filters.present())` stores the value only if the key has no entry.
 *
 * @throws {TypeError} `filter` is not a filter, `value` is `undefined`, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Filters, Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * const isAbsent = Filters.not(Filters.present())
 * await stock.invoke('apples', Processors.conditionalPut(isAbsent, 3))
 * const current = await stock.invoke('apples', Processors.conditionalPut(isAbsent, 5, { returnCurrent: true }))
 * console.log(current) // prints 3
 * ```
 */
export function conditionalPut<V>(
  filter: Filter<V>,
  value: NoInfer<V>,
  options: ConditionalOptions = {},
): Processor<V, V | null> {
  checkFilter('Processors.conditionalPut', filter)
  checkValue('Processors.conditionalPut', value)
  return serverObject('processor.ConditionalPut', {
    filter,
    value,
    return: isAsked('Processors.conditionalPut', options, 'returnCurrent'),
  })
}

/**
 * Removes the entry if `filter` matches it, and returns `null`. If it does not match, nothing is removed, and the
 * result is the current value with `returnCurrent`, otherwise `null`.
 *
 * @throws {TypeError} `filter` is not a filter, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Filters, Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * await people.invoke(1, Processors.conditionalRemove(Filters.greater('age', 30)))
 * console.log(await people.has(1)) // prints false
 * ```
 */
export function conditionalRemove<V>(
  filter: Filter<V>,
  options: ConditionalOptions = {},
): Processor<V, V | null> {
  checkFilter('Processors.conditionalRemove', filter)
  return serverObject('processor.ConditionalRemove', {
    filter,
    return: isAsked('Processors.conditionalRemove', options, 'returnCurrent'),
  })
}

/**
 * Runs `processor` if `filter` matches the entry, and returns its result. If it does not match, the result is `null`.
 *
 * @throws {TypeError} `filter` is not a filter, or `processor` is not a processor.
 *
 * @example
 * ```ts
 * import { Filters, Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * const birthday = Processors.when(Filters.less('age', 18), Processors.increment('age', 1))
 * console.log(await people.invoke(1, birthday)) // prints null
 * ```
 */
export function when<V, R>(filter: Filter<V>, processor: Processor<V, R>): Processor<V, R | null> {
  checkFilter('Processors.when', filter)
  checkQuery('Processors.when', 'processor', "a processor, such as Processors.increment('age', 1)", processor)
  return serverObject('processor.ConditionalProcessor', { filter, processor })
}

/**
 * Runs the processors one after the other, and returns an array with their results.
 *
 * @throws {TypeError} one of the arguments is not a processor.
 *
 * @example
 * ```ts
 * import { Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * const both = Processors.all(Processors.increment('age', 1), Processors.extract('name'))
 * console.log(await people.invoke(1, both)) // prints [ 37, 'Ann' ]
 * ```
 */
export function all<V, A, B = never, C = never, D = never, E = never, F = never>(
  first: Processor<V, A>,
  second?: Processor<V, B>,
  third?: Processor<V, C>,
  fourth?: Processor<V, D>,
  fifth?: Processor<V, E>,
  sixth?: Processor<V, F>,
): Processor<V, Answers<[A, B, C, D, E, F]>>
export function all(...processors: readonly (Processor<never, unknown> | undefined)[]): AnyQuery {
  for (const processor of processors) {
    checkQuery('Processors.all', 'processor', "processors, such as Processors.increment('age', 1)", processor)
  }
  return serverObject('processor.CompositeProcessor', { processors: Object.freeze([...processors]) })
}

/**
 * Makes a processor of any class that the server knows.
 *
 * @param className The name by which the server knows the class: an alias, such as `processor.TouchProcessor`, or the
 *   full name of your own class.
 * @param members The fields of the class. The server ignores fields that the class does not have, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 *
 * @example
 * ```ts
 * import { Processors } from 'coherence-ts'
 *
 * const touch = Processors.custom<unknown, null>('processor.TouchProcessor')
 * console.log(touch['@class']) // prints processor.TouchProcessor
 * ```
 */
export function custom<V = unknown, R = unknown>(className: string, members?: object): Processor<V, R> {
  return customObject('Processors.custom', className, members)
}

/** Makes a manipulator, which reads the member at the end of the path from the value, and writes it back there. */
function manipulator(caller: string, path: string): object {
  const members = pathMembers(caller, path)
  return serverObject('extractor.CompositeUpdater', {
    extractor: memberExtractor(members),
    updater: updater(members),
  })
}

/**
 * Makes an updater that writes the last of `members`. The object around it has to be extracted first: an updater writes
 * into the object it gets, so it would add a member of that name to the whole value.
 */
function updater(members: readonly string[]): object {
  const last = serverObject('extractor.UniversalUpdater', { name: members.at(-1) })
  const around = members.slice(0, -1)
  if (around.length === 0) return last
  return serverObject('extractor.CompositeUpdater', { extractor: memberExtractor(around), updater: last })
}

/** `true`, or nothing, as the server takes the only option of a processor. */
function isAsked(caller: string, options: unknown, name: string): true | undefined {
  return flagIn(caller, checkedOptions(caller, options, [name]), name) === true ? true : undefined
}

function checkFilter(caller: string, filter: unknown): void {
  checkQuery(caller, 'filter', "a filter, such as Filters.equal('name', 'Ann')", filter)
}

function checkNumber(caller: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`${caller} got ${shown(value)}: pass a finite number`)
  }
}
