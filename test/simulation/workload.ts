// What the users of the simulated session do: reads, writes and listeners at random, all of it noted for the oracle.
import {
  type EventGap,
  type MapEvent,
  type NamedMap,
  Aggregators,
  Filters,
  Processors,
  type Session,
  type Subscription,
} from 'coherence-ts'
import type { Random } from '../support/random'
import {
  type Hearing,
  Mirror,
  type MirroredEvent,
  type Oracle,
  type Outcome,
  type Value,
  VALUES,
  type Write,
} from './oracle'
import type { Entry } from './server'
import { now, setTimeout, wallClock } from './virtual-time'

type ValueMap = NamedMap<string, Entry>

/** What is expected of a call. */
interface Kind {
  readonly timeoutSeconds?: number
  /** How often it may wait for as long. */
  readonly waits?: number
  /** Whether it is sent again when its connection is lost. */
  readonly isRepeated?: boolean
  readonly failed?: (outcome: 'not-sent' | 'unknown') => void
}

/** The two maps: of values that are written, and of numbers that are incremented. */
export const COUNTERS = 'counters'

const KEYS_PER_WORKER = 2
const MOST_IN_FLIGHT = 4
const TIMEOUTS_SECONDS = [0.2, 1, 5, 5]
const TIMEOUT_SECONDS = 5
/** In this time, everything works. */
const LAST_TIMEOUT_SECONDS = 60
const LONGEST_PAUSE_MS = 40
/** Longer than it takes to notice that a connection is silent, and to make a new one. */
const MILLIS_TO_HEAR = 30_000

export interface Surroundings {
  readonly random: Random
  readonly workers: number
  /** How long the process did not run until now. */
  readonly lost: () => number
  /** Called when the maps are there. */
  readonly ready: () => void
}

export class Workload {
  readonly #session: Session
  readonly #oracle: Oracle
  readonly #random: Random
  readonly #workers: number
  readonly #lost: () => number
  readonly #isReady: () => void
  #written = 0
  #listeners = 0
  readonly #stopping: Promise<void>
  #stop!: () => void
  #isStopped = false

  constructor(session: Session, oracle: Oracle, { random, workers, lost, ready }: Surroundings) {
    this.#session = session
    this.#oracle = oracle
    this.#random = random
    this.#workers = workers
    this.#lost = lost
    this.#isReady = ready
    this.#stopping = new Promise((resolve) => (this.#stop = resolve))
  }

  stop(): void {
    this.#isStopped = true
    this.#stop()
  }

