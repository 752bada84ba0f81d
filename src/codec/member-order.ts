// Decides the order in which the members of an object are written. At the start of an object, the server reads names
// that begin with an at sign as metadata: `@class` is the Java class, `@version` a version. It drops those it does not
// know.
import type { CodecRole } from './codec'

/** A member to write: its original value, and the JSON text of its name and value. */
export interface Member {
  readonly name: string
  readonly value: unknown
  readonly text: string
}

const LARGEST_VERSION = 2 ** 31 - 1
const ARRAY_INDEX = /^(?:0|[1-9]\d{0,9})$/
const LARGEST_INDEX = 2 ** 32 - 2

/**
 * Returns the members in the order in which they are written.
 *
 * The members of keys are sorted, because the server compares keys as bytes. Other objects keep their order, except
 * that metadata goes before the names that JavaScript itself moves to the front.
 */
export function writingOrder(members: readonly Member[], role: CodecRole): readonly Member[] {
  const isMetadata = (member: Member): boolean => isKnownMetadata(member, members, role)
  if (role !== 'key') {
    const start = members.findIndex(({ name }) => !isArrayIndex(name))
    if (start <= 0) return members
    const end = members.findIndex((member, index) => index >= start && !isMetadata(member))
    const metadata = members.slice(start, end === -1 ? undefined : end)
    return [...metadata, ...members.filter((member) => !metadata.includes(member))]
  }
  if (!members.some(({ name }) => name.startsWith('@'))) return [...members].sort(byName)
  const rank = (member: Member): number => {
    if (!member.name.startsWith('@')) return 2
    if (!isMetadata(member)) return 3
    return member.name === '@class' ? 0 : 1
  }
  return [...members].sort((one, other) => rank(one) - rank(other) || byName(one, other))
}

/** Returns the first member that the server would drop, if any. `members` are in their final order. */
export function droppedMember(members: readonly Member[], role: CodecRole): Member | undefined {
  for (const member of members) {
    if (!member.name.startsWith('@')) return undefined
    if (!isKnownMetadata(member, members, role)) return member
  }
  return undefined
}

/** Compares names by UTF-16 code units. */
function byName(one: Member, other: Member): number {
  return one.name < other.name ? -1 : 1
}

/** Whether `name` is an array index. JavaScript puts such names first, in numeric order. */
function isArrayIndex(name: string): boolean {
  return ARRAY_INDEX.test(name) && Number(name) <= LARGEST_INDEX
}

function isKnownMetadata({ name, value }: Member, all: readonly Member[], role: CodecRole): boolean {
  switch (name) {
    case '@class':
      return typeof value === 'string'
    case '@version':
      // The server does not print version 0, which an object without a version also has.
      return (
        Number.isInteger(value) &&
        Number(value) >= (role === 'query' ? 0 : 1) &&
        Number(value) <= LARGEST_VERSION
      )
    case '@ordered':
    case '@sorted':
      return value === true && (role === 'query' || all.some((member) => member.name === '@class'))
  }
  return false
}
