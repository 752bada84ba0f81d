// The members of the classes of values that servers know: their order, their types and what is there if one is missing.
import { wallClock } from '../../async/real-time'
import { JavaCharacter, JavaDouble, JavaObject, type JavaValue } from './java-value'
import { RefusedValue } from './known-values'

type Members = ReadonlyMap<string, JavaValue>
/** Converts a member, or returns its default for `undefined`. A member that is `undefined` or null is not there. */
type Field = (value: JavaValue | undefined) => JavaValue | undefined

interface ValueClass {
  readonly fields: Readonly<Record<string, Field>>
  /** Whether members of other names are refused. They are ignored otherwise. */
  readonly isStrict?: boolean
  readonly check?: (members: Members) => boolean
}

const LARGEST_INTEGER = 2 ** 31 - 1
const LARGEST_LONG = 2n ** 63n - 1n

const asIs: Field = (value) => value
const text: Field = (value) => (typeof value === 'string' || value === undefined ? value : refuse())

function refuse(): never {
  throw new RefusedValue()
}

function wholeNumber(value: JavaValue): bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value)
  if (value instanceof JavaDouble && Number.isFinite(value.value)) return BigInt(Math.trunc(value.value))
  const digits = value instanceof JavaCharacter ? value.value : value
  return typeof digits === 'string' && /^[+-]?\d+$/.test(digits) ? BigInt(digits) : refuse()
}

function integer(
  missing: () => number | undefined,
  low = -LARGEST_INTEGER - 1,
  high = LARGEST_INTEGER,
): Field {
  return (value) => {
    if (value === undefined) return missing()
    const number = Number(wholeNumber(value))
    return number >= low && number <= high ? number : refuse()
  }
}

/** A Java long, which is printed as one whatever its size. */
function long(missing: () => number | undefined): Field {
  return (value) => {
    if (value === undefined) return missing()
    const number = wholeNumber(value)
    if (number > LARGEST_LONG || number < -LARGEST_LONG - 1n) return refuse()
    return number === BigInt(Number(number) | 0) ? Number(number) : number
  }
}

const double: Field = (value) => {
  if (value === undefined) return undefined
  if (typeof value === 'number' || typeof value === 'bigint') return new JavaDouble(Number(value))
  return value instanceof JavaDouble ? value : refuse()
}

const floats: Field = (value) => {
  if (value === undefined) return []
  if (!Array.isArray(value)) return refuse()
  return value.map((element: JavaValue) => {
    const number = double(element)
    return number instanceof JavaDouble ? new JavaDouble(Math.fround(number.value)) : refuse()
  })
}

/** A hexadecimal text of bytes, without zeros at the end. */
const bits: Field = (value) => {
  if (value === undefined) return '0x'
  if (typeof value !== 'string' || !/^0x(?:[\da-fA-F]{2})*$/.test(value)) return refuse()
  return value.toLowerCase().replace(/(?<=^0x(?:..)*)(?:00)+$/, '')
}

const zero = integer(() => 0)
const now = (part: (now: Date) => number) => () => part(new Date(wallClock()))

const DATE = {
  year: integer(
    now((date) => date.getUTCFullYear()),
    -999_999_999,
    999_999_999,
  ),
  month: integer(
    now((date) => date.getUTCMonth() + 1),
    1,
    12,
  ),
  day: integer(
    now((date) => date.getUTCDate()),
    1,
    31,
  ),
}
const TIME = {
  hour: integer(
    now((date) => date.getUTCHours()),
    0,
    23,
  ),
  minute: integer(
    now((date) => date.getUTCMinutes()),
    0,
    59,
  ),
  second: integer(
    now((date) => date.getUTCSeconds()),
    0,
    59,
  ),
  nano: integer(
    now((date) => date.getUTCMilliseconds() * 1_000_000),
    0,
    999_999_999,
  ),
}

function isDay(members: Members): boolean {
  const year = Number(members.get('year') ?? 2000)
  const month = Number(members.get('month'))
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return Number(members.get('day')) <= days
}

const offset = { offsetSeconds: integer(() => 0, -64_800, 64_800) }

