// compareTo() of Java values.
import { castFailure, classNameOf } from './class-names'
import { compareDecimals } from './decimals'
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import { JavaBigDecimal, JavaBigInteger, JavaCharacter, JavaDouble, JavaObject } from './java-value'

/** What the JVM says where a value is compared with null. */
const COMPARED_WITH_NULL: Readonly<Record<string, string>> = {
  'java.lang.Integer': 'Cannot read field "value" because "anotherInteger" is null',
  'java.lang.Long': 'Cannot read field "value" because "anotherLong" is null',
  'java.lang.Double': 'Cannot read field "value" because "anotherDouble" is null',
  'java.lang.String': 'Cannot read field "value" because "anotherString" is null',
  'java.lang.Boolean': 'Cannot read field "value" because "b" is null',
  'java.lang.Character': 'Cannot read field "value" because "anotherCharacter" is null',
  'java.math.BigInteger': 'Cannot read field "signum" because "val" is null',
  'java.math.BigDecimal': 'Cannot read field "scale" because "val" is null',
  'java.time.LocalDate':
    'Cannot invoke "java.time.chrono.ChronoLocalDate.toEpochDay()" because "other" is null',
  'java.time.Instant': 'Cannot read field "seconds" because "otherInstant" is null',
  'java.time.Duration': 'Cannot read field "seconds" because "otherDuration" is null',
}

/** The class that a value is cast to where that is not the class of the other. */
const COMPARED_AS: Readonly<Record<string, string>> = {
  'java.time.LocalDate': 'java.time.chrono.ChronoLocalDate',
  'java.time.LocalDateTime': 'java.time.chrono.ChronoLocalDateTime',
}

/** The members by which objects with an order of their own are compared, the first ones first. */
const COMPARED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'java.time.LocalDate': ['year', 'month', 'day'],
  'java.time.LocalTime': ['hour', 'minute', 'second', 'nano'],
  'java.time.LocalDateTime': ['year', 'month', 'day', 'hour', 'minute', 'second', 'nano'],
  'java.time.Instant': ['second', 'nano'],
  'java.time.Duration': ['seconds', 'nanos'],
  'java.time.Year': ['year'],
  'java.time.YearMonth': ['year', 'month'],
  'java.time.MonthDay': ['month', 'day'],
}

/**
 * `a.compareTo(b)`: less than 0, 0 or more than 0.
 *
 * @throws {JavaException} `a` cannot be compared, or not with `b`.
 */
export function javaCompare(a: JavaValue, b: JavaValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b)
  if (a instanceof JavaDouble && b instanceof JavaDouble) return compareDoubles(a.value, b.value)
  const order = orderOfEqualClasses(a, b)
  if (order !== undefined) return order
  throw failure(a, b)
}

function orderOfEqualClasses(a: JavaValue, b: JavaValue): number | undefined {
  if (typeof a === 'bigint' && typeof b === 'bigint') return order(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof JavaCharacter && b instanceof JavaCharacter) return compareStrings(a.value, b.value)
  if (a instanceof JavaBigInteger && b instanceof JavaBigInteger) return order(a.value, b.value)
  if (a instanceof JavaBigDecimal && b instanceof JavaBigDecimal) return compareDecimals(a, b)
  if (a instanceof JavaObject && b instanceof JavaObject && a.className === b.className) {
    return compareObjects(a, b)
  }
  return undefined
}

function compareObjects(a: JavaObject, b: JavaObject): number | undefined {
  const names = COMPARED_MEMBERS[a.className]
  if (names === undefined) return undefined
  for (const name of names) {
    const difference = Number(a.members.get(name) ?? 0) - Number(b.members.get(name) ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

/** By UTF-16 code units; the order of JavaScript's operators is the same. */
function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** -0.0 is below 0.0, and NaN is above all. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1
  return Object.is(a, -0) ? -1 : 1
}

function failure(a: JavaValue, b: JavaValue): JavaException {
  if (a === null) return new JavaException('java.lang.NullPointerException', null)
  const className = classNameOf(a)
  const textForNull = COMPARED_WITH_NULL[className]
  if (textForNull === undefined && !(className in COMPARED_MEMBERS)) {
    return castFailure(className, 'java.lang.Comparable')
  }
  if (b === null) return new JavaException('java.lang.NullPointerException', textForNull ?? null)
  return castFailure(classNameOf(b), COMPARED_AS[className] ?? className)
}
