// One simulation: a session over a simulated network to a simulated server, with virtual time. The same seed gives the same
// run to the byte.
import { Session } from 'coherence-ts'
import { Random } from '../support/random'
import { type Fault, planOf, strike } from './faults'
import { Network } from './network'
import { Oracle, VALUES } from './oracle'
import { Scheduler } from './scheduler'
import { useRandom } from './seeded-crypto'
import { SimulatedServer } from './server'
import { useNetwork } from './simulated-channel'
import { timersThatKeepAlive, useScheduler } from './virtual-time'
import { COUNTERS, Workload } from './workload'

export interface Settings {
  readonly seed: number
  /** For how many steps there are faults and new calls. */
  readonly steps: number
  /** The numbers of faults that do not happen. */
  readonly without?: ReadonlySet<number>
}

export interface Result {
  readonly seed: number
  readonly steps: number
  readonly calls: number
  readonly changes: number
  readonly reconnects: number
  /** The faults that happened, by their numbers. */
  readonly faults: ReadonlyMap<number, Fault>
  /** Of every step, and of every byte that was sent. */
  readonly digest: string
  readonly violations: readonly string[]
  /** The last steps. */
  readonly trace: readonly string[]
}

/** Faults are planned for so long; steps end earlier. */
const PLAN_MS = 600_000
/** When everything works again, everything settles within so many steps, or it never does. */
const MOST_STEPS_TO_SETTLE = 300_000
const HEARTBEAT_SECONDS = 1
const REQUEST_TIMEOUT_SECONDS = 5
/** How long `close()` may take if there are no calls. */
const LONGEST_CLOSE_MS = 1_000
/** The main stream, and those that are kept for the next read. */
const MOST_IDLE_STREAMS = 5

/** Runs one simulation. Only one can run at a time. */
export async function simulate(settings: Settings): Promise<Result> {
  const simulation = new Simulation(settings)
  const realRandom = Math.random
  const unhandled = (error: unknown): void => simulation.oracle.violated(`nobody handled ${String(error)}`)
  process.on('unhandledRejection', unhandled)
  try {
    Math.random = () => simulation.chance()
    return await simulation.run()
  } finally {
    process.off('unhandledRejection', unhandled)
    Math.random = realRandom
    useNetwork(undefined)
    useScheduler(undefined)
  }
}

/**
 * Leaves out as many faults as it can from a simulation that fails, and returns one that still fails.
 *
 * @param mostRuns How often it may try.
 */
export async function shrunk(failed: Result, steps: number, mostRuns = 100): Promise<Result> {
  let smallest = failed
  const without = new Set<number>()
  let runs = 0
  for (let size = Math.ceil(failed.faults.size / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let begin = 0; begin < smallest.faults.size && runs < mostRuns;) {
      const part = [...smallest.faults.keys()].slice(begin, begin + size)
      const result = await simulate({ seed: failed.seed, steps, without: new Set([...without, ...part]) })
      runs += 1
      if (result.violations.length > 0) {
        for (const number of part) without.add(number)
        smallest = result
      } else begin += size
    }
  }
  return smallest
}

class Simulation {
  readonly oracle = new Oracle()
  readonly #settings: Settings
  readonly #scheduler = new Scheduler()
  readonly #library: Random
  readonly #server: SimulatedServer
  readonly #network: Network
  readonly #workers: number
  readonly #struck = new Map<number, Fault>()
  /** How long the process did not run. */
  #lost = 0
  #reconnects = 0

