// Filters of events say which changes a listener is told of.
import { javaEquals } from '../java/equality'
import { JavaException } from '../java/java-exception'
import { identityText } from '../java/json-printer'
import { JavaObject, type JavaValue } from '../java/java-value'
import {
  evaluatorOf,
  integerMember,
  listMember,
  member,
  memberEvaluator,
  memberEvaluators,
  nullPointer,
  type Table,
} from './agents'
import type { CacheEvent, Entry } from './entry'
import { extractorMember, toExtractor } from './extractors'
import { acceptsValue, FILTER_CLASSES, optionalFilterMember, toFilter, type Filter } from './filters'

export interface EventFilter {
  /** Returns the same event, another that it is changed into, or `undefined` where the filter does not accept it. */
  evaluate(event: CacheEvent): CacheEvent | undefined
}

const INSERT = 1
const UPDATE = 2
const DELETE = 3
/** The bits of a mask by the kinds of events; those of `entered`, `left` and `within` are about updates, too. */
const INSERTED = 1
const UPDATED = 2
const DELETED = 4
const ENTERED = 8
const LEFT = 16
const WITHIN = 32
const EVERY_UPDATE = UPDATED | ENTERED | LEFT | WITHIN
const SYNTHETIC = 1
const NATURAL = 2

type Test = (event: CacheEvent) => boolean

const EVENT_FILTERS: Table<EventFilter> = {
  'filter.MapEventFilter': (agent) => testing(byMask(agent)),
  'filter.CacheEventFilter': byOrigin,
  'filter.ValueChangeEventFilter': byValueChange,
  'filter.MapEventTransformerFilter': transforming,
  'filter.AlwaysFilter': () => testing(() => true),
  'filter.NeverFilter': () => testing(() => false),
  'filter.PresentFilter': () => testing(() => true),
  'filter.AllFilter': (agent) => composed(agent, (results) => results.every(isTrue)),
  'filter.AndFilter': (agent) => composed(agent, (results) => results.every(isTrue)),
  'filter.AnyFilter': (agent) => composed(agent, (results) => results.some(isTrue)),
  'filter.OrFilter': (agent) => composed(agent, (results) => results.some(isTrue)),
  'filter.XorFilter': (agent) => composed(agent, (results) => results.filter(isTrue).length % 2 === 1),
  'filter.NotFilter': (agent) => {
    const part = eventFilterMember(agent) ?? MISSING
    return testing((event) => part.evaluate(event) === undefined)
  },
  'filter.InKeySetFilter': inKeySet,
  'filter.LimitFilter': (agent) => eventFilterMember(agent) ?? MISSING,
}

export function toEventFilter(agent: JavaValue): EventFilter {
  return evaluatorOf(EVERY_FILTER, 'com.tangosol.util.Filter', agent)
}

/** All filters: those of entries are asked about the event itself. */
const EVERY_FILTER: Table<EventFilter> = {
  ...Object.fromEntries(FILTER_CLASSES.map((name) => [name, ofEntries])),
  ...EVENT_FILTERS,
}

/** What fails when it is asked about an event does not accept it. */
function ofEntries(agent: JavaObject): EventFilter {
  const filter = toFilter(agent)
  return testing((event) => {
    try {
      return acceptsValue(filter, objectOf(event))
    } catch (error) {
      if (error instanceof JavaException) return false
      throw error
    }
  })
}

/** An event as filters of values see it: an object with the properties of its class. */
function objectOf(event: CacheEvent): JavaObject {
  const { id, key, oldValue, newValue, synthetic, expired } = event
  const kinds = { insert: id === INSERT, update: id === UPDATE, delete: id === DELETE }
  const members = { id, key, oldValue, newValue, synthetic, expired, ...kinds }
  return new JavaObject('util.MapEvent', new Map<string, JavaValue>(Object.entries(members)))
}

function testing(test: Test): EventFilter {
  return { evaluate: (event) => (test(event) ? event : undefined) }
}

function eventFilterMember(agent: JavaObject): EventFilter | undefined {
  return memberEvaluator(EVERY_FILTER, agent, 'filter')
}

const MISSING: EventFilter = {
  evaluate: () => {
    throw nullPointer(
      'Cannot invoke "com.tangosol.util.Filter.evaluate(Object)" because "this.m_filter" is null',
    )
  },
}

