// Connections that are cut at random moments, while two sessions write: whatever listeners miss lies inside a gap that
// they are told of, and with resync what they hold is what is there.
import { ConnectionError, type NamedCache } from 'coherence-ts'
import { serverAddress } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'
import { Random, seedOfRun, withSeed } from '../../support/random'
import type { Key, Value } from './model'
import { WAYS } from './model-listener'
import { Observer } from './observer'

const ROUNDS = 40
const KEYS: readonly Key[] = Array.from({ length: 16 }, (_, key) => key)
const MOST_OBSERVERS = 12

class Program {
  readonly complaints: string[] = []
  readonly #random: Random
  readonly #proxy: TcpProxy
  /** Through a connection that is cut, and through one that is not. */
  readonly #cut: NamedCache<Key, Value>
  readonly #whole: NamedCache<Key, Value>
  #observers: Observer[] = []
  #control: Observer | undefined
  #value = 0
  gaps = 0

  constructor(random: Random, proxy: TcpProxy, cut: NamedCache<Key, Value>, whole: NamedCache<Key, Value>) {
    this.#random = random
    this.#proxy = proxy
    this.#cut = cut
    this.#whole = whole
  }

  async run(): Promise<void> {
    this.#control = await Observer.start(this.#whole, { way: 'listen', key: undefined, resync: false })
    for (let round = 0; round < ROUNDS && this.complaints.length === 0; round++) {
      await this.#round()
      await this.#check()
    }
    await Promise.all([...this.#observers, this.#control].map((observer) => observer.close()))
  }

  /** Observers come and go and both sessions write, all at once, and somewhere in between the connection is lost. */
  async #round(): Promise<void> {
    const random = this.#random
    const leaving = this.#observers.filter(() => random.chance(0.1))
    this.#observers = this.#observers.filter((observer) => !leaving.includes(observer))
    const writes = 10 + random.below(60)
    const cuts = new Set(random.chance(0.8) ? [random.below(writes), random.below(writes)] : [])
    let settled = 0
    const work: Promise<unknown>[] = leaving.map((observer) => observer.close())
    for (let count = 0; count < writes; count++) {
      if (this.#observers.length < MOST_OBSERVERS && random.chance(0.1)) work.push(this.#observe())
      const written = this.#write(random.of(KEYS)).finally(() => {
        if (cuts.has(settled++)) this.#proxy.cut()
      })
      work.push(written)
    }
    await Promise.all(work)
    if (random.chance(0.1)) await this.#whole.truncate()
    if (random.chance(0.1)) await this.#whole.clear()
  }

  async #observe(): Promise<void> {
    const random = this.#random
    const key = random.chance(0.3) ? random.of(KEYS) : undefined
    const observing = { way: random.of(WAYS), key, resync: random.chance(0.5) }
    this.#observers.push(await Observer.start(this.#cut, observing))
  }

  async #write(key: Key): Promise<void> {
    const map = key % 2 === 0 ? this.#cut : this.#whole
    const written = this.#random.chance(0.2) ? map.delete(key) : map.set(key, ++this.#value)
    // A write that was under way may or may not be carried out; listeners are told of what is.
    await written.catch((error: unknown) => {
      if (!(error instanceof ConnectionError && error.outcome === 'unknown')) throw error
    })
  }

  async #check(): Promise<void> {
    await this.#cut.size()
    const actual = await this.#whole.entries().toMap()
    const all = [...this.#observers, ...(this.#control === undefined ? [] : [this.#control])]
    const differences = (): string[] => all.flatMap((observer) => observer.difference(actual) ?? [])
    await eventually(() => differences().length === 0, 5).catch(() => undefined)
    this.complaints.push(...differences(), ...all.flatMap(({ complaints }) => complaints))
    if (this.#control?.gaps !== 0) this.complaints.push('the connection that was never cut has a gap')
    this.gaps = Math.max(this.gaps, ...this.#observers.map(({ gaps }) => gaps))
  }
}

describeMaps('listeners through connections that are cut', (open) => {
  it('miss nothing but what lies in a gap, and hold what is there after a resync', async () => {
    const seed = seedOfRun()
    await withSeed(seed, async () => {
      const whole = await open<Key, Value>()
      await using proxy = await startTcpProxy(serverAddress())
      await using session = await openSession({ address: proxy.address })
      const errors: unknown[] = []
      session.on('error', (error) => errors.push(error))
      const program = new Program(new Random(seed), proxy, await session.getCache(whole.name), whole)
      await program.run()
      expect([program.complaints, errors]).toEqual([[], []])
      expect(program.gaps).toBeGreaterThan(0)
    })
  }, 300_000)
})
