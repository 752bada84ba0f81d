// Makes all queries: frozen plain objects whose first member, `@class`, names a class of the server.
import { shown as shownValue } from '../calls/shown'
import type { AnyQuery } from './query'
import { holdsOptions } from './holds-options'
import { aKind, isOtherKind, isQuery, kindOfQuery, type QueryKind } from './query-kind'

/** Members with integer-like names always come first in an object, also if they were added last. */
const INTEGER_LIKE = /^(0|[1-9][0-9]*)$/

/**
 * Makes a query from plain data. This is the one place where it changes its type; only the compiler sees a
 * difference. Members that are `undefined` are left out, so the server uses its own defaults.
 */
export function serverObject(className: string, members: object = {}): AnyQuery {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.freeze({ '@class': className, ...Object.fromEntries(given) }) as unknown as AnyQuery
}

/**
 * Makes a query of a class that only the caller knows.
 *
 * @throws {TypeError} there is no class name, the members are not an object, or a member's name is an integer or
 *   starts with `@`.
 */
export function customObject(caller: string, className: string, members: object = {}): AnyQuery {
  if (typeof className !== 'string' || className === '') {
    throw new TypeError(
      `${caller} got ${shown(className)} as the class: pass the name that the server knows it by, such as 'com.acme.Rule'`,
    )
  }
  if (!isQuery(members) && !holdsOptions(members)) {
    throw new TypeError(
      `${caller} got ${shown(members)} as the members: pass an object, such as { limit: 5 }`,
    )
  }
  for (const member of Object.keys(members)) {
    if (member.startsWith('@') || INTEGER_LIKE.test(member)) {
      throw new TypeError(
        `${caller} got a member named '${member}': pass the names of the class's fields; names that start with ` +
          "'@' or are integers would get between the server and '@class'",
      )
    }
  }
  return serverObject(className, members)
}

/**
 * Refuses a value that is not a query, or is one of another kind. `what` describes the accepted values.
 *
 * @throws {TypeError} it is not a query of the kind `wanted`.
 */
export function checkQuery(caller: string, wanted: QueryKind, what: string, value: unknown): void {
  if (isQuery(value) && !isOtherKind(wanted, value)) return
  const kind = kindOfQuery(value)
  throw new TypeError(`${caller} got ${kind === undefined ? shown(value) : aKind(kind)}: pass ${what}`)
}

/**
 * Returns the name of a query's class without its optional prefix `util.`; an empty string if `query` is no query.
 */
export function classNameOf(query: unknown): string {
  if (typeof query !== 'object' || query === null || !('@class' in query)) return ''
  const { '@class': className } = query
  return typeof className === 'string' ? className.replace(/^util\./, '') : ''
}

/**
 * Refuses a value that was left out.
 *
 * @throws {TypeError} `value` is `undefined`.
 */
export function checkValue(caller: string, value: unknown): void {
  if (value === undefined) {
    throw new TypeError(`${caller} got undefined as a value: pass null for what is missing`)
  }
}

/** Formats a value for an error message, without the contents of objects. */
export function shown(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : shownValue(value, () => 'a value of type object')
}
