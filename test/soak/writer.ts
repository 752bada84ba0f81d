// One of many that use a session at once: it calls near every public method, at random, and only it writes its keys.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Aggregators, Extractors, Filters, Processors, ServerError } from 'coherence-ts'
import type { Random } from '../support/random'
import { hear } from '../support/hear'
import type { IncrementRecord } from '../support/oracle/counters'
import type { ReadRecord } from '../support/oracle/ledger'
import type { Seen, WriteRecord } from '../support/oracle/write-record'
import { type Counted, COUNTERS, FILTERED_ABOVE, keysOf, type SoakMaps } from './maps'
import { aborting, impatient, patient, type Patience, type Recorder } from './recorder'

const KEYS = 8
const MOST_PAUSE_MILLIS = 60
const MOST_IN_FLIGHT = 10

/** Of calls whose effect nobody checks. */
const NOTHING = { answered: () => undefined, failed: () => undefined }

const self = Extractors.identity<number>()

export class Writer {
  readonly #name: string
  readonly #maps: SoakMaps
  readonly #recorder: Recorder
  readonly #random: Random
  readonly #keys: { readonly plain: string[]; readonly processed: string[] }
  /** The keys of all writers of the plain map. */
  readonly #all: readonly string[]
  readonly #steps: readonly (readonly [weight: number, step: () => Promise<unknown>])[]

