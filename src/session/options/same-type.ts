// Compares types at compile time: `Assert<Same<A, B>>` compiles only if A and B are the same type.

export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

export type Assert<T extends true> = T
