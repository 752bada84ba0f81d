// `node:crypto` of the simulation: the same seed gives the same random numbers.
import { Random } from '../support/random'

export * from 'crypto'

let random = new Random(0)

/** From now on, all that is random comes from this. */
export function useRandom(next: Random): void {
  random = next
}

export function randomBytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}

export function randomInt(least: number, end: number): number {
  return least + random.below(end - least)
}

export function randomUUID(): string {
  const hex = randomBytes(16).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