  constructor(name: string, all: readonly string[], maps: SoakMaps, recorder: Recorder, random: Random) {
    this.#name = name
    this.#maps = maps
    this.#recorder = recorder
    this.#random = random
    this.#keys = keysOf(name, KEYS)
    this.#all = all.flatMap((writer) => keysOf(writer, KEYS).plain)
    this.#steps = [
      [14, () => this.#set()],
      [4, () => this.#setSeveral()],
      [5, () => this.#setAll()],
      [6, () => this.#delete()],
      [5, () => this.#setIfAbsent()],
      [5, () => this.#replace()],
      [3, () => this.#replaceMapping()],
      [3, () => this.#removeMapping()],
      [8, () => this.#get()],
      [5, () => this.#getAll()],
      [3, () => this.#entries()],
      [1, () => this.#someEntries()],
      [2, () => this.#otherReads()],
      [10, () => this.#invoke()],
      [3, () => this.#invokeRemoval()],
      [3, () => this.#invokeAllToRead()],
      [6, () => this.#increment()],
      [2, () => this.#incrementAll()],
      [2, () => this.#expiring()],
      [1, () => this.#mapOfItsOwn()],
      [1, () => this.#listenForAWhile()],
    ]
  }

  /** Resolves when `signal` has aborted and all calls have ended. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#step()()
      await delay(this.#random.below(MOST_PAUSE_MILLIS))
    }
  }

  #step(): () => Promise<unknown> {
    let roll = this.#random.below(this.#steps.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, step] of this.#steps) if ((roll -= weight) < 0) return step
    throw new Error('There are no steps')
  }

  get #plainKey(): string {
    return this.#random.of(this.#keys.plain)
  }

  #patience(): Patience {
    if (this.#random.chance(0.04)) return impatient(this.#random.below(100) / 100)
    return this.#random.chance(0.04) ? aborting(1 + this.#random.below(40)) : patient()
  }

  async #set(key = this.#plainKey): Promise<void> {
    const record = this.#begin(key)
    const patience = this.#patience()
    await this.#write(
      'set',
      [record],
      () => this.#maps.plain.set(key, record.number, patience.options),
      patience,
    )
  }

  /** Several writes of one key in flight at once. */
  async #setSeveral(): Promise<void> {
    const key = this.#plainKey
    const count = 2 + this.#random.below(MOST_IN_FLIGHT - 1)
    await Promise.all(Array.from({ length: count }, () => this.#set(key)))
  }

  async #setAll(): Promise<void> {
    const records = this.#random.some(this.#keys.plain).map((key) => this.#begin(key))
    const entries = records.map(({ key, number }) => [key, number] as const)
    const isAsync = this.#random.chance(0.3)
    await this.#recorder.write('setAll', () => this.#maps.plain.setAll(isAsync ? eachOf(entries) : entries), {
      answered: (_, at) => {
        for (const record of records) this.#ledger.acknowledged(record, at)
      },
      failed: (outcome, at) => {
        for (const record of records) this.#ledger.failed(record, outcome, at)
      },
    })
  }

  async #delete(): Promise<void> {
    const key = this.#plainKey
    const record = this.#ledger.remove(key, this.#recorder.now())
    const patience = this.#patience()
    await this.#write('delete', [record], () => this.#maps.plain.delete(key, patience.options), patience)
  }

  async #setIfAbsent(): Promise<void> {
    const key = this.#plainKey
    const record = this.#begin(key)
    await this.#conditional(
      'setIfAbsent',
      record,
      () => this.#maps.plain.setIfAbsent(key, record.number),
      (found) => found === undefined,
    )
  }

  async #replace(): Promise<void> {
    const key = this.#plainKey
    const record = this.#begin(key)
    await this.#conditional(
      'replace',
      record,
      () => this.#maps.plain.replace(key, record.number),
      (found) => found !== undefined,
    )
  }

  async #replaceMapping(): Promise<void> {
    const key = this.#plainKey
    const old = this.#lastValue(key)
    if (old === undefined) return
    const record = this.#begin(key)
    const call = (): Promise<boolean> => this.#maps.plain.replaceMapping(key, old, record.number)
    await this.#mapping('replaceMapping', record, old, call)
  }

  async #removeMapping(): Promise<void> {
    const key = this.#plainKey
    const old = this.#lastValue(key)
    if (old === undefined) return
    const record = this.#ledger.remove(key, this.#recorder.now())
    await this.#mapping('removeMapping', record, old, () => this.#maps.plain.removeMapping(key, old))
  }

  async #get(): Promise<void> {
    const isPlain = this.#random.chance(0.7)
    const key = isPlain ? this.#random.of(this.#all) : this.#random.of(this.#keys.processed)
    const read = this.#ledger.read(key, 'get')
    const map = isPlain ? this.#maps.plain : this.#maps.processed
    const patience = this.#patience()
    await this.#recorder.read(
      'get',
      () => map.get(key, patience.options),
      (found, at) => this.#ledger.answered(read, found, at),
      patience,
    )
  }

  async #getAll(): Promise<void> {
    const keys = this.#random.some(this.#all)
    const reads = this.#beginReads(keys, 'getAll')
    await this.#recorder.read(
      'getAll',
      () => this.#maps.plain.getAll(keys),
      (found, at) => this.#endReads(reads, found, at),
    )
  }

  async #entries(): Promise<void> {
    const keys = this.#random.chance(0.5) ? this.#all : this.#keys.processed
    const map = keys === this.#all ? this.#maps.plain : this.#maps.processed
    const reads = this.#beginReads(keys, 'entries')
    await this.#recorder.stream(
      'entries',
      () => map.entries().toMap(),
      (found, at) => this.#endReads(reads, found, at),
    )
  }

  /** Of an iteration that is left before its end, and of a query. */
  async #someEntries(): Promise<void> {
    const reads = this.#beginReads(this.#all, 'some entries')
    const filter = this.#random.chance(0.5) ? Filters.greater(self, FILTERED_ABOVE) : undefined
    const most = 1 + this.#random.below(100)
    await this.#recorder.stream('entries, some', async () => {
      let count = 0
      for await (const [key, value] of this.#maps.plain.entries({ filter })) {
        const read = reads.get(key)
        if (read !== undefined) this.#ledger.answered(read, value, this.#recorder.now())
        if ((count += 1) === most) break
      }
    })
  }

  async #otherReads(): Promise<void> {
    const { plain, session } = this.#maps
    const key = this.#random.of(this.#all)
    const filter = Filters.greater(self, FILTERED_ABOVE)
    const read = this.#ledger.read(key, 'getOrDefault')
    const reads: readonly (() => Promise<void>)[] = [
      () =>
        this.#recorder.read(
          'getOrDefault',
          () => plain.getOrDefault(key, 0),
          (found, at) => this.#ledger.answered(read, found === 0 ? undefined : found, at),
        ),
      () => this.#recorder.read('has', () => plain.has(key)),
      () => this.#recorder.read('hasEntry', () => plain.hasEntry(key, 1)),
      () => this.#recorder.read('hasValue', () => plain.hasValue(-1)),
      () => this.#recorder.read('size', () => plain.size()),
      () => this.#recorder.read('isEmpty', () => plain.isEmpty()),
      () => this.#recorder.read('isReady', () => plain.isReady()),
      () => this.#recorder.read('aggregate', () => plain.aggregate(Aggregators.count(), { filter })),
      () => this.#recorder.write('ping', () => session.ping(), NOTHING),
      () => this.#recorder.stream('keys', () => plain.keys({ filter }).toArray()),
      () => this.#recorder.stream('values', () => plain.values().toArray()),
      () => this.#recorder.stream('forEach', () => plain.forEach(() => undefined)),
    ]
    await this.#random.of(reads)()
  }

