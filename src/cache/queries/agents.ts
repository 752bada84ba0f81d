// The calls of one map that carry a processor, an aggregator or an index.
import type { Bytes } from '../../bytes'
import { atOnce, type CallerStack, captureCaller, fromCaller, wrongArgument } from '../../calls/caller-stack'
import { ServerError } from '../../errors'
import type { Call } from '../../calls/call'
import type { Target } from '../../protocol/port'
import { answerableOverNothing, readAggregateResult } from '../../query/aggregate-result'
import { never } from '../../query/filters'
import type { Aggregator, Comparator, Processor } from '../../query/query'
import { kindOfQuery } from '../../query/query-kind'
import { extractorFrom } from '../../query/source'
import { AskedKeys } from '../bulk/asked-keys'
import {
  booleanOption,
  type CallOptions,
  checkedOptions,
  createStreamCall,
  type GivenOptions,
  startedNow,
  reportAborted,
  WRITE_OPTIONS,
  type WriteOptions,
} from '../../calls/call-options'
import { StreamedCall } from '../../calls/streamed-call'
import type { MapContext } from '../map-context'
import { checkTarget, type EntryTarget, TARGET_OPTIONS } from './query-options'
import { elementsOf, type Results, StartedResults } from './results'

/** Options of `addIndex`. */
export interface IndexOptions<V> extends WriteOptions {
  /** Whether the index helps with ranges and order as well. Left out, `false`. */
  readonly ordered?: boolean | undefined
  /** The order of the index. Left out, the natural order. */
  readonly comparator?: Comparator<V> | undefined
}

/** Options of `invokeAll`, whatever it resolves to. */
type InvokeAllOptions<K, V> = EntryTarget<K, V> &
  WriteOptions & { readonly discardResults?: boolean | undefined; readonly stream?: boolean | undefined }

const INVOKE_ALL_OPTIONS = [...TARGET_OPTIONS, 'onAborted', 'discardResults', 'stream'] as const
const INDEX_OPTIONS = [...WRITE_OPTIONS, 'ordered', 'comparator'] as const

