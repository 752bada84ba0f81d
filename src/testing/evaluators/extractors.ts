// Extractors take something out of an entry or of a value; comparators order values. They are made here together, because
// an extractor may stand for a comparator, by what it extracts, and both are made of each other.
import { JavaException } from '../java/java-exception'
import { classNameOf, javaToString } from '../java/java-text'
import { javaCompare } from '../java/ordering'
import {
  JavaDouble,
  JavaMap,
  JavaObject,
  JsonObject,
  type JavaList,
  type JavaValue,
} from '../java/java-value'
import {
  booleanMember,
  castFailure,
  evaluatorOf,
  integerMember,
  listMember,
  member,
  memberEvaluator,
  memberEvaluators,
  nullPointer,
  textMember,
  unreadable,
  type Table,
} from './agents'
import type { Entry } from './entry'
import { hasProperty, invoke, readProperty } from './invocation'
import { asNumber, toDouble } from './numbers'

export interface Extractor {
  extract(entry: Entry): JavaValue
  /** From a value that is not, or no longer, in an entry. */
  extractFrom(value: JavaValue): JavaValue
}

const VALUE_EXTRACTOR = 'com.tangosol.util.ValueExtractor'
const METHOD_SUFFIX = '()'
const ACCESSOR = /^(?:get|is)(\p{Lu})(.*?)(?:\(\))?$/su
const OF_KEY = 1

const EXTRACTORS: Table<Extractor> = {
  'extractor.UniversalExtractor': universal,
  'extractor.ReflectionExtractor': reflection,
  'extractor.IdentityExtractor': () => ofValue((value) => value),
  'extractor.KeyExtractor': key,
  'extractor.ChainedExtractor': chained,
  'extractor.MultiExtractor': multi,
  'extractor.ComparisonValueExtractor': comparison,
  'extractor.ConditionalExtractor': (agent) => {
    memberEvaluator(EXTRACTORS, agent, 'extractor')
    return onlyForIndexes('ConditionalExtractor')
  },
  'extractor.DeserializationAccelerator': () => onlyForIndexes('DeserializationAccelerator'),
  'ai.index.BinaryQuantIndex': () => onlyForIndexes('BinaryQuantIndex'),
}

export function toExtractor(agent: JavaValue): Extractor {
  return evaluatorOf(EXTRACTORS, VALUE_EXTRACTOR, agent)
}

/** The extractor that is a member of an agent. Without one whatever asks it fails. */
export function extractorMember(agent: JavaObject, name = 'extractor'): Extractor {
  return memberEvaluator(EXTRACTORS, agent, name) ?? MISSING
}

/** The lists that come from several extractors: unlike others they can be compared. */
const TUPLES = new WeakSet<readonly JavaValue[]>()

const MISSING: Extractor = ofValue(() => {
  throw nullPointer('Cannot invoke "Object.hashCode()" because "key" is null')
})

function ofValue(extractFrom: (value: JavaValue) => JavaValue): Extractor {
  return { extract: ({ value }) => extractFrom(value), extractFrom }
}

function ofTarget(agent: JavaObject, extractFrom: (value: JavaValue) => JavaValue): Extractor {
  if (integerMember(agent, 'target') !== OF_KEY) return ofValue(extractFrom)
  return { extract: ({ key: own }) => extractFrom(own), extractFrom }
}

/**
 * A name that ends in `()` calls a method, another reads a property. `getName()` and `isName()` read the property
 * `name`, as do `getName` and `isName`.
 */
function universal(agent: JavaObject): Extractor {
  const name = textMember(agent, 'name')
  const args = listMember(agent, 'params') ?? []
  if (name === null || (args.length > 0 && !name.endsWith(METHOD_SUFFIX))) throw unreadable()
  const canonical = args.length > 0 ? name : propertyOf(name)
  return ofTarget(agent, canonical.endsWith(METHOD_SUFFIX) ? calling(canonical, args) : reading(canonical))
}