/** Whether the mask has the kind of event, and the inner filter accepts its values as the mask wants. */
function byMask(agent: JavaObject): Test {
  const mask = integerMember(agent, 'mask')
  const filter = optionalFilterMember(agent)
  return (event) => {
    switch (event.id) {
      case INSERT:
        return (mask & INSERTED) !== 0 && accepts(filter, event, event.newValue)
      case DELETE:
        return (mask & DELETED) !== 0 && accepts(filter, event, event.oldValue)
      case UPDATE:
        return (mask & EVERY_UPDATE) !== 0 && isUpdateWanted(mask, filter, event)
    }
  }
}

function isUpdateWanted(mask: number, filter: Filter | undefined, event: CacheEvent): boolean {
  if (filter === undefined) return true
  const isIn = accepts(filter, event, event.newValue)
  const wasIn = () => accepts(filter, event, event.oldValue)
  switch (mask & EVERY_UPDATE) {
    case ENTERED:
      return isIn && !wasIn()
    case LEFT:
      return !isIn && wasIn()
    case ENTERED | LEFT:
      return isIn !== wasIn()
    case WITHIN:
      return isIn && wasIn()
    case WITHIN | ENTERED:
      return isIn
    case WITHIN | LEFT:
      return wasIn()
    default:
      return isIn || wasIn()
  }
}

function accepts(filter: Filter | undefined, event: CacheEvent, value: JavaValue): boolean {
  return filter === undefined || filter.accepts(entryOf(event, value))
}

function entryOf({ key }: CacheEvent, value: JavaValue): Entry {
  return { key, value, isPresent: true }
}

function byOrigin(agent: JavaObject): EventFilter {
  const wanted = byMask(agent)
  const origins = integerMember(agent, 'syntheticMask')
  return testing((event) => (origins & (event.synthetic ? SYNTHETIC : NATURAL)) !== 0 && wanted(event))
}

function byValueChange(agent: JavaObject): EventFilter {
  const extractor = extractorMember(agent)
  return testing((event) => {
    if (event.id !== UPDATE) return false
    const before = extractor.extract(entryOf(event, event.oldValue))
    return !javaEquals(before, extractor.extract(entryOf(event, event.newValue)))
  })
}

function inKeySet(agent: JavaObject): EventFilter {
  const keys = new Set((listMember(agent, 'keys') ?? []).map(identityText))
  return testing((event) => keys.has(identityText(event.key)))
}

function composed(agent: JavaObject, holds: (results: readonly boolean[]) => boolean): EventFilter {
  const parts = memberEvaluators(EVERY_FILTER, agent, 'filters') ?? []
  return testing((event) => holds(parts.map((part) => part.evaluate(event) !== undefined)))
}

function isTrue(value: boolean): boolean {
  return value
}

/** Accepts what the inner filter accepts, and changes it. */
function transforming(agent: JavaObject): EventFilter {
  const filter = eventFilterMember(agent)
  const transform = transformerOf(member(agent, 'transformer'))
  return {
    evaluate: (event) =>
      filter === undefined || filter.evaluate(event) !== undefined ? transform(event) : undefined,
  }
}

const TRANSFORMERS: Table<(event: CacheEvent) => CacheEvent | undefined> = {
  'util.transformer.ExtractorEventTransformer': extracting,
  'transformer.ExtractorEventTransformer': extracting,
}

function transformerOf(agent: JavaValue): (event: CacheEvent) => CacheEvent | undefined {
  if (agent === null) return (event) => event
  return evaluatorOf(TRANSFORMERS, 'com.tangosol.util.MapEventTransformer', agent)
}

/** Without an extractor a value is left out. */
function extracting(agent: JavaObject): (event: CacheEvent) => CacheEvent {
  const [oldExtractor, newExtractor] = ['extractorOld', 'extractorNew'].map((name) => {
    const extractor = member(agent, name)
    return extractor === null ? undefined : toExtractor(extractor)
  })
  return ({ id, key, oldValue, newValue, synthetic, expired }) => ({
    id,
    key,
    oldValue: oldExtractor?.extractFrom(oldValue) ?? null,
    newValue: newExtractor?.extractFrom(newValue) ?? null,
    synthetic,
    expired,
  })
}