export class Agents<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  invoke<R>(key: K, processor: Processor<V, R>, options: WriteOptions | undefined): Promise<R> {
    const context = this.#context
    return context.run('invoke', options, WRITE_OPTIONS, async (call) => {
      checkPlaces(key, processor)
      const bytes = context.encodeKey('invoke', key)
      const agent = context.encodeQuery('invoke', 'the processor', processor)
      context.codec.assertFits('invoke', bytes.length + agent.length, key)
      const answer = await context.order.write([bytes], call, (ordered) =>
        context.remote.queries.invoke(bytes, agent, ordered),
      )
      return context.codec.decodePrevious(answer) as unknown as R
    })
  }

  invokeAll<R>(
    processor: Processor<V, R>,
    options: InvokeAllOptions<K, V> | undefined,
  ): Promise<Map<K, R>> | Promise<void> | Results<[K, R]> {
    const { discardResults, stream } = marksOf(options)
    if (stream === true) return this.#invokeAllStreamed(processor, options)
    return this.#invokeAll(processor, options, discardResults === true)
  }

  #invokeAll<R>(
    processor: Processor<V, R>,
    options: InvokeAllOptions<K, V> | undefined,
    discards: boolean,
  ): Promise<Map<K, R>> {
    const { codec, remote } = this.#context
    return this.#context.run('invokeAll', options, INVOKE_ALL_OPTIONS, async (call) => {
      const { asked, targets, agent } = this.#invocation<R>(processor, (options ?? {}) as GivenOptions)
      const results = new Map<K, R>()
      const run = async (target: Target): Promise<void> => {
        for await (const { key, value } of elementsOf(remote.queries.invokeAll(agent, target, call))) {
          if (discards) continue
          const result = codec.decodePrevious(value) as unknown as R
          if (asked === undefined) results.set(codec.decodeKey(key), result)
          else asked.answered(result, key)
        }
      }
      await Promise.all(targets.map((target) => this.#ordered(target, call, () => run(target))))
      // The overload with `discardResults` resolves to nothing.
      if (discards) return undefined as never
      return asked === undefined ? results : asked.results()
    })
  }

  /** Does the same, but sends the request at once and returns the results as they arrive, for one consumer. */
  #invokeAllStreamed<R>(
    processor: Processor<V, R>,
    options: InvokeAllOptions<K, V> | undefined,
  ): Results<[K, R]> {
    const context = this.#context
    const { given, call } = atOnce(() => {
      context.assertUsable('invokeAll')
      const given = checkedOptions('invokeAll', options, INVOKE_ALL_OPTIONS)
      return { given, call: createStreamCall(context, 'invokeAll', given) }
    })
    const streamed = new StreamedCall(context.traffic, call)
    try {
      streamed.begin()
      const invocation = atOnce(() => this.#invocation<R>(processor, given))
      const results = this.#invokeInTurn<R>(invocation, streamed, captureCaller())
      return StartedResults.start(
        call.sent === undefined ? results : this.#reportingAborted(results, call, given),
      )
    } catch (error) {
      reportAborted(error, call, given, context)
      streamed.failed(error)
      throw error
    }
  }

  aggregate<R>(
    aggregator: Aggregator<V, R>,
    options: (EntryTarget<K, V> & CallOptions) | undefined,
  ): Promise<R> {
    return this.#context.run('aggregate', options, TARGET_OPTIONS, async (call) => {
      const given = (options ?? {}) as GivenOptions
      checkTarget('aggregate', given)
      const agent = this.#context.encodeQuery('aggregate', 'the aggregator', aggregator)
      const target = this.#aggregationTarget(agent, given)
      const decoded = await this.#aggregate(aggregator, agent, target, call)
      return readAggregateResult(aggregator, decoded) as R
    })
  }

  addIndex(source: unknown, options: IndexOptions<V> | undefined): Promise<void> {
    const context = this.#context
    return context.run('addIndex', options, INDEX_OPTIONS, async (call) => {
      const given = (options ?? {}) as GivenOptions
      const ordered = booleanOption('addIndex', 'ordered', given)
      const extractor = context.encodeQuery('addIndex', 'the extractor', extractorFrom('addIndex', source))
      const order = context.encodeOptionalQuery('addIndex', 'comparator', given['comparator'])
      context.codec.assertFits('addIndex', extractor.length + (order?.length ?? 0))
      await context.remote.queries.addIndex(extractor, ordered, order, call)
    })
  }

  removeIndex(source: unknown, options: WriteOptions | undefined): Promise<void> {
    const context = this.#context
    return context.run('removeIndex', options, WRITE_OPTIONS, async (call) => {
      const checked = extractorFrom('removeIndex', source)
      const extractor = context.encodeQuery('removeIndex', 'the extractor', checked)
      await context.remote.queries.removeIndex(extractor, call)
    })
  }

  /** Prepares an invocation of many entries: one request, or several if the keys do not fit in one. */
  #invocation<R>(processor: unknown, given: GivenOptions): Invocation<K, R> {
    checkMarks(given)
    checkTarget('invokeAll', given)
    const agent = this.#context.encodeQuery('invokeAll', 'the processor', processor)
    const { keys } = given
    if (keys === undefined)
      return { agent, targets: [this.#entriesBy('invokeAll', agent, given)], asked: undefined }
    const asked = new AskedKeys<K, R>('invokeAll', keys, this.#context.codec)
    const targets = asked.batches(agent.length).map((batch): Target => ({ kind: 'keys', keys: batch }))
    return { agent, targets, asked }
  }

  #aggregationTarget(agent: Bytes, given: GivenOptions): Target {
    const { keys } = given
    if (keys === undefined) return this.#entriesBy('aggregate', agent, given)
    const asked = new AskedKeys<K, never>('aggregate', keys, this.#context.codec)
    // The results over parts of the keys cannot be made into one.
    return { kind: 'keys', keys: asked.allInOne(agent.length) }
  }

  #entriesBy(operation: string, agent: Bytes, given: GivenOptions): Target {
    const filter = this.#context.encodeOptionalQuery(operation, 'filter', given['filter'])
    if (filter === undefined) return { kind: 'all' }
    this.#context.codec.assertFits(operation, agent.length + filter.length)
    return { kind: 'filter', filter }
  }

  async #aggregate(
    aggregator: Aggregator<V, unknown>,
    agent: Bytes,
    target: Target,
    call: Call,
  ): Promise<unknown> {
    const context = this.#context
    const run = async (bytes: Bytes): Promise<unknown> => {
      if (target.kind === 'keys' && target.keys.length === 0) return this.#aggregateNothing(bytes, call)
      await this.#turnToRead(target, call)
      return context.codec.decodeResult(await context.remote.queries.aggregate(bytes, target, call))
    }
    try {
      return await run(agent)
    } catch (error) {
      const instead = error instanceof ServerError ? answerableOverNothing(aggregator) : undefined
      if (instead === undefined) throw error
      return run(context.encodeQuery('aggregate', 'the aggregator', instead))
    }
  }

  /** Aggregates no entries, by a filter that accepts none: the server reads an empty list of keys as all entries. */
  async #aggregateNothing(agent: Bytes, call: Call): Promise<unknown> {
    const filter = this.#context.codec.encodeQuery(never())
    return this.#context.codec.decodeResult(
      await this.#context.remote.queries.aggregate(agent, { kind: 'filter', filter }, call),
    )
  }

  /** Runs a part of an invocation in its turn. `run` settles when the server has finished the part. */
  async #ordered<T>(target: Target, call: Call, run: () => Promise<T>): Promise<T> {
    if (target.kind !== 'keys') {
      await this.#turnToRead(target, call)
      return run()
    }
    return this.#context.order.write(target.keys, call, (ordered) =>
      run().finally(() => ordered.onFinished?.()),
    )
  }

  #turnToRead(target: Target, call: Call): Promise<void> | undefined {
    const { codec, order } = this.#context
    if (target.kind !== 'keys') return order.turnToReadAll(call)
    return order.turnToReadKeys(
      target.keys.map((key) => codec.identityOf(key)),
      call,
    )
  }

  async *#invokeInTurn<R>(
    { agent, targets, asked }: Invocation<K, unknown>,
    streamed: StreamedCall,
    caller: CallerStack,
  ): AsyncGenerator<[K, R], undefined> {
    const { remote, codec } = this.#context
    const { call } = streamed
    let outcome: 'answered' | 'left' = 'left'
    try {
      for (const target of targets) {
        const entries = remote.queries.invokeAll(agent, target, call)
        // The server has finished all entries when it sends the first result. Writes wait only for that. They must not
        // wait for the consumer of the results, because it may be the code that writes.
        await this.#ordered(target, startedNow(call), () => entries.more())
        for await (const { key, value } of elementsOf(entries)) {
          const decoded = asked === undefined ? codec.decodeKey(key) : asked.keyOf(key)
          yield [decoded, codec.decodePrevious(value) as unknown as R]
        }
      }
      outcome = 'answered'
    } catch (error) {
      const failure = fromCaller(error, caller, call.signal)
      streamed.failed(failure)
      throw failure
    } finally {
      streamed.ended(outcome)
    }
    return undefined
  }

  async *#reportingAborted<T>(
    results: AsyncGenerator<T, undefined>,
    call: Call,
    given: GivenOptions,
  ): AsyncGenerator<T, undefined> {
    try {
      return yield* results
    } catch (error) {
      reportAborted(error, call, given, this.#context)
      throw error
    }
  }
}

interface Invocation<K, R> {
  readonly agent: Bytes
  readonly targets: readonly Target[]
  readonly asked: AskedKeys<K, R> | undefined
}

/** Returns the options that select the kind of result. Other errors in the options are detected by later checks. */
function marksOf(options: unknown): GivenOptions {
  return typeof options === 'object' && options !== null ? (options as GivenOptions) : {}
}

/** @throws {TypeError} the kind of result is not clear. */
function checkMarks(given: GivenOptions): void {
  const discardsResults = booleanOption('invokeAll', 'discardResults', given)
  const isStreamed = booleanOption('invokeAll', 'stream', given)
  if (discardsResults && isStreamed) {
    throw wrongArgument('invokeAll: discardResults and stream exclude each other; pass one of them')
  }
}

/** @throws {TypeError} the processor was passed as the key. */
function checkPlaces(key: unknown, processor: unknown): void {
  if (kindOfQuery(key) !== 'processor' || kindOfQuery(processor) === 'processor') return
  throw wrongArgument(
    'invoke: the key is a processor; the key comes first: invoke(key, processor). For the entries of a filter, or ' +
      'for all, call invokeAll(processor, { filter })',
  )
}
