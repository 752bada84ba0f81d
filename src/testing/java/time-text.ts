// toString() of the classes of java.time.
import type { JavaValue } from './java-value'

type Members = ReadonlyMap<string, JavaValue>

const SECONDS_OF_HOUR = 3600
const SECONDS_OF_MINUTE = 60
const NANOS_OF_SECOND = 1_000_000_000

/** `undefined` for classes that are not of `java.time`. */
export function timeText(className: string, members: Members): string | undefined {
  switch (className) {
    case 'java.time.LocalDate':
      return date(members)
    case 'java.time.LocalTime':
      return time(members)
    case 'java.time.LocalDateTime':
      return `${date(members)}T${time(members)}`
    case 'java.time.Instant':
      return instant(members)
    case 'java.time.Year':
      return String(numberOf(members, 'year'))
    case 'java.time.YearMonth':
      return `${padded(members, 'year', 4)}-${padded(members, 'month', 2)}`
    case 'java.time.MonthDay':
      return `--${padded(members, 'month', 2)}-${padded(members, 'day', 2)}`
    case 'java.time.Duration':
      return duration(numberOf(members, 'seconds'), numberOf(members, 'nanos'))
    case 'java.time.Period':
      return period(members)
  }
  return undefined
}

function numberOf(members: Members, name: string): number {
  return Number(members.get(name) ?? 0)
}

function duration(seconds: number, nanos: number): string {
  if (seconds === 0 && nanos === 0) return 'PT0S'
  // The parts of a negative duration are all negative, but nanos are not.
  const whole = seconds < 0 && nanos > 0 ? seconds + 1 : seconds
  const hours = Math.trunc(whole / SECONDS_OF_HOUR)
  const minutes = Math.trunc((whole % SECONDS_OF_HOUR) / SECONDS_OF_MINUTE)
  const left = whole % SECONDS_OF_MINUTE
  let text = 'PT'
  if (hours !== 0) text += `${hours}H`
  if (minutes !== 0) text += `${minutes}M`
  if (left === 0 && nanos === 0) return text
  const sign = left === 0 && seconds < 0 && nanos > 0 ? '-' : ''
  const fraction = seconds < 0 && nanos > 0 ? NANOS_OF_SECOND - nanos : nanos
  const digits = nanos === 0 ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`
  return `${text}${sign}${left === 0 ? 0 : left}${digits}S`
}

function period(members: Members): string {
  const parts = [
    ['years', 'Y'],
    ['months', 'M'],
    ['days', 'D'],
  ] as const
  const texts = parts.map(([name, unit]) => {
    const number = numberOf(members, name)
    return number === 0 ? '' : `${number}${unit}`
  })
  return `P${texts.join('') || '0D'}`
}

function padded(members: Members, name: string, length: number): string {
  const number = Number(members.get(name) ?? 0)
  const digits = String(Math.abs(number)).padStart(length, '0')
  if (number < 0) return `-${digits}`
  return digits.length > 4 ? `+${digits}` : digits
}

function date(members: Members): string {
  return [padded(members, 'year', 4), padded(members, 'month', 2), padded(members, 'day', 2)].join('-')
}

/** Leaves out seconds and parts of a second that are zero. */
function time(members: Members): string {
  const second = Number(members.get('second') ?? 0)
  const nano = Number(members.get('nano') ?? 0)
  const minutes = `${padded(members, 'hour', 2)}:${padded(members, 'minute', 2)}`
  return second === 0 && nano === 0 ? minutes : `${minutes}:${padded(members, 'second', 2)}${fraction(nano)}`
}

function fraction(nano: number): string {
  if (nano === 0) return ''
  const digits = String(nano).padStart(9, '0')
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`
  return digits.endsWith('000') ? `.${digits.slice(0, 6)}` : `.${digits}`
}

function instant(members: Members): string {
  const seconds = Number(members.get('second') ?? 0)
  const moment = new Date(seconds * 1000)
  if (Number.isNaN(moment.getTime())) return String(seconds)
  return `${moment.toISOString().slice(0, -5)}${fraction(Number(members.get('nano') ?? 0))}Z`
}
