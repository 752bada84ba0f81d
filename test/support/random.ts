// Random programs that can be repeated: the same seed gives the same numbers.
import { fromEnvironment } from './conformance-environment'

/** Set it to the seed that a failed test printed. */
const SEED = 'COHERENCE_TEST_SEED'

/** The seed of this run: that of the variable, or else `otherwise`, another one each time. */
export function seedOfRun(otherwise = Math.floor(Math.random() * 2 ** 32)): number {
  return Number(fromEnvironment(SEED) ?? otherwise)
}

/** Runs `body`; where it fails, the error begins with the seed. */
export async function withSeed(seed: number, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (error instanceof Error) error.message = `${SEED}=${seed}: ${error.message}`
    throw error
  }
}

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to, but without, `end`. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }

  /** Some of them, at least one, each once. */
  some<T>(choices: readonly T[]): T[] {
    const chosen = choices.filter(() => this.chance(0.3))
    return chosen.length > 0 ? chosen : [this.of(choices)]
  }

  /** A well-known generator of 32 bits: its state is a counter, which is mixed. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
