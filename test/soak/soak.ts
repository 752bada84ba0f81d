// Uses a session in every way there is, for a given time, while things go wrong at random; then lets everything heal, and
// asks the oracle.
import { setTimeout as delay } from 'node:timers/promises'
import { Session } from 'coherence-ts'
import { Random } from '../support/random'
import { leftOpen, openResources } from '../support/open-resources'
import { type Final, Oracle } from '../support/oracle/oracle'
import { clientFaults, FaultSchedule, MOST_HELD_MILLIS } from './faults'
import { Listeners } from './listeners'
import { COUNTERS, keysOf, type MapNames, newMapNames, openMaps, type SoakMaps } from './maps'
import { type Fit, fitOf, heapMegabytes, isGrowing, type Sample } from './memory'
import { type Count, Recorder, TIMEOUT_SECONDS } from './recorder'
import { type SoakServers, startCluster, startEmbedded } from './servers'
import { Writer } from './writer'

const WRITERS = 32
const HEARTBEAT_SECONDS = 2
/** What is held back may still arrive, and be carried out, for as long after the call has failed. */
const LATE_MILLIS = MOST_HELD_MILLIS + 4_000
/** What ended so long ago is judged: all events and gaps about it have arrived. */
const JUDGED_AFTER_MILLIS = 90_000
const JUDGE_EVERY_MILLIS = 10_000
const SAMPLE_EVERY_MILLIS = 10_000
/** A stream of its own may stay for so long on a connection that the server asked to leave, and has its gap then. */
const LEAVE_MILLIS = 65_000
const HEALTHY_MILLIS = 2_000
const SETTLE_SECONDS = 60

export interface SoakOptions {
  readonly seconds: number
  /** Determines which faults there are, and what is called. */
  readonly seed: number
  /** The mean time between two faults. */
  readonly faultEverySeconds: number
  /** What it runs on; left out, a real cluster. */
  readonly servers?: 'cluster' | 'embedded' | undefined
  /** Gets a line for each thing that happens. */
  readonly log?: ((line: string) => void) | undefined
}

export interface SoakReport {
  readonly description: string
  /** What the oracle found. */
  readonly violations: readonly string[]
  readonly faults: ReadonlyMap<string, number>
  readonly calls: ReadonlyMap<string, Count>
  readonly longestCallMillis: number
  readonly disconnections: number
  readonly events: number
  readonly gaps: number
  readonly samples: readonly Sample[]
  /** `undefined` if the run was too short to say. */
  readonly heap: Fit | undefined
}