  /** Resolves when every worker has ended, and every listener has had the time to hear all of it. */
  async run(): Promise<void> {
    const values = await this.#session.getMap<string, Entry>(VALUES)
    const counters = await this.#session.getMap<string, Entry>(COUNTERS)
    await counters.setAll(this.#allKeys().map((key) => [key, { n: 0 }]))
    this.#isReady()
    const workers = Array.from({ length: this.#workers }, (_, worker) => this.#work(worker, values, counters))
    // A server that forgot a cache says so when it is asked.
    const written = Promise.all(workers).then(async () => {
      const end = now()
      await this.#call('the last request', { timeoutSeconds: LAST_TIMEOUT_SECONDS }, () => values.size())
      return end
    })
    const primed = [this.#listenPrimed(values, written), this.#streamPrimed(values, written)]
    await Promise.all([written, this.#listen(values, written), this.#stream(values, written), ...primed])
  }

  async #work(worker: number, values: ValueMap, counters: ValueMap): Promise<void> {
    const inFlight = new Set<Promise<unknown>>()
    while (!this.#isOver()) {
      const operation = this.#operation(worker, values, counters).finally(() => inFlight.delete(operation))
      inFlight.add(operation)
      if (inFlight.size >= MOST_IN_FLIGHT || this.#random.chance(0.5)) await Promise.race(inFlight)
      if (this.#random.chance(0.5)) await this.#pause()
    }
    await Promise.all(inFlight)
  }

  /** One call of any kind. Only this worker writes its own keys. */
  #operation(worker: number, values: ValueMap, counters: ValueMap): Promise<unknown> {
    const own = this.#keyOf(worker)
    const any = this.#keyOf(this.#random.below(this.#workers))
    const options = { timeoutSeconds: this.#random.of(TIMEOUTS_SECONDS) }
    const choice = this.#random.below(100)
    if (choice < 30) {
      const n = ++this.#written
      return this.#write(VALUES, [[own, n]], options, () => values.set(own, { n }, options))
    }
    if (choice < 38) {
      const entries = this.#keysOf(worker).map((key): [string, Value] => [key, ++this.#written])
      const message = entries.map(([key, n]): [string, Entry] => [key, { n }])
      return this.#write(VALUES, entries, options, () => values.setAll(message, options))
    }
    if (choice < 44)
      return this.#write(VALUES, [[own, undefined]], options, () => values.delete(own, options))
    if (choice < 54) {
      const increment = Processors.increment<Entry, 'n'>('n', 1)
      return this.#write(COUNTERS, [[own, '+1']], options, () => counters.invoke(own, increment, options))
    }
    if (choice < 74)
      return this.#read('get', [any], options, async () => new Map([[any, await values.get(any, options)]]))
    if (choice < 82) {
      const keys = Array.from({ length: this.#workers }, (_, each) => this.#keyOf(each))
      return this.#read('getAll', [...new Set(keys)], options, () => values.getAll(keys, options))
    }
    const streamed = { ...options, waits: this.#allKeys().length + 2, isRepeated: false }
    if (choice < 88) {
      return this.#read('entries', this.#allKeys(), streamed, () => values.entries(options).toMap())
    }
    if (choice < 92) {
      const filter = Filters.greater<Entry, 'n'>('n', -1)
      return this.#read('query', this.#allKeys(), streamed, () =>
        values.entries({ ...options, filter }).toMap(),
      )
    }
    if (choice < 95) return this.#call('size', options, () => values.size(options))
    if (choice < 97)
      return this.#call('count', options, () => counters.aggregate(Aggregators.count(), options))
    if (choice < 99) return this.#abort(any, values)
    return this.#call('ping', { ...options, isRepeated: false }, () => this.#session.ping(options))
  }

  #keyOf(worker: number): string {
    return this.#random.of(this.#keysOf(worker))
  }

  #keysOf(worker: number): string[] {
    return Array.from({ length: KEYS_PER_WORKER }, (_, index) => `w${worker}.${index}`)
  }

  #allKeys(): string[] {
    return Array.from({ length: this.#workers }, (_, worker) => this.#keysOf(worker)).flat()
  }

  async #write(
    map: string,
    entries: readonly (readonly [string, Write['value']])[],
    options: Kind,
    call: () => Promise<unknown>,
  ): Promise<void> {
    const writes = entries.map(([key, value]): Write => {
      return { map, key, value, from: now(), to: Infinity, outcome: undefined }
    })
    this.#oracle.writes.push(...writes)
    const text = `a write of ${map} ${entries.map(([key, value]) => `${key}=${String(value)}`).join()}`
    const end = (outcome: Outcome): void => {
      for (const write of writes) Object.assign(write, { outcome, to: now() })
    }
    const acknowledged = async (): Promise<void> => {
      await call()
      end('acknowledged')
    }
    await this.#call(text, { ...options, isRepeated: false, failed: end }, acknowledged)
  }

  async #read(
    operation: string,
    keys: readonly string[],
    kind: Kind,
    call: () => Promise<ReadonlyMap<string, Entry | undefined>>,
  ): Promise<void> {
    const from = now()
    const answer = await this.#call(operation, kind, call)
    if (answer === undefined) return
    for (const key of keys)
      this.#oracle.reads.push({ map: VALUES, key, value: answer.get(key)?.n, from, to: now(), operation })
    for (const key of answer.keys()) {
      if (!keys.includes(key))
        this.#oracle.violated(`${operation} at ${from} gave ${key}, which nobody wrote`)
    }
  }

  /** A read that is given up. */
  async #abort(key: string, values: ValueMap): Promise<void> {
    const controller = new AbortController()
    const reason = new Error('given up')
    setTimeout(() => controller.abort(reason), this.#random.below(20))
    const { signal } = controller
    await this.#call('an aborted read', {}, () =>
      values.get(key, { signal }).catch((error: unknown) => {
        if (error !== reason) throw error
      }),
    )
  }

  /** Makes a call, and notes that it settled, when, and how it failed. Resolves to `undefined` if it failed. */
  async #call<T>(what: string, kind: Kind, call: () => Promise<T>): Promise<T | undefined> {
    const { timeoutSeconds = TIMEOUT_SECONDS, waits = 1, isRepeated = true, failed } = kind
    const from = now()
    const lost = this.#lost()
    const pending = { text: `${what} at ${from}` }
    this.#oracle.calls += 1
    this.#oracle.pending.add(pending)
    try {
      return await call()
    } catch (error) {
      const timeOut = waits > 1 || now() >= from + timeoutSeconds * 1_000
      const outcome = this.#oracle.failed(pending.text, error, { timeOut, loseConnection: !isRepeated })
      failed?.(outcome)
      return undefined
    } finally {
      this.#oracle.pending.delete(pending)
      const limit = waits * timeoutSeconds * 1_000 + this.#lost() - lost
      this.#oracle.settled(pending.text, { from, to: now(), limit })
    }
  }

  #hearing(what: string, key?: string): Hearing {
    const name = `${what} ${++this.#listeners}`
    const hearing: Hearing = { name, map: VALUES, key, since: Infinity, until: 'last', heard: [], gaps: [] }
    this.#oracle.hearings.push(hearing)
    return hearing
  }

  /** Listeners with callbacks that come and go. The last one hears everything. */
  async #listen(values: ValueMap, written: Promise<number>): Promise<void> {
    while (!this.#isOver()) {
      const key = this.#random.chance(0.5) ? this.#keyOf(this.#random.below(this.#workers)) : undefined
      const filter = Filters.greater<Entry, 'n'>('n', -1)
      const options = key !== undefined ? { key } : this.#random.chance(0.5) ? { filter } : {}
      const hearing = this.#hearing(`listener of ${Object.keys(options).join() || 'all'}`, key)
      const subscription = await this.#call('listen', {}, () =>
        values.listen(
          {
            onAny: (event: MapEvent<string, Entry>) => hear(hearing, event),
            onGap: (gap) => hearing.gaps.push(times(gap)),
          },
          options,
        ),
      )
      if (subscription === undefined) {
        await this.#pause()
        continue
      }
      hearing.since = now()
      for (let pauses = this.#random.below(100); pauses > 0 && !this.#isOver(); pauses--) await this.#pause()
      if (this.#isOver()) {
        hearing.until = await written
        await sleep(MILLIS_TO_HEAR)
      }
      await this.#call('the close of a listener', {}, () => subscription.close())
    }
  }

  /** Streams of events that are consumed slowly. The last one hears everything. */
  async #stream(values: ValueMap, written: Promise<number>): Promise<void> {
    while (!this.#isOver()) {
      const overflow = this.#random.of(['error', 'pause'] as const)
      const hearing = this.#hearing(`stream with ${overflow}`)
      const stream = values.events({ overflow })
      const isReady = await this.#call('the registration of a stream', {}, () =>
        stream.ready.then(() => true),
      )
      if (isReady !== true) {
        await this.#pause()
        continue
      }
      hearing.since = now()
      let left = this.#random.below(this.#random.of([10, 200]))
      const closed = this.#stopping.then(async () => {
        const end = await written
        await sleep(MILLIS_TO_HEAR)
        // A stream that was left before is closed, and has not heard all of it.
        if (left <= 0) return
        hearing.until = end
        await this.#call('the close of a stream', {}, () => stream.close())
      })
      for await (const event of stream) {
        if (event.type === 'gap') hearing.gaps.push(times(event))
        else if (event.type !== 'truncated') hear(hearing, event)
        left -= this.#isOver() ? 0 : 1
        if (left <= 0) break
        if (this.#random.chance(0.3) && !this.#isOver()) await this.#pause()
      }
      if (this.#isOver()) await closed
    }
  }

