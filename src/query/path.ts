// Paths to the members of a value, such as `address.city`: which paths a type has, and the types at their ends.
import { shown } from './server-object'

type Primitive = string | number | bigint | boolean | symbol | null | undefined
type Callable = (...args: never) => unknown
/** A type without members that a path could name. */
type PathEnd = Primitive | readonly unknown[] | Callable

/** `Fewer[n]` is n - 1. */
type Fewer = [never, 0, 1]

/**
 * The paths to the members of `T` that lead to a `To`: member names with dots between them. If `T` is `unknown`,
 * every string is a path.
 *
 * A path cannot go into an array. After the third name this type accepts everything, because the paths of a type that
 * contains itself have no end. `Leads` checks a path of any length.
 */
export type Path<T, To = unknown, Left extends number = 2> = unknown extends T
  ? string
  : T extends PathEnd
    ? never
    : { [M in keyof T & string]-?: PathFrom<T[M], M, To, Left> }[keyof T & string]

/** `unknown` if the path `P` leads to a `To` in a `T`, otherwise `never`. Intersect it with `P`. */
export type Leads<T, P extends string, To = unknown> =
  unknown extends At<T, P>
    ? unknown
    : [At<T, P>] extends [never]
      ? never
      : [NonNullable<At<T, P>>] extends [To]
        ? unknown
        : never

type PathFrom<Member, M extends string, To, Left extends number> = M extends '' | `${string}.${string}`
  ? never
  : [Member] extends [Callable]
    ? never
    : LeadsTo<Member, To, M> | PathBeyond<Known<Member>, M, To, Left>

type LeadsTo<Member, To, M> = unknown extends Member ? M : [NonNullable<Member>] extends [To] ? M : never

type PathBeyond<Member, M extends string, To, Left extends number> = [Left] extends [0]
  ? Member extends PathEnd
    ? never
    : `${M}.${string}`
  : Path<Member, To, Fewer[Left]> extends infer Rest extends string
    ? `${M}.${Rest}`
    : never

/** The type at the end of the path `P` in a `T`, without `undefined`; `unknown` if `T` is `unknown`. */
export type At<T, P extends string> = unknown extends T
  ? unknown
  : P extends `${infer M}.${infer Rest}`
    ? At<Known<Member<T, M>>, Rest>
    : Exclude<Member<T, P>, undefined>

/** The type that extraction by the path `P` results in: `At`, and `null` if a member on the path may be missing. */
export type Extracted<T, P extends string> = unknown extends T
  ? unknown
  : P extends `${infer M}.${infer Rest}`
    ? Extracted<Known<Member<T, M>>, Rest> | Gap<T, M>
    : Exclude<Member<T, P>, undefined> | Gap<T, P>

type Member<T, M extends string> = T extends PathEnd ? never : M extends keyof T ? T[M] : never

/** `NonNullable` makes `{}` of `unknown`. */
type Known<T> = unknown extends T ? unknown : NonNullable<T>

type Gap<T, M extends string> = T extends unknown
  ? string extends keyof T
    ? null
    : M extends keyof T
      ? unknown extends T[M]
        ? never
        : undefined extends T[M]
          ? null
          : null extends T[M]
            ? null
            : never
      : null
  : never

/**
 * Returns the names of the members on `path`.
 *
 * @throws {TypeError} `path` is not a string, is empty, or has an empty name in it.
 */
export function pathMembers(caller: string, path: unknown): readonly string[] {
  const members = typeof path === 'string' ? path.split('.') : ['']
  if (members.includes('')) {
    throw new TypeError(
      `${caller} got ${shown(path)} as the path: pass member names with dots between them, such as 'address.city'`,
    )
  }
  return members
}
