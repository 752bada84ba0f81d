// Ten thousand random steps of two sessions against a model: no event is lost, repeated or out of order for its key,
// to whomever it is for.
import type { EventKind, NamedCache } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { Random, seedOfRun, withSeed } from '../../support/random'
import { type Change, Expectation, type Key, type Value, type Wish } from './model'
import { ModelListener, WAYS } from './model-listener'

const STEPS = 10_000
const KEYS: readonly Key[] = Array.from({ length: 24 }, (_, key) => key)
const VALUES = 100
const MOST_LISTENERS = 14
const KINDS: readonly EventKind[] = ['insert', 'update', 'delete', 'entered', 'left', 'within']

type Step = (map: NamedCache<Key, Value>) => Promise<unknown>

class Program {
  readonly #random: Random
  readonly #maps: readonly NamedCache<Key, Value>[]
  readonly #entries = new Map<Key, Value>()
  #listeners: ModelListener[] = []
  readonly complaints: string[] = []
  steps = 0

  constructor(random: Random, maps: readonly NamedCache<Key, Value>[]) {
    this.#random = random
    this.#maps = maps
  }

  async run(steps: number): Promise<void> {
    while (this.steps < steps && this.complaints.length === 0) {
      await this.#changeListeners()
      await this.#writeSomething()
      await this.#check()
    }
    await Promise.all(this.#listeners.map((listener) => listener.close()))
  }

  /** Several come and go at once; nothing is written meanwhile, so that it is known what they are told of. */
  async #changeListeners(): Promise<void> {
    const random = this.#random
    const leaving = this.#listeners.filter(() => random.chance(0.1))
    this.#listeners = this.#listeners.filter((listener) => !leaving.includes(listener))
    const coming = this.#listeners.length < MOST_LISTENERS ? random.below(4) : 0
    this.steps += leaving.length + coming
    const started = Array.from({ length: coming }, async () => {
      const asked = this.#wish()
      // Where it is told of nothing, nobody knows when a stream has read what is there.
      const wish = { ...asked, priming: asked.priming && this.#presentTo(asked) > 0 }
      const listener = await ModelListener.start(random.of(this.#maps), random.of(WAYS), wish, KEYS)
      if (wish.priming) listener.expectation.present(this.#entries)
      await listener.settle()
      return listener
    })
    const [listeners] = await Promise.all([
      Promise.all(started),
      Promise.all(leaving.map((listener) => listener.close())),
    ])
    this.#listeners.push(...listeners)
  }

  #presentTo(wish: Wish): number {
    const expectation = new Expectation(wish)
    expectation.present(this.#entries)
    return expectation.count
  }

  #wish(): Wish {
    const random = this.#random
    const flags = { lite: random.chance(0.3), priming: random.chance(0.3) }
    const target = random.below(4)
    if (target === 0) return { ...flags, key: random.below(4), least: undefined, kinds: undefined }
    return {
      ...flags,
      key: undefined,
      // Few different ones, so that many share a registration.
      least: target === 1 ? undefined : random.of([30, 60]),
      kinds: target === 3 ? random.some(KINDS) : undefined,
    }
  }

  async #writeSomething(): Promise<void> {
    const kind = this.#random.below(20)
    if (kind === 0) await this.#clear()
    else if (kind === 1) await this.#truncate()
    else if (kind === 2) await this.#expire()
    else await this.#write()
  }

  /** Writes that are not awaited one by one: each session has keys of its own, so the order of each key is known. */
  async #write(): Promise<void> {
    const random = this.#random
    const writes: Promise<unknown>[] = []
    const count = 5 + random.below(60)
    for (let step = 0; step < count; step++) {
      const key = random.of(KEYS)
      writes.push(this.#change(key, random.chance(0.3) ? undefined : random.below(VALUES))(this.#mapOf(key)))
    }
    this.steps += count
    await Promise.all(writes)
  }

  #mapOf(key: Key): NamedCache<Key, Value> {
    const map = this.#maps[key % this.#maps.length]
    if (map === undefined) throw new Error('There is no map')
    return map
  }

  #change(key: Key, after: Value | undefined): Step {
    this.#note({ key, before: this.#entries.get(key), after, expired: false })
    return (map) => (after === undefined ? map.delete(key) : map.set(key, after))
  }

  async #clear(): Promise<void> {
    for (const [key, before] of [...this.#entries])
      this.#note({ key, before, after: undefined, expired: false })
    this.steps += 1
    await this.#random.of(this.#maps).clear()
  }

  async #truncate(): Promise<void> {
    this.#entries.clear()
    for (const { expectation } of this.#listeners) expectation.truncated(KEYS)
    this.steps += 1
    await this.#random.of(this.#maps).truncate()
  }

  async #expire(): Promise<void> {
    const keys = this.#random.some(KEYS).slice(0, 5)
    const value = this.#random.below(VALUES)
    this.steps += keys.length
    for (const key of keys) {
      this.#note({ key, before: this.#entries.get(key), after: value, expired: false })
      this.#note({ key, before: value, after: undefined, expired: true })
    }
    await Promise.all(keys.map((key) => this.#mapOf(key).set(key, value, { ttlSeconds: 0.02 })))
    const left = this.#entries.size
    await eventually(async () => (await this.#random.of(this.#maps).size()) === left)
  }

  #note(change: Change): void {
    const { key, before, after } = change
    if (before === undefined && after === undefined) return
    if (after === undefined) this.#entries.delete(key)
    else this.#entries.set(key, after)
    for (const { expectation } of this.#listeners) expectation.change(change)
  }

  async #check(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.settle()))
    this.complaints.push(...this.#listeners.flatMap((listener) => listener.complaints()))
  }
}

describeMaps('listeners', (open, session) => {
  it(`get the events that they asked for of ${STEPS} random steps, in order for each key`, async () => {
    const seed = seedOfRun()
    await withSeed(seed, async () => {
      const mine = await open<Key, Value>()
      await using other = await openSession()
      const its = await other.getCache<Key, Value>(mine.name)
      const program = new Program(new Random(seed), [mine, its])
      await program.run(STEPS)
      expect(program.complaints).toEqual([])
      expect(program.steps).toBeGreaterThanOrEqual(STEPS)
      expect(session().closed).toBe(false)
    })
  }, 300_000)
})
