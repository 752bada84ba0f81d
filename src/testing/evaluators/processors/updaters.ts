// Updaters change something within a value, and manipulators read it as well. Values never change in place: an update
// makes a new value.
import { JavaException } from '../../java/java-exception'
import { JavaMap, JsonObject, type JavaObject, type JavaValue } from '../../java/java-value'
import { booleanMember, memberEvaluator, nullPointer, textMember, unreadable, type Table } from '../agents'
import type { Entry } from '../entry'
import { extractorMember } from '../extractors'
import { invoke, missingMethod } from '../invocation'
import { JSON_OBJECT_METHODS } from '../methods/collection-methods'
import { mapView } from '../methods/map-view'
import { findMethod } from '../methods/method'
import { withReplaced } from './replacement'

/** Returns what `target` becomes. */
export type Updater = (target: JavaValue, value: JavaValue) => JavaValue

export interface Manipulator {
  read(entry: Entry): JavaValue
  readonly update: Updater
}

const SETTER = /^set(.)(.*)\(\)$/s
const METHOD_SUFFIX = '()'

const UPDATERS: Table<Updater> = {
  'extractor.UniversalUpdater': universal,
  'extractor.CompositeUpdater': composite,
}

const MANIPULATORS: Table<Manipulator> = {
  'extractor.CompositeUpdater': (agent) => {
    const extractor = extractorMember(agent)
    const update = updaterMember(agent) ?? missing
    // The updater alone is asked for the change: it starts from the whole value, not from what is extracted.
    return { read: (entry) => extractor.extract(entry), update }
  },
  'processor.PropertyManipulator': property,
}

export function updaterMember(agent: JavaObject): Updater | undefined {
  return memberEvaluator(UPDATERS, agent, 'updater')
}

export function manipulatorMember(agent: JavaObject): Manipulator | undefined {
  return memberEvaluator(MANIPULATORS, agent, 'manipulator')
}

/** Calls the method or setter of the name where there is one, else puts into the map. */
function universal(agent: JavaObject): Updater {
  const name = textMember(agent, 'name')
  if (name === null) throw unreadable()
  const [, first, rest] = SETTER.exec(name) ?? []
  const canonical = first === undefined ? name : first.toLowerCase() + (rest ?? '')
  const setter = `set${canonical.slice(0, 1).toUpperCase()}${canonical.slice(1)}`
  const candidates = name.endsWith(METHOD_SUFFIX) ? [name.slice(0, -METHOD_SUFFIX.length), setter] : [setter]
  return (target, value) => {
    if (target === null) {
      throw new JavaException(
        'java.lang.IllegalArgumentException',
        `Target object is missing for the Updater: ${canonical}`,
      )
    }
    const found = candidates.find((candidate) => isSetter(target, candidate, value))
    if (found !== undefined) return invoke(target, found, [value], `#${name}`).target
    if (target instanceof JsonObject || target instanceof JavaMap)
      return mapView(target).with(canonical, value)
    throw missingMethod(target, `#${name}`)
  }
}

/** Updates what an extractor leads to. */
function composite(agent: JavaObject): Updater {
  const extractor = extractorMember(agent)
  const update = updaterMember(agent) ?? missing
  return (target, value) => {
    const extracted = extractor.extractFrom(target)
    return withReplaced(target, extracted, update(extracted, value))
  }
}

function property(agent: JavaObject): Manipulator {
  const name = textMember(agent, 'name') ?? 'null'
  const getter = (booleanMember(agent, 'useIsPrefix') ? 'is' : 'get') + name
  const setter = `set${name}`
  return {
    read: ({ value }) => (value === null ? null : invoke(value, getter, [], `.${getter}()`).result),
    update: (target, value) => invoke(target, setter, [value], `.${setter}()`).target,
  }
}

function isSetter(target: JavaValue, name: string, value: JavaValue): boolean {
  return target instanceof JsonObject && findMethod(JSON_OBJECT_METHODS, name, [value]) !== undefined
}

function missing(): never {
  throw nullPointer(
    'Cannot invoke "com.tangosol.util.ValueUpdater.update(Object, Object)" because "updater" is null',
  )
}