function reflection(agent: JavaObject): Extractor {
  const name = textMember(agent, 'method')
  if (name === null) throw unreadable()
  return ofTarget(agent, calling(name + METHOD_SUFFIX, listMember(agent, 'args') ?? []))
}

function propertyOf(name: string): string {
  const [, first, rest] = ACCESSOR.exec(name) ?? []
  return first === undefined ? name : first.toLowerCase() + (rest ?? '')
}

function calling(nameWithSuffix: string, args: readonly JavaValue[]): (value: JavaValue) => JavaValue {
  const name = nameWithSuffix.slice(0, -METHOD_SUFFIX.length)
  const shown = `.${name}(${args.map(javaToString).join(', ')})`
  return (value) => (value === null ? null : invoke(value, name, args, shown).result)
}

/** What a failure says depends on whether the extractor read a member before. */
function reading(name: string): (value: JavaValue) => JavaValue {
  let hasReadMember = false
  return (value) => {
    if (value === null) return null
    const isMap = value instanceof JsonObject || value instanceof JavaMap
    if (hasReadMember && !isMap && !hasProperty(value, name)) {
      throw new JavaException(
        'java.lang.RuntimeException',
        `Failed accessing target of class ${classNameOf(value)} using property ${name}`,
      )
    }
    hasReadMember = isMap
    return readProperty(value, name)
  }
}

function key(agent: JavaObject): Extractor {
  const inner = memberEvaluator(EXTRACTORS, agent, 'extractor')
  const extractFrom = (value: JavaValue) => (inner === undefined ? value : inner.extractFrom(value))
  return { extract: (entry) => extractFrom(entry.key), extractFrom }
}

function chained(agent: JavaObject): Extractor {
  const [first, ...rest] = memberEvaluators(EXTRACTORS, agent, 'extractors') ?? []
  if (first === undefined) {
    return ofValue(() => {
      throw new JavaException(
        'java.lang.ArrayIndexOutOfBoundsException',
        'Index 0 out of bounds for length 0',
      )
    })
  }
  const follow = (start: JavaValue) =>
    rest.reduce((value, step) => (value === null ? null : step.extractFrom(value)), start)
  return {
    extract: (entry) => follow(first.extract(entry)),
    extractFrom: (value) => follow(first.extractFrom(value)),
  }
}

function multi(agent: JavaObject): Extractor {
  const extractors = memberEvaluators(EXTRACTORS, agent, 'extractors') ?? []
  const tuple = (values: readonly JavaValue[]) => {
    TUPLES.add(values)
    return values
  }
  return {
    extract: (entry) => tuple(extractors.map((one) => one.extract(entry))),
    extractFrom: (value) => (value === null ? null : tuple(extractors.map((one) => one.extractFrom(value)))),
  }
}

/** The difference of two numbers, or how a comparator orders two values. */
function comparison(agent: JavaObject): Extractor {
  const [first, second] = memberEvaluators(EXTRACTORS, agent, 'extractors') ?? []
  if (first === undefined || second === undefined) throw unreadable()
  const compare = comparatorMember(agent, 'comparator')
  const between = (a: JavaValue, b: JavaValue) => (compare === undefined ? minus(a, b) : compare(a, b))
  return {
    extract: (entry) => between(first.extract(entry), second.extract(entry)),
    extractFrom: (value) => between(first.extractFrom(value), second.extractFrom(value)),
  }
}

function minus(a: JavaValue, b: JavaValue): JavaValue {
  const [left, right] = [asNumber(a), asNumber(b)]
  if (typeof left === 'number' && typeof right === 'number') return (left - right) | 0
  return new JavaDouble(toDouble(left) - toDouble(right))
}

function onlyForIndexes(name: string): Extractor {
  return ofValue(() => {
    throw new JavaException(
      'java.lang.UnsupportedOperationException',
      `${name} may not be used as an extractor.`,
    )
  })
}

export type ValueOrder = (a: JavaValue, b: JavaValue) => number

