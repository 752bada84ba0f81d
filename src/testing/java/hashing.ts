// hashCode() of Java values, and the order in which a HashMap has its entries, which follows from it.
import { javaEquals } from './equality'
import type { JavaValue } from './java-value'
import { JavaBigDecimal, JavaBigInteger, JavaCharacter, JavaDouble, JavaMap, JsonObject } from './java-value'

export type JavaEntry = readonly [key: JavaValue, value: JavaValue]

const BITS = new DataView(new ArrayBuffer(8))
const WORD_MASK = 0xffff_ffffn
const SMALLEST_TABLE = 16
const LOAD_FACTOR = 0.75

/** `Objects.hashCode`. The hash of an object without one of its own is 0 here. */
export function javaHashCode(value: JavaValue): number {
  if (typeof value === 'string') return hashOfString(value)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1231 : 1237
  if (typeof value === 'bigint') return hashOfLong(value)
  return value === null ? 0 : hashOfObject(value)
}

function hashOfObject(value: JavaValue & object): number {
  if (value instanceof JavaDouble) return hashOfDouble(value.value)
  if (value instanceof JavaBigInteger) return hashOfBigInteger(value.value)
  if (value instanceof JavaBigDecimal) return hashOfDecimal(value)
  if (value instanceof JavaCharacter) return value.value.charCodeAt(0)
  if (value instanceof JsonObject) return hashOfJsonObject(value)
  if (value instanceof JavaMap) return hashOfEntries(value.entries)
  if (!Array.isArray(value)) return 0
  return value.reduce<number>((hash, element: JavaValue) => next(hash, javaHashCode(element)), 1)
}

/** The entries of a HashMap that they are put into one after the other. */
export function inHashOrder(entries: readonly JavaEntry[]): JavaEntry[] {
  return inBuckets(entries, tableSize(entries.length / LOAD_FACTOR))
}

/** The entries of a HashMap that has been stored and read again, which may have a larger table. */
export function inStoredHashOrder(entries: readonly JavaEntry[]): JavaEntry[] {
  return inBuckets(inHashOrder(entries), tableSize(Math.floor(entries.length / LOAD_FACTOR + 1)))
}

function inBuckets(entries: readonly JavaEntry[], size: number): JavaEntry[] {
  const bucketOf = (key: JavaValue): number => {
    const hash = javaHashCode(key)
    return (hash ^ (hash >>> 16)) & (size - 1)
  }
  return entries
    .map((entry) => ({ entry, bucket: bucketOf(entry[0]) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry)
}

/** The entries of a map that they are put into one after the other; a key keeps its first place. */
export function withoutDuplicates(entries: readonly JavaEntry[]): JavaEntry[] {
  const unique: JavaEntry[] = []
  const byHash = new Map<number, number[]>()
  for (const [key, value] of entries) {
    const same = byHash.get(javaHashCode(key)) ?? []
    byHash.set(javaHashCode(key), same)
    const index = same.find((at) => javaEquals(unique[at]?.[0] ?? null, key))
    if (index === undefined) same.push(unique.push([key, value]) - 1)
    else unique[index] = [unique[index]?.[0] ?? null, value]
  }
  return unique
}

/** The smallest power of two that is not below `least`. */
function tableSize(least: number): number {
  let size = SMALLEST_TABLE
  while (size < least) size *= 2
  return size
}

function next(hash: number, hashOfElement: number): number {
  return (Math.imul(31, hash) + hashOfElement) | 0
}

function hashOfString(string: string): number {
  let hash = 0
  for (let index = 0; index < string.length; index++) hash = next(hash, string.charCodeAt(index))
  return hash
}

function hashOfDouble(double: number): number {
  BITS.setFloat64(0, double)
  return BITS.getInt32(0) ^ BITS.getInt32(4)
}

function hashOfLong(long: bigint): number {
  BITS.setBigInt64(0, long)
  return BITS.getInt32(0) ^ BITS.getInt32(4)
}

function hashOfBigInteger(integer: bigint): number {
  const words: number[] = []
  for (let left = integer < 0n ? -integer : integer; left > 0n; left >>= 32n)
    words.push(Number(left & WORD_MASK))
  const hash = words.reduceRight(next, 0)
  return integer < 0n ? -hash | 0 : hash
}

/** A BigDecimal hashes all digits that fit in a long in the same way as a BigInteger of them. */
function hashOfDecimal({ unscaled, scale }: JavaBigDecimal): number {
  return next(hashOfBigInteger(unscaled), scale)
}

function hashOfJsonObject({ members, version }: JsonObject): number {
  return next(next(1, hashOfEntries(members)), version)
}

function hashOfEntries(entries: Iterable<JavaEntry>): number {
  let sum = 0
  for (const [key, value] of entries) sum = (sum + (javaHashCode(key) ^ javaHashCode(value))) | 0
  return sum
}
