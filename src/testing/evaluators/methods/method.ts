// How methods of Java objects are written down and found: by their names and the types of their parameters, as
// reflection does it.
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaDouble,
  JavaMap,
  JsonObject,
  type JavaValue,
} from '../../java/java-value'

/** What a method leaves behind that changes the object it is called on. */
export class Changed {
  constructor(
    readonly result: JavaValue,
    readonly target: JavaValue,
  ) {}
}

/**
 * The types of the parameters, a letter each: `o` Object, `s` String or CharSequence, `i` int, `c` Collection, `m` Map,
 * `I` BigInteger, `D` BigDecimal.
 */
type Parameters = string

export interface Method<T> {
  readonly parameters: Parameters
  readonly call: (target: T, ...args: never[]) => JavaValue | Changed
}

/** The methods of a class: under each name all that share it. */
export type Methods<T> = Readonly<Record<string, readonly Method<T>[]>>

export function method<T>(parameters: Parameters, call: Method<T>['call']): Method<T> {
  return { parameters, call }
}

/** Finds a method that takes these arguments. */
export function findMethod<T>(
  methods: Methods<T>,
  name: string,
  args: readonly JavaValue[],
): Method<T> | undefined {
  if (!Object.hasOwn(methods, name)) return undefined
  return methods[name]?.find(
    ({ parameters }) =>
      parameters.length === args.length && args.every((arg, index) => accepts(parameters[index] ?? '', arg)),
  )
}

const IS_OF_TYPE: Readonly<Record<string, (value: JavaValue) => boolean>> = {
  o: () => true,
  s: (value) => typeof value === 'string',
  i: (value) => typeof value === 'number',
  d: (value) => value instanceof JavaDouble,
  c: (value) => Array.isArray(value),
  m: (value) => value instanceof JavaMap || value instanceof JsonObject,
  I: (value) => value instanceof JavaBigInteger,
  D: (value) => value instanceof JavaBigDecimal,
}

function accepts(type: string, value: JavaValue): boolean {
  if (value === null) return type !== 'i' && type !== 'd'
  return IS_OF_TYPE[type]?.(value) === true
}