const COMPARATORS: Table<ValueOrder> = {
  'comparator.ExtractorComparator': (agent) => {
    const extractor = extractorMember(agent)
    const comparable = (value: JavaValue) => asComparable(extractor.extractFrom(value))
    return byExtracted(comparable)
  },
  'comparator.SafeComparator': safe,
  'comparator.InverseComparator': (agent) => {
    const order = safe(agent)
    return (a, b) => -order(a, b)
  },
  'comparator.ChainedComparator': chainedOrder,
  'comparator.EntryComparator': (agent) => {
    comparatorMember(agent, 'comparator')
    return (a) => {
      throw castFailure(a, 'java.util.Map$Entry')
    }
  },
}

export function toValueOrder(agent: JavaValue): ValueOrder {
  const extractor = extractorOrUndefined(agent)
  if (extractor !== undefined) return byExtracted((value) => extractor.extractFrom(value))
  return evaluatorOf(COMPARATORS, 'java.util.Comparator', agent)
}

/** The comparator that is a member of an agent; `undefined` where there is none. */
export function comparatorMember(agent: JavaObject, name: string): ValueOrder | undefined {
  const value = member(agent, name)
  if (value === null) return undefined
  if (!(value instanceof JavaObject) || !isComparator(value.className)) throw unreadable()
  return toValueOrder(value)
}

/** The natural order, with null first. */
export function naturalOrder(a: JavaValue, b: JavaValue): number {
  return nullsFirst(a, b) ?? compared(a, b)
}

function compared(a: JavaValue, b: JavaValue): number {
  return isTuple(a) && isTuple(b) ? comparedTuples(a, b) : javaCompare(a, b)
}

/** By the first elements that differ, then by length. */
function comparedTuples(a: JavaList, b: JavaList): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const order = naturalOrder(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Fails for what cannot be compared, as a cast does, whatever it is compared with. */
function asComparable(value: JavaValue): JavaValue {
  if (value !== null && !isTuple(value)) javaCompare(value, value)
  return value
}

function isTuple(value: JavaValue): value is JavaList {
  return Array.isArray(value) && TUPLES.has(value as JavaList)
}

function isComparator(className: string): boolean {
  return Object.hasOwn(COMPARATORS, className) || Object.hasOwn(EXTRACTORS, className)
}

function byExtracted(extract: (value: JavaValue) => JavaValue): ValueOrder {
  return (a, b) => naturalOrder(extract(a), extract(b))
}

function safe(agent: JavaObject): ValueOrder {
  const extractor = extractorOrUndefined(member(agent, 'comparator'))
  const order = extractor === undefined ? comparatorMember(agent, 'comparator') : undefined
  const isNullFirst = booleanMember(agent, 'nullFirst', true)
  return (a, b) => {
    if (order !== undefined) return order(a, b)
    // An extractor leaves the order of null to this comparator, other comparators have their own.
    const [left, right] =
      extractor === undefined ? [a, b] : [extractor.extractFrom(a), extractor.extractFrom(b)]
    const nulls = nullsFirst(left, right)
    if (nulls !== undefined) return isNullFirst ? nulls : -nulls
    return compared(left, right)
  }
}

function extractorOrUndefined(agent: JavaValue): Extractor | undefined {
  return agent instanceof JavaObject && Object.hasOwn(EXTRACTORS, agent.className)
    ? toExtractor(agent)
    : undefined
}

function chainedOrder(agent: JavaObject): ValueOrder {
  const comparators = member(agent, 'comparators')
  if (!Array.isArray(comparators)) throw unreadable()
  const orders = (comparators as readonly JavaValue[]).map((one) => {
    if (!(one instanceof JavaObject) || !isComparator(one.className)) throw unreadable()
    return toValueOrder(one)
  })
  return (a, b) => {
    for (const order of orders) {
      const result = order(a, b)
      if (result !== 0) return result
    }
    return 0
  }
}

/** The order where one of both is null; `undefined` where none is. */
function nullsFirst(a: JavaValue, b: JavaValue): number | undefined {
  if (a === null) return b === null ? 0 : -1
  return b === null ? 1 : undefined
}
