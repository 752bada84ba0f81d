// Types that the compiler holds against each other: `Assert<Same<A, B>>` compiles only where A and B are one type.

export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

export type Assert<T extends true> = T