  constructor(settings: Settings) {
    this.#settings = settings
    useScheduler(this.#scheduler)
    const plan = this.#random(1)
    const world = this.#random(2)
    this.#library = this.#random(3)
    useRandom(this.#library)
    this.#server = new SimulatedServer(this.#scheduler, world, plan.chance(0.3))
    this.#network = new Network(this.#scheduler, world, (call) => this.#server.serve(call))
    this.#server.useNetwork(this.#network)
    this.#server.watch(VALUES)
    this.#server.watch(COUNTERS)
    useNetwork(this.#network, plan.chance(0.7))
    this.#workers = 2 + plan.below(6)
  }

  /** From 0 up to, but without, 1. */
  chance(): number {
    return this.#library.below(2 ** 32) / 2 ** 32
  }

  async run(): Promise<Result> {
    const { seed } = this.#settings
    const session = await this.#create()
    await this.#work(session)
    this.oracle.check(this.#server.changes)
    this.#checkStats(session)
    await this.#close(session)
    return {
      seed,
      steps: this.#scheduler.steps,
      calls: this.oracle.calls,
      changes: this.#server.changes.length,
      reconnects: this.#reconnects,
      faults: this.#struck,
      digest: this.#scheduler.trace.digest(),
      violations: this.oracle.violations.map((text) => `seed ${seed}: ${text}`),
      trace: this.#scheduler.trace.lines,
    }
  }

  /** A source of chance for each part, so that none depends on how much another one takes. */
  #random(part: number): Random {
    return new Random(this.#settings.seed * 31 + part)
  }

  async #create(): Promise<Session> {
    const creating = Session.create({
      address: 'simulation:1408',
      requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      identity: { machineName: 'simulated', processName: '1' },
    })
    const created = settled(creating)
    await this.#scheduler.run(() => created.isSettled, MOST_STEPS_TO_SETTLE)
    const session = await creating
    session.on('error', (error) => this.oracle.reported(error))
    session.on('reconnected', () => (this.#reconnects += 1))
    return session
  }

  /** Faults and calls for as many steps as there are, and then calls without faults until all have settled. */
  async #work(session: Session): Promise<void> {
    const { oracle } = this
    let isReady = false
    let isOver = false
    const workload = new Workload(session, oracle, {
      random: this.#random(5),
      workers: this.#workers,
      lost: () => this.#lost,
      ready: () => (isReady = true),
    })
    workload.run().then(
      () => (isOver = true),
      (error: unknown) => {
        isOver = true
        oracle.violated(`the workload failed: ${String(error)}`)
      },
    )
    await this.#scheduler.run(() => isReady || isOver, MOST_STEPS_TO_SETTLE)
    const heal = this.#planFaults()
    await this.#scheduler.run(() => isOver, this.#settings.steps)
    heal()
    workload.stop()
    await this.#scheduler.run(() => isOver, MOST_STEPS_TO_SETTLE)
    for (const { text } of oracle.pending) oracle.violated(`${text} never settled`)
  }

  /** Returns a function after which there are no faults any more. */
  #planFaults(): () => void {
    const begin = this.#scheduler.now
    const tasks = planOf(this.#random(4), PLAN_MS).map((fault, index) => {
      if (this.#settings.without?.has(index) === true) return undefined
      const at = begin + fault.at
      return this.#scheduler.at(at, `fault ${index}: ${fault.kind} ${fault.millis}`, () => {
        // While the process does not run, the network goes on, and nothing else can block the process.
        if (fault.kind === 'block' && this.#scheduler.now > at) return
        this.#struck.set(index, fault)
        strike(fault, {
          scheduler: this.#scheduler,
          network: this.#network,
          server: this.#server,
          block: (millis) => this.#block(millis),
        })
      })
    })
    const endsInSilence = this.#random(6).chance(0.3)
    return () => {
      for (const task of tasks) if (task !== undefined) this.#scheduler.cancel(task)
      // Connections that are silent stay so.
      Object.assign(this.#network.weather, { door: 'open', slowness: 1 })
      if (endsInSilence) for (const connection of this.#network.connections) connection.hold()
    }
  }

  #block(millis: number): void {
    this.#scheduler.skip(millis)
    this.#lost += millis
  }

  #checkStats(session: Session): void {
    const { pendingCalls, pendingBytes } = session.stats()
    if (pendingCalls !== 0 || pendingBytes !== 0)
      this.oracle.violated(`${pendingCalls} calls with ${pendingBytes} bytes are pending when none is`)
    const all = [...this.#network.connections].flatMap((connection) => [...connection.streams])
    const streams = all.filter(({ isUsed }) => isUsed)
    if (streams.length > MOST_IDLE_STREAMS)
      this.oracle.violated(`${streams.length} streams are open for nothing`)
  }

  /** Closes the session: nothing of it may be left. */
  async #close(session: Session): Promise<void> {
    const { oracle } = this
    const scheduler = this.#scheduler
    const from = scheduler.now
    const closing = settled(session.close())
    await scheduler.run(() => closing.isSettled, MOST_STEPS_TO_SETTLE)
    if (!closing.isSettled) oracle.violated('close() never settled')
    if (scheduler.now - from > LONGEST_CLOSE_MS) oracle.violated(`close() took ${scheduler.now - from} ms`)
    if (this.#network.connections.size > 0)
      oracle.violated(`${this.#network.connections.size} connections are left`)
    const timers = timersThatKeepAlive()
    if (timers > 0) oracle.violated(`${timers} timers are left that keep the process alive`)
    // Other timers end by themselves; those that never do are leaks.
    const end = await scheduler.run(() => false, MOST_STEPS_TO_SETTLE)
    if (end !== 'idle') oracle.violated(`what is left goes on for ever: ${scheduler.waiting.join(', ')}`)
    if (this.#server.streams > 0) oracle.violated(`${this.#server.streams} streams are left on the server`)
  }
}

/** Says whether the promise has settled. */
function settled(promise: Promise<unknown>): { readonly isSettled: boolean } {
  const state = { isSettled: false }
  const end = (): boolean => (state.isSettled = true)
  promise.then(end, end)
  return state
}
