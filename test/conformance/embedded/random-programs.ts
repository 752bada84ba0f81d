// Runs a program on two servers at once, and says where the second one answers otherwise than the first.
import type { MapEvent, NamedMap } from 'coherence-ts'
import { answerText, errorText, javaClassOf, text } from './answers'
import { type Operation, printOperation, queriesOf, run } from './operations'

export type AnyMap = NamedMap<unknown, unknown>
export type Program = readonly Operation[]
type Pair<T> = readonly [real: T, embedded: T]

/** A place where the servers differ. */
export class DifferenceError extends Error {
  constructor(where: string, [real, embedded]: Pair<string>) {
    super(`${where}\n  real server:     ${real}\n  embedded server: ${embedded}`)
  }
}

/** Runs programs on a map of the real server and on one of the embedded server. */
export class TwoServers {
  readonly #maps: Pair<AnyMap>
  /** How many operations were run. */
  operations = 0
  readonly #indexes: Operation[] = []
  #heard: readonly EventsByKey[] = []

  /**
   * Counts in `made` the queries that were run, by the functions that made them, and in `answered` the operations that did
   * not fail.
   */
  constructor(
    maps: Pair<AnyMap>,
    readonly made = new Map<string, number>(),
    readonly answered = new Map<string, number>(),
  ) {
    this.#maps = maps
  }

  /** Rejects with a DifferenceError where the servers differ. */
  async run(program: Program): Promise<void> {
    await this.#reset()
    for (const operation of program) await this.#step(operation)
    await this.#compareEntries()
  }

  /** As `run()`, and compares what listeners on all keys get. */
  async runListening(program: Program): Promise<void> {
    await this.#reset()
    const heard = await Promise.all(this.#maps.map((map) => EventsByKey.of(map)))
    this.#heard = heard
    try {
      for (const operation of program) await this.#step(operation)
      const texts = await Promise.all(heard.map((events) => events.untilNow()))
      compare('Events by key', texts as unknown as Pair<string>)
    } finally {
      this.#heard = []
      await Promise.all(heard.map((events) => events.stop()))
    }
  }

  async #reset(): Promise<void> {
    const indexes = this.#indexes.splice(0)
    await this.#both(async (map) => {
      for (const index of indexes) await run(map, { name: 'removeIndex', args: index.args.slice(0, 1) })
      await map.truncate()
    })
  }

  async #step(operation: Operation): Promise<void> {
    const answers = await this.#both((map) => answerOf(map, operation))
    const [real] = answers
    this.#count(operation, real.text)
    const isUncertain = dependsOnThreads(operation, answers)
    if (!isUncertain) compareAnswers(printOperation(operation), answers)
    if (operation.name === 'addIndex' && !isFailure(real.text)) this.#indexes.push(operation)
    if (!isUncertain && !dependsOnOrder(operation, real.text)) return
    await this.#both((map) => map.clear())
    await Promise.all(this.#heard.map((events) => events.forget()))
  }

  #count(operation: Operation, answer: string): void {
    this.operations += 1
    if (!isFailure(answer)) increase(this.answered, operation.name)
    for (const { functionName } of queriesOf(operation)) increase(this.made, functionName)
  }

  async #compareEntries(): Promise<void> {
    const all: Operation = { name: 'entries', args: [] }
    compareAnswers('The entries at the end', await this.#both((map) => answerOf(map, all)))
  }

  async #both<T>(action: (map: AnyMap) => Promise<T>): Promise<Pair<T>> {
    return (await Promise.all(this.#maps.map(action))) as unknown as Pair<T>
  }
}

interface Answer {
  readonly text: string
  readonly javaClass: string | undefined
}

const FAILURE = 'fails with '

async function answerOf(map: AnyMap, operation: Operation): Promise<Answer> {
  try {
    return { text: answerText(operation, await run(map, operation)), javaClass: undefined }
  } catch (error) {
    return { text: FAILURE + errorText(error), javaClass: kindOf(operation, javaClassOf(error)) }
  }
}

/** Of many entries another one may be the first to fail; only what the server cannot read or print is always the same. */
function kindOf({ name }: Operation, javaClass: string | undefined): string | undefined {
  if (javaClass === undefined || javaClass.endsWith('.JsonBindingException')) return javaClass
  return name === 'invoke' ? javaClass : 'the class of any entry'
}

function isFailure(answer: string): boolean {
  return answer.startsWith(FAILURE)
}

/** Where a processor fails on one of many entries, those before it stay changed: which these are nobody knows. */
function dependsOnOrder({ name }: Operation, answer: string): boolean {
  return name === 'invokeAll' && isFailure(answer)
}

const OF_SEVERAL_FILTERS = ['Filters.any', 'Filters.all']

/** Where one of several filters fails, it depends on the threads of the server whether it is asked. */
function dependsOnThreads(operation: Operation, [real, embedded]: Pair<Answer>): boolean {
  if (isFailure(real.text) === isFailure(embedded.text)) return false
  return queriesOf(operation).some(({ functionName }) => OF_SEVERAL_FILTERS.includes(functionName))
}

/** The server sends the class of an exception sometimes only. */
function compareAnswers(where: string, [real, embedded]: Pair<Answer>): void {
  const isNamed = real.javaClass !== undefined && embedded.javaClass !== undefined
  const texts = [real, embedded].map(({ text: answer, javaClass }) =>
    isNamed ? `${answer} of ${javaClass ?? ''}` : answer,
  )
  compare(where, texts as unknown as Pair<string>)
}

function compare(where: string, texts: Pair<string>): void {
  if (texts[0] !== texts[1]) throw new DifferenceError(where, texts)
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const MARKER = 'the marker'

class EventsByKey {
  readonly #map: AnyMap
  readonly #events = new Map<string, string[]>()
  #stop: () => Promise<void> = () => Promise.resolve()
  #marked: () => void = () => undefined

  private constructor(map: AnyMap) {
    this.#map = map
  }

  static async of(map: AnyMap): Promise<EventsByKey> {
    const events = new EventsByKey(map)
    const subscription = await map.listen((event) => events.#hear(event))
    events.#stop = () => subscription.close()
    return events
  }

  /** All events of the operations before this call. */
  async untilNow(): Promise<string> {
    const marked = new Promise<void>((resolve) => {
      this.#marked = resolve
    })
    await this.#map.set(MARKER, 0)
    await marked
    return text(this.#events)
  }

  /** Forgets all events of the operations before this call. */
  async forget(): Promise<void> {
    await this.untilNow()
    this.#events.clear()
  }

  async stop(): Promise<void> {
    await this.#stop()
  }

  #hear({ type, key, oldValue, newValue }: MapEvent<unknown, unknown>): void {
    if (key === MARKER) {
      this.#marked()
      return
    }
    const events = this.#events.get(text(key)) ?? []
    events.push(`${type} ${text(oldValue)} -> ${text(newValue)}`)
    this.#events.set(text(key), events)
  }
}
