// What the evaluators share: the tables that name the classes, and how the members of an agent are read. An agent is a
// filter, an extractor or another object that a client sends for the server to run.
//
// What the server cannot read fails when the agent is made; what it can read but not run fails when it runs.
import { castFailure as castFailureOf, classNameOf } from '../java/class-names'
import { JavaException } from '../java/java-exception'
import { JavaCharacter, JavaDouble, JavaMap, JavaObject, type JavaValue } from '../java/java-value'

/** The evaluators of one family, by the names of the classes without `util.` in front. */
export type Table<T> = Readonly<Record<string, (agent: JavaObject) => T>>

/** What a client sees where the server cannot read what it sent. */
export function unreadable(): JavaException {
  return new JavaException(
    'com.oracle.coherence.io.json.genson.JsonBindingException',
    'Could not deserialize to type class java.lang.Object',
  )
}

export function castFailure(value: JavaValue, wanted: string): JavaException {
  return castFailureOf(classNameOf(value), wanted)
}

export function nullPointer(text: string): JavaException {
  return new JavaException('java.lang.NullPointerException', text)
}

/** Makes the evaluator of an agent that stands alone; `wanted` is what the server casts it to. */
export function evaluatorOf<T>(table: Table<T>, wanted: string, agent: JavaValue): T {
  const make = agent instanceof JavaObject ? ownEntry(table, agent.className) : undefined
  if (make === undefined) throw castFailure(agent, wanted)
  return make(agent as JavaObject)
}

/** Makes the evaluator of an agent that is a member of another; `undefined` where it is missing or null. */
export function memberEvaluator<T>(table: Table<T>, agent: JavaObject, name: string): T | undefined {
  const member = agent.members.get(name) ?? null
  return member === null ? undefined : nestedEvaluator(table, member)
}

/** Makes the evaluators of a list of agents; `undefined` where the list is missing or null. */
export function memberEvaluators<T>(
  table: Table<T>,
  agent: JavaObject,
  name: string,
): readonly T[] | undefined {
  return listMember(agent, name)?.map((member) => nestedEvaluator(table, member))
}

export function member(agent: JavaObject, name: string): JavaValue {
  return agent.members.get(name) ?? null
}

export function textMember(agent: JavaObject, name: string): string | null {
  const value = member(agent, name)
  if (value === null || typeof value === 'string') return value
  if (value instanceof JavaCharacter) return value.value
  throw unreadable()
}

export function booleanMember(agent: JavaObject, name: string, fallback = false): boolean {
  const value = agent.members.get(name)
  if (value === undefined) return fallback
  if (value === null) return false
  if (typeof value === 'boolean') return value
  throw unreadable()
}

/** A member of the type `int` or `long`. */
export function integerMember(agent: JavaObject, name: string, fallback = 0): number {
  const value = agent.members.get(name)
  if (value === undefined) return fallback
  if (value === null) return 0
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof JavaDouble) return Math.trunc(value.value)
  throw unreadable()
}

export function listMember(agent: JavaObject, name: string): readonly JavaValue[] | undefined {
  const value = member(agent, name)
  if (value === null) return undefined
  if (isList(value)) return value
  throw unreadable()
}

/** A member of the type `java.util.Map`; the server reads anything else as an empty map. */
export function mapMember(agent: JavaObject, name: string): JavaMap['entries'] {
  const value = member(agent, name)
  if (value instanceof JavaMap) return value.entries
  const entries =
    value !== null && typeof value === 'object' && 'members' in value ? value.members.get('entries') : null
  return isList(entries ?? null) ? (entries as readonly JavaValue[]).map(entryOf) : []
}

export function isList(value: JavaValue): value is readonly JavaValue[] {
  return Array.isArray(value)
}

function entryOf(value: JavaValue): readonly [JavaValue, JavaValue] {
  if (value === null || typeof value !== 'object' || !('members' in value)) throw unreadable()
  return [value.members.get('key') ?? null, value.members.get('value') ?? null]
}

function nestedEvaluator<T>(table: Table<T>, agent: JavaValue): T {
  const make = agent instanceof JavaObject ? ownEntry(table, agent.className) : undefined
  if (make === undefined) throw unreadable()
  return make(agent as JavaObject)
}

function ownEntry<T>(table: Table<T>, className: string): ((agent: JavaObject) => T) | undefined {
  return Object.hasOwn(table, className) ? table[className] : undefined
}
