// How every query is made: a frozen plain object whose first member, `@class`, names a class of the server.
import type { AnyQuery } from './query'
import { aKind, isOtherKind, isQuery, kindOfQuery, type QueryKind } from './query-kind'

/** Integer-like names are always the first of an object, whatever the order they were given in. */
const INTEGER_LIKE = /^(0|[1-9][0-9]*)$/

/**
 * The one place where plain data becomes a query, which differs from it for the compiler only. Members that are
 * `undefined` are left out: the server then takes its own default.
 */
export function serverObject(className: string, members: object = {}): AnyQuery {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.freeze({ '@class': className, ...Object.fromEntries(given) }) as unknown as AnyQuery
}

/** A query of a class that only the caller knows. */
export function customObject(caller: string, className: string, members: object = {}): AnyQuery {
  if (typeof className !== 'string' || className === '') {
    throw new TypeError(
      `${caller} got ${shown(className)} as the class: pass the name that the server knows it by, such as 'com.acme.Rule'`,
    )
  }
  if (typeof members !== 'object' || (members as unknown) === null || Array.isArray(members)) {
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

/** Refuses what is not a query, or one of another kind; `what` says what is wanted. */
export function checkQuery(caller: string, wanted: QueryKind, what: string, value: unknown): void {
  if (isQuery(value) && !isOtherKind(wanted, value)) return
  const kind = kindOfQuery(value)
  throw new TypeError(`${caller} got ${kind === undefined ? shown(value) : aKind(kind)}: pass ${what}`)
}

/** The name of a query's class, without the `util.` that the server knows it by as well; empty for what is no query. */
export function classNameOf(query: unknown): string {
  if (typeof query !== 'object' || query === null || !('@class' in query)) return ''
  const { '@class': className } = query
  return typeof className === 'string' ? className.replace(/^util\./, '') : ''
}

/** Refuses a value that was forgotten. */
export function checkValue(caller: string, value: unknown): void {
  if (value === undefined) {
    throw new TypeError(`${caller} got undefined as a value: pass null for what is missing`)
  }
}

/** A value as error texts show it; what is in an object stays out of them. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return 'an array'
  if (value !== null && (typeof value === 'object' || typeof value === 'function'))
    return `a value of type ${typeof value}`
  return String(value)
}
