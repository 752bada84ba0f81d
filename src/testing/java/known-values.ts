// Makes the Java objects of JSON that names a class, where the class is one of values and not of queries.
import { parseDecimal } from './decimals'
import { doubleText } from './double-text'
import { inHashOrder, inStoredHashOrder, withoutDuplicates, type JavaEntry } from './hashing'
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaCharacter,
  JavaDouble,
  JavaMap,
  JavaObject,
  JsonObject,
} from './java-value'
import { javaCompare } from './ordering'

type Members = ReadonlyMap<string, JavaValue>
export type Metadata = ReadonlyMap<string, string | number | bigint | boolean>

/** Thrown where the server cannot make an object of the class. */
export class RefusedValue extends Error {
  override readonly name = 'RefusedValue'
}

/** The JsonObjects of texts that said `"@ordered": true`, which matters where a map is expected. */
const orderedObjects = new WeakSet<JsonObject>()

export function markOrdered(object: JsonObject): void {
  orderedObjects.add(object)
}

/** A `java.math.BigInteger` or `BigDecimal`. Members of other names may only be scalars. */
export function bigNumber(className: string, members: Members): JavaBigInteger | JavaBigDecimal {
  for (const [name, value] of members) {
    if (name !== 'value' && typeof value === 'object' && value !== null && !isScalar(value))
      throw new RefusedValue()
  }
  const value = members.get('value') ?? null
  return className.endsWith('BigInt') || className.endsWith('BigInteger')
    ? bigInteger(value)
    : bigDecimal(value)
}

function isScalar(value: JavaValue): boolean {
  return value instanceof JavaDouble || value instanceof JavaCharacter
}

function bigInteger(value: JavaValue): JavaBigInteger {
  if (typeof value === 'number' || typeof value === 'bigint') return new JavaBigInteger(BigInt(value))
  const text = textOf(value)
  if (!/^[+-]?\d+$/.test(text)) throw new RefusedValue()
  return new JavaBigInteger(BigInt(text.startsWith('+') ? text.slice(1) : text))
}

function bigDecimal(value: JavaValue): JavaBigDecimal {
  if (typeof value === 'number' || typeof value === 'bigint') return new JavaBigDecimal(BigInt(value), 0)
  try {
    return parseDecimal(value instanceof JavaDouble ? doubleText(value.value) : textOf(value))
  } catch (error) {
    if (error instanceof JavaException) throw new RefusedValue()
    throw error
  }
}

function textOf(value: JavaValue): string {
  if (typeof value === 'string') return value.trim()
  if (value instanceof JavaCharacter) return value.value.trim()
  throw new RefusedValue()
}

/** The maps that the server can make; other classes of maps become a HashMap, or what the metadata asks for. */
const MAPS = new Set([
  'java.util.HashMap',
  'java.util.LinkedHashMap',
  'java.util.TreeMap',
  'java.util.Hashtable',
  'java.util.concurrent.ConcurrentHashMap',
  'java.util.concurrent.ConcurrentSkipListMap',
  'util.LiteMap',
])
const OTHER_MAPS = new Set([
  'java.util.Map',
  'java.util.AbstractMap',
  'java.util.NavigableMap',
  'java.util.SortedMap',
  'java.util.concurrent.ConcurrentMap',
  'java.util.concurrent.ConcurrentNavigableMap',
])
const WITHOUT_NULL = new Set([
  'java.util.Hashtable',
  'java.util.concurrent.ConcurrentHashMap',
  'java.util.concurrent.ConcurrentSkipListMap',
])
/** The most entries that a LiteMap has in the order in which they came. */
const LITE_ENTRIES = 8

export function isMapClass(className: string): boolean {
  return MAPS.has(className) || OTHER_MAPS.has(className)
}

/** A map, whose only member has to be the list of its entries. A member of another name makes it empty. */
export function javaMap(className: string, members: Members, metadata: Metadata): JavaMap {
  const [member] = members
  if (member === undefined || members.size > 1) throw new RefusedValue()
  const byFlags = mapByFlags(metadata)
  const name = MAPS.has(className) ? className : byFlags
  if (member[0] === 'entries') return new JavaMap(name, inOrder(name, entriesOf(member[1])))
  const isRefused = typeof member[1] === 'object' && member[1] !== null && !isScalar(member[1])
  if (isRefused) throw new RefusedValue()
  return new JavaMap(name, [])
}

function mapByFlags(metadata: Metadata): string {
  const flag = (name: string): boolean => {
    const value = metadata.get(name) ?? false
    if (typeof value !== 'boolean') throw new RefusedValue()
    return value
  }
  if (flag('sorted')) return 'java.util.TreeMap'
  return flag('ordered') ? 'java.util.LinkedHashMap' : 'java.util.HashMap'
}

function entriesOf(list: JavaValue): JavaEntry[] {
  if (!Array.isArray(list)) throw new RefusedValue()
  return list.map((entry: JavaValue): JavaEntry => {
    if (!(entry instanceof JsonObject)) throw new RefusedValue()
    return [entry.members.get('key') ?? null, entry.members.get('value') ?? null]
  })
}

/** The entries in the order in which a map of the class has them. */
function inOrder(className: string, all: readonly JavaEntry[]): readonly JavaEntry[] {
  const entries = withoutDuplicates(all)
  if (WITHOUT_NULL.has(className) && entries.flat().includes(null)) throw new RefusedValue()
  if (className === 'java.util.TreeMap' || className === 'java.util.concurrent.ConcurrentSkipListMap') {
    return sorted(entries)
  }
  if (className === 'java.util.LinkedHashMap') return entries
  if (className === 'util.LiteMap') return entries.length <= LITE_ENTRIES ? entries : inHashOrder(entries)
  return inStoredHashOrder(entries)
}

/** The first key of a map is compared with itself. */
function sorted(entries: readonly JavaEntry[]): readonly JavaEntry[] {
  try {
    const [first] = entries
    if (first !== undefined) javaCompare(first[0], first[0])
    return [...entries].sort(([a], [b]) => javaCompare(a, b))
  } catch (error) {
    if (error instanceof JavaException) throw new RefusedValue()
    throw error
  }
}

/** A map in a place where the server expects one, so that its text names no class. */
function expectedMap(value: JavaValue): JavaMap {
  if (value instanceof JavaMap) return new JavaMap('java.util.LinkedHashMap', value.entries)
  if (!(value instanceof JsonObject)) {
    throw new JavaException(
      'java.lang.NullPointerException',
      'Cannot invoke "java.util.Map.size()" because "map" is null',
    )
  }
  const entries = withoutDuplicates(entriesOf(value.members.get('entries') ?? []))
  return new JavaMap('java.util.LinkedHashMap', orderedObjects.has(value) ? entries : inHashOrder(entries))
}

/** A chunk of a document, as it is after it has been stored. */
export function documentChunk(members: Members): JavaObject {
  const chunk = new Map<string, JavaValue>([
    ['dataVersion', 0],
    ['metadata', expectedMap(members.get('metadata') ?? null)],
  ])
  for (const name of ['text', 'vector']) {
    const value = members.get(name) ?? null
    if (value !== null) chunk.set(name, value)
  }
  return new JavaObject('ai.DocumentChunk', chunk)
}
