// A random program of calls on one map, made in bursts without awaiting any, and what became of each.
//
// Servers of 25.03.2 give stale values to getAll, for good, where it ran beside a processor on the same key. So a
// program has one or the other. Nor does one truncate: servers interrupt the calls of all maps then.
import {
  ConnectionError,
  Extractors,
  Filters,
  type NamedMap,
  Processors,
  RequestTimeoutError,
} from 'coherence-ts'
import { ABSENT, type Fate, type Seen, type Step } from './order-model'
import type { Random } from '../../support/random'

type Numbers = NamedMap<string, number>
interface Options {
  readonly signal?: AbortSignal
  readonly timeoutSeconds?: number
}

/** Which calls a program makes besides those that all have. */
export type Having = 'getAll' | 'processors'

const GIVEN_UP = new Error('given up')
/** A call may be given up so many turns of the event loop after its burst began. */
const MOST_TURNS = 200
const SHORTEST_SECONDS = 0.001
const LONGEST_SECONDS = 0.05

export class OrderProgram {
  readonly #map: Numbers
  readonly #keys: readonly string[]
  readonly #random: Random
  readonly #having: Having
  #lastValue = 0

  constructor(map: Numbers, keys: readonly string[], random: Random, having: Having) {
    this.#map = map
    this.#keys = keys
    this.#random = random
    this.#having = having
  }

  /** Makes the calls at once, and tells how each of them ended. */
  async burst(calls: number): Promise<Step[]> {
    const giveUp = Array.from({ length: MOST_TURNS }, () => new AbortController())
    const steps = Array.from({ length: calls }, () => this.#call(giveUp))
    const ended = Promise.all(steps)
    for (const controller of giveUp) {
      await new Promise((resolve) => setImmediate(resolve))
      controller.abort(GIVEN_UP)
    }
    return ended
  }

  /** What is there now. */
  async state(): Promise<ReadonlyMap<string, Seen>> {
    return this.#map.entries().toMap()
  }

  #call(giveUp: readonly AbortController[]): Promise<Step> {
    const options = this.#options(giveUp)
    const withProcessors = this.#having === 'processors'
    const roll = this.#random.below(100)
    if (roll < 25) return this.#set(options)
    if (roll < 32) return this.#delete(options)
    if (roll < 42) return this.#replace(options)
    if (roll < 52) return this.#setAll(options)
    if (roll < 53) return this.#clear(options)
    if (roll < 68) return withProcessors ? this.#invoke(options) : this.#set(options)
    if (roll < 78) return withProcessors ? this.#invokeAll(options) : this.#setAll(options)
    if (roll < 84) return withProcessors ? this.#invokeAllByFilter(options) : this.#getAll(options)
    if (roll < 90) return withProcessors ? this.#setIfAbsent(options) : this.#getAll(options)
    if (roll < 97) return this.#get(options)
    return this.#entries(options)
  }