  /** A listener that gets the entries that are present, at first and after each gap. */
  async #listenPrimed(values: ValueMap, written: Promise<number>): Promise<void> {
    const mirror = new Mirror()
    this.#oracle.mirrors.push(mirror)
    const options = { priming: true, resync: true } as const
    const listener = { onAny: (event: MirroredEvent) => mirror.event(event) }
    const listen = async (): Promise<Subscription | undefined> => {
      // What is tried when all faults are over has to work.
      for (let isLast = false; !isLast;) {
        isLast = this.#isOver()
        // The registration and the first entry have their own time each.
        const subscription = await this.#call('listen', { waits: 2 }, () => values.listen(listener, options))
        if (subscription !== undefined) return subscription
        await this.#pause()
      }
      return undefined
    }
    const subscription = await listen()
    await written
    if (subscription === undefined) return
    await sleep(MILLIS_TO_HEAR)
    mirror.isComplete = subscription.isActive
    await this.#call('the close of a primed listener', {}, () => subscription.close())
  }

  /** A stream that yields the entries that are present, at first and after each gap. */
  async #streamPrimed(values: ValueMap, written: Promise<number>): Promise<void> {
    const mirror = new Mirror()
    this.#oracle.mirrors.push(mirror)
    const stream = values.events({ priming: true, resync: true })
    const closed = this.#stopping.then(async () => {
      await written
      await sleep(MILLIS_TO_HEAR)
      mirror.isComplete = true
      await this.#call('the close of a primed stream', {}, () => stream.close())
    })
    try {
      for await (const event of stream) {
        if (event.type !== 'gap' && event.type !== 'truncated') mirror.event(event)
      }
    } catch (error) {
      // Its first registration has the time of a call.
      this.#oracle.failed('the registration of a primed stream', error, {
        timeOut: true,
        loseConnection: true,
      })
      this.#oracle.mirrors.splice(this.#oracle.mirrors.indexOf(mirror), 1)
    }
    await closed
  }

  /** It may be stopped during any wait. */
  #isOver(): boolean {
    return this.#isStopped
  }

  #pause(): Promise<void> {
    return sleep(this.#random.below(LONGEST_PAUSE_MS))
  }
}

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

function hear(hearing: Hearing, { key, oldValue, newValue }: MapEvent<string, Entry>): void {
  hearing.heard.push({ key, before: oldValue?.n, after: newValue?.n, at: now() })
}

/** The times of a gap on the scheduler's clock. */
function times({ from, to }: EventGap<string, Entry>): { readonly from: number; readonly to: number } {
  const epoch = wallClock() - now()
  return { from: from.getTime() - epoch, to: to.getTime() - epoch + 1 }
}