const CLASSES: Readonly<Record<string, ValueClass>> = {
  'java.time.LocalDate': { fields: DATE, isStrict: true, check: isDay },
  'java.time.LocalTime': { fields: TIME, isStrict: true },
  'java.time.LocalDateTime': { fields: { ...DATE, ...TIME }, isStrict: true, check: isDay },
  'java.time.ZonedDateTime': {
    fields: { ...DATE, ...TIME, zoneId: (value) => text(value) ?? 'Etc/UTC' },
    isStrict: true,
    check: isDay,
  },
  'java.time.OffsetDateTime': { fields: { ...DATE, ...TIME, ...offset }, isStrict: true, check: isDay },
  'java.time.OffsetTime': { fields: { ...TIME, ...offset }, isStrict: true },
  'java.time.Instant': {
    fields: { second: long(now((date) => Math.floor(date.getTime() / 1000))), nano: TIME.nano },
    isStrict: true,
  },
  'java.time.Year': { fields: { year: DATE.year }, isStrict: true },
  'java.time.YearMonth': { fields: { year: DATE.year, month: DATE.month }, isStrict: true },
  'java.time.MonthDay': { fields: { month: DATE.month, day: DATE.day }, isStrict: true, check: isDay },
  'java.time.Duration': { fields: { seconds: long(() => 0), nanos: integer(() => 0, 0, 999_999_999) } },
  'java.time.Period': { fields: { years: zero, months: zero, days: zero } },
  'java.util.Optional': { fields: { value: (value) => (value === null ? refuse() : value) } },
  'java.util.OptionalInt': { fields: { value: integer(() => undefined) } },
  'java.util.OptionalLong': { fields: { value: long(() => undefined) } },
  'java.util.OptionalDouble': { fields: { value: double } },
  'common.base.SimpleHolder': { fields: { value: asIs } },
  'util.CompositeKey': { fields: { primary: asIs, secondary: asIs } },
  'util.UID': { fields: { address: zero, count: zero, dateTime: long(() => 0) } },
  'ai.Float32Vector': { fields: { array: floats } },
  'ai.Int8Vector': { fields: { array: (value) => text(value) ?? '' } },
  'ai.BitVector': { fields: { bits } },
  'ai.DocumentChunk$Id': { fields: { docId: text, index: zero } },
  'ai.results.QueryResult': { fields: { distance: (value) => double(value ?? 0), key: asIs, value: asIs } },
  'net.partition.PartitionSet': {
    fields: {
      bits: (value) => value ?? [],
      markedCount: zero,
      partitionCount: zero,
      tailMask: long(() => -1),
    },
  },
  'net.partition.SimplePartitionKey': { fields: { partition: zero } },
}

const DAYS = 'MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY'
const MONTHS = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'
const UNITS = 'NANOSECONDS MICROSECONDS MILLISECONDS SECONDS MINUTES HOURS DAYS'
const ENUMS: Readonly<Record<string, ReadonlySet<string>>> = {
  'java.time.DayOfWeek': new Set(DAYS.split(' ')),
  'java.time.Month': new Set(MONTHS.split(' ')),
  'java.util.concurrent.TimeUnit': new Set(UNITS.split(' ')),
  'aggregator.QueryRecorder.RecordType': new Set(['EXPLAIN', 'TRACE']),
}

export function isValueClass(className: string): boolean {
  return className in CLASSES || className in ENUMS
}

/** An object of a class of values. */
export function valueObject(className: string, members: Members): JavaObject {
  const names = ENUMS[className]
  if (names !== undefined) return enumConstant(className, names, members)
  const valueClass = CLASSES[className] ?? refuse()
  if (valueClass.isStrict === true && [...members.keys()].some((name) => !(name in valueClass.fields)))
    refuse()
  const converted = new Map<string, JavaValue>()
  for (const [name, field] of Object.entries(valueClass.fields)) {
    const value = field(members.get(name)) ?? null
    if (value !== null) converted.set(name, value)
  }
  if (valueClass.check?.(converted) === false) refuse()
  return new JavaObject(className, converted)
}

function enumConstant(className: string, names: ReadonlySet<string>, members: Members): JavaObject {
  const name = members.get('enum')
  if (typeof name !== 'string' || !names.has(name)) return refuse()
  return new JavaObject(className, new Map([['enum', name]]))
}
