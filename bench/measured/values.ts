// Keys and values of the benchmark, the same for all clients.

export interface Person {
  readonly name: string
  readonly age: number
  readonly email: string
  readonly tags: readonly string[]
  readonly notes?: readonly string[]
}

export const AGE = 42

const NOTE = 'The quick brown fox jumps over the lazy dog, and nobody knows why it does so.'

/** A value of `bytes` bytes as JSON, give or take a few. */
export function person(bytes: number, age = AGE): Person {
  const small = { name: 'Alice Smith', age, email: 'alice.smith@example.com', tags: ['a', 'b', 'c'] }
  const notes = Math.floor((bytes - JSON.stringify(small).length) / (NOTE.length + 3))
  return notes < 1 ? small : { ...small, notes: Array.from({ length: notes }, () => NOTE) }
}

export function keyOf(number: number, keys: number): string {
  return `key-${number % keys}`
}