  async #invoke(): Promise<void> {
    const key = this.#random.of(this.#keys.processed)
    const record = this.#begin(key)
    const patience = this.#patience()
    const processor = Processors.all(
      Processors.extract(self),
      Processors.conditionalPut<number>(Filters.always(), record.number),
    )
    const call = async (): Promise<Seen> =>
      (await this.#maps.processed.invoke(key, processor, patience.options))[0] ?? undefined
    await this.#write('invoke', [record], call, patience)
  }

  async #invokeRemoval(): Promise<void> {
    const key = this.#random.of(this.#keys.processed)
    const record = this.#ledger.remove(key, this.#recorder.now())
    const processor = Processors.all(
      Processors.extract(self),
      Processors.conditionalRemove<number>(Filters.always()),
    )
    const call = async (): Promise<Seen> =>
      (await this.#maps.processed.invoke(key, processor))[0] ?? undefined
    await this.#write('invoke', [record], call)
  }

  async #invokeAllToRead(): Promise<void> {
    const keys = this.#random.some(this.#keys.processed)
    const isStreamed = this.#random.chance(0.3)
    const reads = this.#beginReads(keys, isStreamed ? 'streamed invokeAll' : 'invokeAll')
    const found = new Map<string, number>()
    await this.#recorder.write(
      'invokeAll',
      async () => {
        const results = isStreamed
          ? this.#maps.processed.invokeAll(Processors.extract(self), { keys, stream: true })
          : await this.#maps.processed.invokeAll(Processors.extract(self), { keys })
        for await (const [key, value] of results) if (typeof value === 'number') found.set(key, value)
      },
      {
        answered: (_, at) => this.#endReads(reads, found, at),
        failed: () => undefined,
      },
    )
  }

  async #increment(): Promise<void> {
    const counter = this.#random.of(COUNTERS)
    const record = this.#oracle.counters.increment(counter)
    const patience = this.#patience()
    await this.#recorder.write(
      'increment',
      () =>
        this.#maps.counters.invoke(
          counter,
          Processors.increment<Counted, 'count'>('count', 1),
          patience.options,
        ),
      {
        answered: (value, at) => this.#oracle.counters.acknowledged(record, value, at),
        failed: (outcome) => this.#oracle.counters.failed(record, outcome),
      },
      patience,
    )
  }

  async #incrementAll(): Promise<void> {
    const keys = this.#random.some(COUNTERS)
    const records = new Map<string, IncrementRecord>()
    for (const key of keys) records.set(key, this.#oracle.counters.increment(key))
    await this.#recorder.write(
      'increment of several',
      () => this.#maps.counters.invokeAll(Processors.increment<Counted, 'count'>('count', 1), { keys }),
      {
        answered: (values, at) => {
          for (const [key, record] of records)
            this.#oracle.counters.acknowledged(record, Number(values.get(key)), at)
        },
        failed: (outcome) => {
          for (const record of records.values()) this.#oracle.counters.failed(record, outcome)
        },
      },
    )
  }

  /** Its entries come and go by themselves, so that only errors count. */
  async #expiring(): Promise<void> {
    const key = `e${this.#name}`
    await this.#recorder.write(
      'set, expiring',
      () => this.#maps.expiring.set(key, 1, { ttlSeconds: 0.1 + this.#random.below(10) / 10 }),
      NOTHING,
    )
    await this.#recorder.read('get, expiring', () => this.#maps.expiring.get(key))
  }

  /** Made, filled, emptied and destroyed. */
  async #mapOfItsOwn(): Promise<void> {
    const name = `soak-own-${randomUUID()}`
    await this.#recorder.write(
      'a map of its own',
      async () => {
        const map = await this.#maps.session.getMap<string, number>(name)
        try {
          await map.setAll([
            ['a', 1],
            ['b', 2],
          ])
          await map.addIndex(self, { ordered: true })
          await map.clear()
          if ((await map.size()) !== 0) this.#oracle.unexpected(`${name} has entries after clear`)
          await map.removeIndex(self)
        } catch (error) {
          if (!isUnknownStill(error)) throw error
        } finally {
          await (this.#random.chance(0.5) ? map.destroy() : map.release())
        }
      },
      NOTHING,
      { ...patient(), seconds: 10 * patient().seconds },
    )
  }

  /** A listener to a key of its own, which comes and goes. */
  async #listenForAWhile(): Promise<void> {
    const key = this.#plainKey
    const heard = this.#oracle.listener(`a listener to ${key} for a while`, Infinity, {
      selects: (other) => other === key,
      resync: true,
    })
    const note = hear(heard, this.#recorder.origin)
    await this.#recorder.write(
      'listen',
      async () => {
        const subscription = await this.#maps.plain.listen(
          { onAny: note, onGap: note, onTruncated: note },
          { key, priming: true, resync: true },
        )
        heard.started(this.#recorder.now())
        await this.#set(key)
        await this.#set(key)
        heard.ended(this.#recorder.now())
        await subscription.close()
      },
      { answered: () => undefined, failed: (_, at) => heard.ended(at) },
      { ...patient(), seconds: 4 * patient().seconds },
    )
  }

  get #oracle(): Recorder['oracle'] {
    return this.#recorder.oracle
  }

  get #ledger(): Recorder['oracle']['ledger'] {
    return this.#recorder.oracle.ledger
  }

  #begin(key: string): WriteRecord {
    return this.#ledger.write(key, this.#recorder.now())
  }

  #lastValue(key: string): Seen {
    return this.#ledger.lastAcknowledged(key)?.value
  }

  /** A call that is answered with what was there before it. */
  async #write(
    name: string,
    records: readonly WriteRecord[],
    call: () => Promise<Seen>,
    patience?: Patience,
  ): Promise<void> {
    await this.#recorder.write(
      name,
      call,
      {
        answered: (value, at) => {
          for (const record of records) this.#ledger.acknowledged(record, at, { value })
        },
        failed: (outcome, at) => {
          for (const record of records) this.#ledger.failed(record, outcome, at)
        },
      },
      patience,
    )
  }

  /** A write that depends on what is there, which is its answer. */
  async #conditional(
    name: string,
    record: WriteRecord,
    call: () => Promise<Seen>,
    stores: (found: Seen) => boolean,
  ): Promise<void> {
    await this.#recorder.write(name, call, {
      answered: (value, at) => {
        if (stores(value)) this.#ledger.acknowledged(record, at, { value })
        else this.#ledger.declined(record, at, { value })
      },
      failed: (outcome, at) => this.#ledger.failed(record, outcome, at),
    })
  }

  /** A write that depends on whether `old` is there. */
  async #mapping(
    name: string,
    record: WriteRecord,
    old: number,
    call: () => Promise<boolean>,
  ): Promise<void> {
    await this.#recorder.write(name, call, {
      answered: (isDone, at) => {
        if (isDone) this.#ledger.acknowledged(record, at, { value: old })
        else this.#ledger.declined(record, at)
      },
      failed: (outcome, at) => this.#ledger.failed(record, outcome, at),
    })
  }

  #beginReads(keys: readonly string[], by: string): Map<string, ReadRecord> {
    return new Map(keys.map((key) => [key, this.#ledger.read(key, by)]))
  }

  #endReads(reads: ReadonlyMap<string, ReadRecord>, found: ReadonlyMap<string, number>, at: number): void {
    for (const [key, read] of reads) this.#ledger.answered(read, found.get(key), at)
  }
}

/** While a member leaves (25.03.2), others may not know yet a cache that was made a moment ago. */
function isUnknownStill(error: unknown): boolean {
  return (
    error instanceof ServerError &&
    error.serverMessage.includes('The reference to the cache has been released')
  )
}

async function* eachOf<T>(elements: readonly T[]): AsyncGenerator<T> {
  for (const element of elements) {
    await Promise.resolve()
    yield element
  }
}
