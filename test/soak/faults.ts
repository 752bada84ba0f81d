// What goes wrong during a soak, and when: a random schedule that a seed determines.
import { setTimeout as delay } from 'node:timers/promises'
import { ServerError, Session } from 'coherence-ts'
import { Random } from '../support/random'
import type { RealMember } from '../../src/testing/real-coherence'
import type { EmbeddedCoherence } from '../../src/testing/embedded-coherence'
import type { TcpProxy } from '../support/tcp-proxy'
import type { Recorder } from './recorder'

/** Nothing is held back for longer. */
export const MOST_HELD_MILLIS = 6_000
const MOST_REFUSED_MILLIS = 5_000
/** Shorter than what makes the other members of a cluster take one for dead. */
const MOST_SUSPENDED_MILLIS = 3_000
const BLOCKED_MILLIS = 1_000
const SESSIONS = 20
const READY_SECONDS = 60
const MOST_REFUSALS = 10
const REFUSED_MILLIS = 500

export interface Fault {
  readonly name: string
  /** How often it happens, compared with others. */
  readonly weight: number
  /** Whether it is a fault of a member of the cluster. Only one has one at a time, so that its backups are there. */
  readonly ofMember: boolean
  /** Resolves when it is over. */
  run(random: Random): Promise<void>
}

export function networkFaults(proxies: readonly TcpProxy[]): readonly Fault[] {
  const some = (random: Random): readonly TcpProxy[] => (random.chance(0.3) ? proxies : [random.of(proxies)])
  return [
    fault('cut', 6, async (random) => some(random).forEach((proxy) => proxy.cut())),
    fault('silence', 2, async (random) => {
      const proxy = random.of(proxies)
      proxy.silence()
      await delay(random.below(MOST_HELD_MILLIS))
      // Who forgot a connection does not pass on later what it held.
      proxy.cut()
      proxy.resume()
    }),
    fault('pause', 3, async (random) => {
      const paused = some(random)
      for (const proxy of paused) proxy.pause()
      await delay(random.below(MOST_HELD_MILLIS))
      for (const proxy of paused) proxy.resume()
    }),
    fault('refuse', 2, async (random) => {
      const refusing = some(random)
      for (const proxy of refusing) proxy.refuse()
      if (random.chance(0.7)) for (const proxy of refusing) proxy.cut()
      await delay(random.below(MOST_REFUSED_MILLIS))
      for (const proxy of refusing) await proxy.accept()
    }),
  ]
}

/** Members end one at a time, and start again when all is stored twice. */
export function memberFaults(members: readonly RealMember[]): readonly Fault[] {
  return [
    ofMember('kill', 1, async (random) => {
      const member = random.of(members)
      await member.kill()
      await delay(random.below(MOST_HELD_MILLIS))
      await member.start()
    }),
    ofMember('terminate', 1, async (random) => {
      const member = random.of(members)
      await member.terminate()
      await member.start()
    }),
    ofMember('suspend', 2, async (random) => {
      const member = random.of(members)
      member.suspend()
      await delay(random.below(MOST_SUSPENDED_MILLIS))
      member.resume()
    }),
  ]
}

export function embeddedFaults(server: EmbeddedCoherence): readonly Fault[] {
  return [
    fault('drop connections', 2, async () => server.dropConnections()),
    fault('go away', 2, async () => server.goAway()),
    ofMember('suspend', 2, async (random) => {
      server.pause()
      await delay(random.below(MOST_SUSPENDED_MILLIS))
      server.resume()
    }),
  ]
}

/** Of this process. */
export function clientFaults(address: readonly string[], recorder: Recorder): readonly Fault[] {
  return [
    fault('blocked event loop', 1, async () => {
      const end = performance.now() + BLOCKED_MILLIS
      while (performance.now() < end);
    }),
    fault('many sessions', 1, async () => {
      await Promise.all(
        Array.from({ length: SESSIONS }, () =>
          recorder.write(
            'a session',
            async () => {
              await using session = await openSession(address)
              await session.ping()
            },
            { answered: () => undefined, failed: () => undefined },
          ),
        ),
      )
    }),
  ]
}

/** A server that ends, or has just begun, refuses new sessions for a moment, which `create` takes for final. */
async function openSession(address: readonly string[]): Promise<Session> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await Session.create({ address, readyTimeoutSeconds: READY_SECONDS })
    } catch (error) {
      if (!(error instanceof ServerError) || attempt === MOST_REFUSALS) throw error
      await delay(REFUSED_MILLIS)
    }
  }
}

export class FaultSchedule {
  readonly counts = new Map<string, number>()
  readonly #faults: readonly Fault[]
  readonly #random: Random
  readonly #everySeconds: number
  readonly #log: (line: string) => void
  readonly #running = new Set<Promise<void>>()
  #memberIsFaulty = false

  constructor(faults: readonly Fault[], random: Random, everySeconds: number, log: (line: string) => void) {
    this.#faults = faults
    this.#random = random
    this.#everySeconds = everySeconds
    this.#log = log
  }

  /** Lets things go wrong until `signal` aborts; resolves when all is well again. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const pauseSeconds = -Math.log(1 - this.#random.below(1_000_000) / 1_000_000) * this.#everySeconds
      await delay(pauseSeconds * 1_000, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) break
      const running = this.#start()
      this.#running.add(running)
      void running.finally(() => this.#running.delete(running)).catch(() => undefined)
    }
    await Promise.all(this.#running)
  }

  async #start(): Promise<void> {
    const possible = this.#faults.filter(({ ofMember }) => !(ofMember && this.#memberIsFaulty))
    const chosen = weighted(possible, this.#random)
    const { name, ofMember } = chosen
    // One of its own, since what others draw meanwhile is a matter of time.
    const random = new Random(this.#random.below(2 ** 32))
    const began = performance.now()
    if (ofMember) this.#memberIsFaulty = true
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    this.#log(`${name} begins`)
    try {
      await chosen.run(random)
    } finally {
      if (ofMember) this.#memberIsFaulty = false
    }
    this.#log(`${name} is over after ${Math.round(performance.now() - began)} ms`)
  }
}

function weighted(faults: readonly Fault[], random: Random): Fault {
  let roll = random.below(faults.reduce((sum, { weight }) => sum + weight, 0))
  for (const each of faults) if ((roll -= each.weight) < 0) return each
  throw new Error('There are no faults')
}

function fault(name: string, weight: number, run: Fault['run']): Fault {
  return { name, weight, ofMember: false, run }
}

function ofMember(name: string, weight: number, run: Fault['run']): Fault {
  return { name, weight, ofMember: true, run }
}
