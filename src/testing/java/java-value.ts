// What the server holds of a value: the Java objects that JSON becomes on caches of the default configuration.

/** A `java.lang.Integer` is a number, a `java.lang.Long` a bigint; both are always within the range of their kind. */
export type JavaValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | JavaDouble
  | JavaBigInteger
  | JavaBigDecimal
  | JavaCharacter
  | JavaList
  | JsonObject
  | JavaMap
  | JavaObject

/** A `java.util.ArrayList`, which is what every array becomes. */
export type JavaList = readonly JavaValue[]

/** A `java.lang.Double`. */
export class JavaDouble {
  constructor(readonly value: number) {}
}

/** A `java.math.BigInteger`. */
export class JavaBigInteger {
  constructor(readonly value: bigint) {}
}

/** A `java.math.BigDecimal`: `unscaled` times ten to the power of minus `scale`. */
export class JavaBigDecimal {
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
  ) {}
}

/** A `java.lang.Character`: what a string of one character becomes that was written as an escape. */
export class JavaCharacter {
  constructor(readonly value: string) {}
}

/** An object without a class that the server knows. */
export class JsonObject {
  constructor(
    readonly members: ReadonlyMap<string, JavaValue>,
    /** What `@class` said where the server knows no such class. */
    readonly className?: string,
    /** What `@version` said; 0 without one. */
    readonly version = 0,
  ) {}
}

/** A `java.util.Map` other than a JsonObject. */
export class JavaMap {
  constructor(
    readonly className: string,
    readonly entries: readonly (readonly [key: JavaValue, value: JavaValue])[],
  ) {}
}

/** An object of another class that the server knows, such as a filter or a `java.time.LocalDate`. */
export class JavaObject {
  constructor(
    /** The name without `util.` in front where the server has both. */
    readonly className: string,
    readonly members: ReadonlyMap<string, JavaValue>,
  ) {}
}