  #options(giveUp: readonly AbortController[]): Options {
    if (this.#random.chance(0.05)) return { signal: this.#random.of(giveUp).signal }
    if (!this.#random.chance(0.05)) return {}
    return { timeoutSeconds: SHORTEST_SECONDS + (LONGEST_SECONDS * this.#random.below(1_000)) / 1_000 }
  }

  async #set(options: Options): Promise<Step> {
    const [key, value] = [this.#random.of(this.#keys), this.#newValue()]
    const { fate, answer } = await fateOf(this.#map.set(key, value, options))
    return { kind: 'write', keys: [key], value, fate, ...replacedBy(fate, [[key, answer]]) }
  }

  async #delete(options: Options): Promise<Step> {
    const key = this.#random.of(this.#keys)
    const { fate, answer } = await fateOf(this.#map.delete(key, options))
    return { kind: 'write', keys: [key], value: ABSENT, fate, ...replacedBy(fate, [[key, answer]]) }
  }

  async #replace(options: Options): Promise<Step> {
    const [key, value] = [this.#random.of(this.#keys), this.#newValue()]
    const { fate, answer: found } = await fateOf(this.#map.replace(key, value, options))
    return { kind: 'conditional', key, value, fate, stored: found !== ABSENT, found }
  }

  /** Some servers carry it out by a processor. */
  async #setIfAbsent(options: Options): Promise<Step> {
    const [key, value] = [this.#random.of(this.#keys), this.#newValue()]
    const { fate, answer: found } = await fateOf(this.#map.setIfAbsent(key, value, options))
    return { kind: 'conditional', key, value, fate, stored: found === ABSENT, found }
  }

  async #invoke(options: Options): Promise<Step> {
    const [key, value] = [this.#random.of(this.#keys), this.#newValue()]
    const { fate, answer } = await fateOf(this.#map.invoke(key, swap(value), options))
    return { kind: 'write', keys: [key], value, fate, ...replacedBy(fate, [[key, answer?.[0] ?? ABSENT]]) }
  }

  async #setAll(options: Options): Promise<Step> {
    const [keys, value] = [this.#random.some(this.#keys), this.#newValue()]
    const { fate } = await fateOf(
      this.#map.setAll(
        keys.map((key) => [key, value] as const),
        options,
      ),
    )
    return { kind: 'write', keys, value, fate }
  }

  async #invokeAll(options: Options): Promise<Step> {
    const [keys, value] = [this.#random.some(this.#keys), this.#newValue()]
    if (this.#random.chance(0.3)) {
      const { fate } = await fateOf(
        this.#map.invokeAll(swap(value), { keys, discardResults: true, ...options }),
      )
      return fate === 'unknown'
        ? { kind: 'unordered', keys, value, fate }
        : { kind: 'write', keys, value, fate }
    }
    const { fate, answer } = await fateOf(this.#map.invokeAll(swap(value), { keys, ...options }))
    // It has a stream of its own, which ends when it is given up: nobody waits for it any more.
    if (fate === 'unknown') return { kind: 'unordered', keys, value, fate }
    return { kind: 'write', keys, value, fate, ...replacedBy(fate, previous(answer)) }
  }

  async #invokeAllByFilter(options: Options): Promise<Step> {
    const value = this.#newValue()
    const { fate, answer } = await fateOf(
      this.#map.invokeAll(swap(value), { filter: Filters.always(), ...options }),
    )
    return { kind: 'unordered', keys: this.#keys, value, fate, ...replacedBy(fate, previous(answer)) }
  }

  async #clear(options: Options): Promise<Step> {
    const { fate } = await fateOf(this.#map.clear(options))
    return { kind: 'write', keys: 'all', value: ABSENT, fate }
  }

  async #get(options: Options): Promise<Step> {
    const key = this.#random.of(this.#keys)
    const { fate, answer } = await fateOf(this.#map.get(key, options))
    return this.#readStep([key], { fate, answer: new Map([[key, answer]]) })
  }

  async #getAll(options: Options): Promise<Step> {
    const keys = this.#random.some(this.#keys)
    return this.#readStep(keys, await fateOf(this.#map.getAll(keys, options)))
  }

  async #entries(options: Options): Promise<Step> {
    return this.#readStep(this.#keys, await fateOf(this.#map.entries(options).toMap()))
  }

  #readStep(keys: readonly string[], { fate, answer }: Ended<ReadonlyMap<string, Seen>>): Step {
    if (fate !== 'answered' || answer === undefined) return { kind: 'read', keys, fate }
    return { kind: 'read', keys, fate, found: new Map(keys.map((key) => [key, answer.get(key)])) }
  }

  #newValue(): number {
    this.#lastValue += 1
    return this.#lastValue
  }
}

/** Stores `value` whether there is an entry or not, and answers what was there first. */
function swap(value: number): ReturnType<typeof swapOf> {
  return swapOf(value)
}

function swapOf(value: number) {
  return Processors.all(
    Processors.extract(Extractors.identity<number>()),
    Processors.conditionalPut<number>(Filters.always(), value),
  )
}

interface Ended<T> {
  readonly fate: Fate
  readonly answer: T | undefined
}

async function fateOf<T>(call: Promise<T>): Promise<Ended<T>> {
  try {
    return { fate: 'answered', answer: await call }
  } catch (error) {
    if (error === GIVEN_UP) return { fate: 'unknown', answer: undefined }
    if (error instanceof RequestTimeoutError || error instanceof ConnectionError) {
      return { fate: error.outcome === 'not-sent' ? 'not sent' : 'unknown', answer: undefined }
    }
    throw error
  }
}

function previous(answers: ReadonlyMap<string, readonly unknown[]> | undefined): [string, Seen][] {
  return [...(answers ?? [])].map(([key, [found]]) => [key, (found as number | null) ?? ABSENT])
}

function replacedBy(
  fate: Fate,
  replaced: readonly (readonly [string, Seen])[],
): { replaced?: ReadonlyMap<string, Seen> } {
  return fate === 'answered' ? { replaced: new Map(replaced) } : {}
}
