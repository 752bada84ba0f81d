// Processors: work on an entry where it is kept. The namespace `Processors` of the public surface.
//
// On a key without an entry most of them do nothing and answer null, whatever their result type says.
import type { AnyQuery, Answers, Filter, Processor } from './query'
import { pathMembers, type At, type Leads, type Path } from './path'
import { checkQuery, checkValue, customObject, serverObject, shown } from './server-object'
import { extractorFrom, memberExtractor, type Given, type Source } from './source'

/** What `increment` and `multiply` answer. */
export interface ArithmeticOptions {
  /** `true` to answer the number from before; `false`, the default, the new one. */
  readonly returnOld?: boolean | undefined
}

/** What `conditionalPut` and `conditionalRemove` answer where nothing was done. */
export interface ConditionalOptions {
  /** `true` to answer the current value where the filter did not match; by default the answer is `null`. */
  readonly returnCurrent?: boolean | undefined
}

/** Answers what `source` gives; `null` where there is nothing, or no entry. */
export function extract<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Processor<V, Given<V, P, R> | null> {
  return serverObject('processor.ExtractorProcessor', {
    extractor: extractorFrom('Processors.extract', source),
  })
}

/**
 * Adds `by` to the number that `path` leads to, and answers the new number.
 *
 * A missing number counts as 0, a missing object around it is an error of the server. The number keeps the type that the
 * server holds it in: a whole number drops the fraction of `by` (10 + 1.5 is 11), and beyond 2^31-1 one wraps around unless
 * it was stored as a larger one.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `by` is not a finite number.
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
    postInc: options.returnOld === true ? true : undefined,
  })
}

/** Multiplies the number that `path` leads to by `factor`; otherwise as `increment`. */
export function multiply<V, P extends Path<V, number>>(
  path: P & NoInfer<Leads<V, P, number>>,
  factor: number,
  options: ArithmeticOptions = {},
): Processor<V, number> {
  checkNumber('Processors.multiply', factor)
  return serverObject('processor.NumberMultiplier', {
    manipulator: manipulator('Processors.multiply', path),
    multiplier: factor,
    postMultiplication: options.returnOld === true ? true : undefined,
  })
}

/**
 * Sets the member that `path` leads to, and answers `true`; `false` where there is no entry. A missing object around the
 * member is an error of the server.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
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
 * Puts `value` where `filter` wants the entry, and answers `null`. Where it does not, nothing is put and the answer is
 * the current value with `returnCurrent`, else `null` too.
 *
 * `Filters.not(Filters.present())` puts where there is no entry yet.
 *
 * @throws {TypeError} `value` is `undefined`.
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
    return: options.returnCurrent === true ? true : undefined,
  })
}

/**
 * Removes the entry where `filter` wants it, and answers `null`. Where it does not, the answer is the current value with
 * `returnCurrent`, else `null` too.
 */
export function conditionalRemove<V>(
  filter: Filter<V>,
  options: ConditionalOptions = {},
): Processor<V, V | null> {
  checkFilter('Processors.conditionalRemove', filter)
  return serverObject('processor.ConditionalRemove', {
    filter,
    return: options.returnCurrent === true ? true : undefined,
  })
}

/** Runs `processor` where `filter` wants the entry; where it does not, the answer is `null`. */
export function when<V, R>(filter: Filter<V>, processor: Processor<V, R>): Processor<V, R | null> {
  checkFilter('Processors.when', filter)
  checkQuery('Processors.when', 'processor', "a processor, such as Processors.increment('age', 1)", processor)
  return serverObject('processor.ConditionalProcessor', { filter, processor })
}

/** Runs all of `processors`, one after the other, and answers what each of them answers, in an array. */
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
 * A processor of any class of the server.
 *
 * @param className The name that the server knows the class by: an alias, such as `processor.TouchProcessor`.
 * @param members The fields of the class. Names that the class does not know are ignored by the server, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 */
export function custom<V = unknown, R = unknown>(className: string, members?: object): Processor<V, R> {
  return customObject('Processors.custom', className, members)
}

/** Reads the member at the end of the path from the value, and writes it where it belongs. */
function manipulator(caller: string, path: string): object {
  const members = pathMembers(caller, path)
  return Object.freeze({
    '@class': 'extractor.CompositeUpdater',
    extractor: memberExtractor(members),
    updater: updater(members),
  })
}

/**
 * Writes the last of `members`. The object around it has to be extracted first: an updater writes into what it is given,
 * so one that is given the whole value adds a member of that name to it.
 */
function updater(members: readonly string[]): object {
  const last = Object.freeze({ '@class': 'extractor.UniversalUpdater', name: members.at(-1) })
  const around = members.slice(0, -1)
  if (around.length === 0) return last
  return Object.freeze({
    '@class': 'extractor.CompositeUpdater',
    extractor: memberExtractor(around),
    updater: last,
  })
}

function checkFilter(caller: string, filter: unknown): void {
  checkQuery(caller, 'filter', "a filter, such as Filters.equal('name', 'Ann')", filter)
}

function checkNumber(caller: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`${caller} got ${shown(value)}: pass a finite number`)
  }
}