/** Resolves to what happened, and what was wrong with it. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  await using servers = await (options.servers === 'embedded' ? startEmbedded() : startCluster())
  const before = openResources()
  const run = new Run(options, servers)
  const report = await run.run()
  // The proxies are the first to see what the sessions have left open.
  const left = await leftOpen(before)
  const connections = servers.connections()
  const violations = [
    ...report.violations,
    ...left.map((what) => `left open: ${what}`),
    ...(connections === 0 ? [] : [`left open: ${connections} connections`]),
  ]
  return { ...report, violations }
}

class Run {
  readonly #options: SoakOptions
  readonly #servers: SoakServers
  readonly #names: MapNames = newMapNames()
  readonly #oracle = new Oracle({ lateMillis: LATE_MILLIS })
  readonly #recorder = new Recorder(this.#oracle)
  readonly #samples: Sample[] = []
  readonly #log: (line: string) => void
  #disconnections = 0

  constructor(options: SoakOptions, servers: SoakServers) {
    this.#options = options
    this.#servers = servers
    const { log } = options
    this.#log = (line) => log?.(`${this.#recorder.now()} ms: ${line}`)
  }

  async run(): Promise<SoakReport> {
    const { seed, seconds, faultEverySeconds } = this.#options
    const { proxied, direct, faults } = this.#servers
    await using session = await this.#open('the session', proxied)
    await using witness = await this.#open('the witness', direct)
    const maps = await openMaps(session, this.#names)
    const listeners = new Listeners(this.#recorder)
    const witnessed = await openMaps(witness, this.#names)
    for (const counter of COUNTERS) await witnessed.counters.set(counter, { count: 0 })
    const names = Array.from({ length: WRITERS }, (_, index) => String(index))
    await listeners.start('session', maps, keysOf('0', 1).plain[0] ?? '')
    await listeners.start('witness', witnessed, keysOf('w', 1).plain[0] ?? '')

    const stop = new AbortController()
    const calm = new AbortController()
    const writers = names.map((name, index) => this.#writer(name, names, maps, seed + 1 + index))
    writers.push(this.#writer('w', ['w'], witnessed, seed))
    const writing = Promise.all(writers.map((writer) => writer.run(stop.signal)))
    const observing = this.#observe(stop.signal)
    const all = [...faults, ...clientFaults(proxied, this.#recorder)]
    const schedule = new FaultSchedule(all, new Random(seed), faultEverySeconds, this.#log)
    const failing = schedule.run(calm.signal)
    await Promise.race([delay(seconds * 1_000), failing])
    calm.abort()
    await failing
    this.#log('all is well again')
    await delay(HEALTHY_MILLIS)
    stop.abort()
    await Promise.race([writing, delay(3 * TIMEOUT_SECONDS * 1_000, undefined, { ref: false })])
    await observing
    this.#log('all calls have ended')
    const violations = [...(await this.#settled()), ...this.#growth()]
    await listeners.close()
    await this.#destroy()
    return {
      description: this.#servers.description,
      violations,
      faults: schedule.counts,
      calls: this.#recorder.counts,
      longestCallMillis: this.#oracle.calls.longestMillis,
      disconnections: this.#disconnections,
      events: listeners.heard.reduce((sum, { eventCount }) => sum + eventCount, 0),
      gaps: listeners.heard.reduce((sum, { gapCount }) => sum + gapCount, 0),
      samples: this.#samples,
      heap: fitOf(this.#samples),
    }
  }

  async #open(name: string, address: readonly string[]): Promise<Session> {
    const session = await Session.create({
      address,
      requestTimeoutSeconds: TIMEOUT_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
    })
    let lostAt = 0
    session.on('disconnected', ({ reason }) => {
      this.#disconnections += 1
      lostAt = this.#recorder.now()
      this.#log(`${name} is disconnected: ${String(reason)}`)
    })
    session.on('reconnected', () => {
      this.#oracle.outage(lostAt, this.#recorder.now() + LEAVE_MILLIS)
      this.#log(`${name} is connected to member ${session.serverInfo.memberId}`)
    })
    session.on('error', (error) => this.#recorder.unexpected(`an error event of ${name}`, error))
    session.on('closed', ({ reason }) => {
      if (reason !== undefined) this.#recorder.unexpected(`${name} closed itself`, reason)
    })
    return session
  }

  #writer(name: string, all: readonly string[], maps: SoakMaps, seed: number): Writer {
    return new Writer(name, all, maps, this.#recorder, new Random(seed))
  }

  /** Judges what is long past, and samples the heap. */
  async #observe(signal: AbortSignal): Promise<void> {
    let judgedAt = performance.now()
    while (!signal.aborted) {
      if (performance.now() - judgedAt >= JUDGE_EVERY_MILLIS) {
        judgedAt = performance.now()
        this.#oracle.forgetBefore(this.#recorder.now() - JUDGED_AFTER_MILLIS)
      }
      this.#sample()
      await delay(SAMPLE_EVERY_MILLIS, undefined, { signal }).catch(() => undefined)
    }
  }

  #sample(): void {
    const minute = this.#recorder.now() / 60_000
    const handles = [...openResources().values()].reduce((sum, count) => sum + count, 0)
    this.#samples.push({ minute, megabytes: heapMegabytes(), handles })
  }

  /** What the oracle still finds when everything that is under way has arrived. */
  async #settled(): Promise<string[]> {
    await using session = await Session.create({ address: this.#servers.direct })
    const maps = await openMaps(session, this.#names)
    const deadline = performance.now() + SETTLE_SECONDS * 1_000
    for (;;) {
      const violations = this.#oracle.violations(await finalOf(maps))
      if (violations.length === 0 || performance.now() > deadline) return violations
      await delay(1_000)
    }
  }

  #growth(): string[] {
    const fit = fitOf(this.#samples)
    return fit === undefined || globalThis.gc === undefined || !isGrowing(fit)
      ? []
      : [`the heap grows by ${fit.megabytesPerMinute.toFixed(2)} MB each minute`]
  }

  async #destroy(): Promise<void> {
    await using session = await Session.create({ address: this.#servers.direct })
    for (const name of Object.values(this.#names) as string[]) await (await session.getMap(name)).destroy()
  }
}

async function finalOf({ plain, processed, counters }: SoakMaps): Promise<Final> {
  const counts = await counters.entries().toMap()
  return {
    entries: new Map([...(await plain.entries().toMap()), ...(await processed.entries().toMap())]),
    counters: new Map([...counts].map(([name, { count }]) => [name, count])),
  }
}
