// The calls of one map that carry a query: streamed reads, processors, aggregators, indexes.
import { now } from '../async/real-time'
import { atOnce, type CallerStack, captureCaller, fromCaller, wrongArgument } from '../calls/caller-stack'
import { ServerError } from '../errors'
import type { Call } from '../protocol/call'
import type { Bytes, EntryBytes, EntryQuery, StreamCall, StreamedElements, Target } from '../protocol/port'
import { answerableOverNothing, readAggregateResult } from '../query/aggregate-result'
import { never } from '../query/filters'
import type { Aggregator, Processor } from '../query/query'
import { kindOfQuery } from '../query/query-kind'
import { extractorFrom } from '../query/source'
import { AskedKeys } from './asked-keys'
import { tellAborted, WRITE_OPTIONS } from './aborted-write'
import { checkedOptions, describe, type GivenOptions, streamCallOf } from './call-options'
import { LimitedRead } from './limited-read'
import type { MapContext } from './map-context'
import { checkTarget, limitOf, QUERY_OPTIONS, TARGET_OPTIONS } from './query-options'
import { type Results, StartedResults, StreamedResults } from './results'
import { WholeRead } from './whole-read'

const INVOKE_ALL_OPTIONS = [...TARGET_OPTIONS, 'onAborted', 'discardResults', 'stream'] as const
const ALL: EntryQuery = { filter: undefined, comparator: undefined }
const INDEX_OPTIONS = [...WRITE_OPTIONS, 'ordered', 'comparator'] as const

export class QueryCalls<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  keys(options: unknown): Results<K> {
    const { remote, codec } = this.#context
    const decode = (key: Bytes): K => codec.decodeKey(key)
    return this.#results(
      'keys',
      options,
      {
        all: (call) =>
          new WholeRead({
            page: (order, firstBy, take) => remote.queries.pageOfKeys(order, { ...call, firstBy }, take),
            query: (firstBy, take) => remote.queries.queryKeys(ALL, { ...call, firstBy }, take),
            timeoutSeconds: call.timeoutSeconds,
            identityOf: (key) => codec.identityOf(key),
            decode,
          }),
        some: (query, call) => remote.queries.queryKeys(query, call, decode),
      },
      ({ key }) => decode(key),
    )
  }

  values(options: unknown): Results<V> {
    const { remote, codec } = this.#context
    const decode = ({ value }: EntryBytes): V => codec.decodeValue(value)
    return this.#results(
      'values',
      options,
      {
        all: (call) => this.#allEntries(call, decode),
        some: (query, call) => remote.queries.queryValues(query, call, (value) => codec.decodeValue(value)),
      },
      decode,
    )
  }

  entries(options: unknown): Results<[K, V]> {
    return this.#entries('entries', options)
  }

  async forEach(visit: (value: V, key: K) => unknown, options: unknown): Promise<void> {
    if (typeof visit !== 'function') {
      throw wrongArgument(
        `forEach: the first argument is ${describe(visit)}; pass a function of value and key`,
      )
    }
    for await (const [key, value] of this.#entries('forEach', options)) await visit(value, key)
  }

  invoke<R>(key: K, processor: Processor<V, R>, options: unknown): Promise<R> {
    const context = this.#context
    return context.start('invoke', options, WRITE_OPTIONS, async (call) => {
      checkPlaces(key, processor)
      const bytes = context.encodeKey('invoke', key)
      const agent = context.encodeQuery('invoke', 'the processor', processor)
      context.codec.assertFits('invoke', bytes.length + agent.length, key)
      const invoke = (ordered: Call): Promise<Bytes> => context.remote.queries.invoke(bytes, agent, ordered)
      const answer = await context.order.write([bytes], call, invoke)
      return context.codec.decodePrevious(answer) as unknown as R
    })
  }

  invokeAll<R>(
    processor: Processor<V, R>,
    options: unknown,
  ): Promise<Map<K, R>> | Promise<void> | Results<[K, R]> {
    const { discardResults, stream } = marksOf(options)
    if (stream === true) return this.#invokeAllStreamed(processor, options)
    return discardResults === true
      ? this.#invokeAllDiscarding(processor, options)
      : this.#invokeAllCollecting(processor, options)
  }

  #invokeAllCollecting<R>(processor: Processor<V, R>, options: unknown): Promise<Map<K, R>> {
    return this.#context.start('invokeAll', options, INVOKE_ALL_OPTIONS, async (call, given) => {
      const { asked, targets, agent } = this.#invocation<R>(processor, given)
      const results = new Map<K, R>()
      const run = async (target: Target): Promise<void> => {
        for await (const { key, value } of this.#context.remote.queries.invokeAll(
          agent,
          target,
          complete(call),
        )) {
          const result = this.#context.codec.decodePrevious(value) as unknown as R
          if (asked === undefined) results.set(this.#context.codec.decodeKey(key), result)
          else asked.answered(result, key)
        }
      }
      await Promise.all(targets.map((target) => this.#ordered(target, call, () => run(target))))
      return asked === undefined ? results : asked.results()
    })
  }

  /** The same, and the results are dropped as they come. */
  #invokeAllDiscarding(processor: Processor<V, unknown>, options: unknown): Promise<void> {
    return this.#context.start('invokeAll', options, INVOKE_ALL_OPTIONS, async (call, given) => {
      const { targets, agent } = this.#invocation(processor, given)
      const run = async (target: Target): Promise<void> => {
        const results = this.#context.remote.queries.invokeAll(agent, target, complete(call))
        while ((await results.next()).done !== true);
      }
      await Promise.all(targets.map((target) => this.#ordered(target, call, () => run(target))))
    })
  }

  /** The same, sent at once, its results given as they come, to one consumer. */
  #invokeAllStreamed<R>(processor: Processor<V, R>, options: unknown): Results<[K, R]> {
    const context = this.#context
    const { given, call } = atOnce(() => {
      context.assertUsable('invokeAll')
      const given = checkedOptions('invokeAll', options, INVOKE_ALL_OPTIONS)
      const call = streamCallOf('invokeAll', context.name, given, context.settings.requestTimeoutSeconds)
      return { given, call }
    })
    if (call.signal?.aborted === true) {
      tellAborted(call.signal.reason, call, given, context.settings)
      throw call.signal.reason
    }
    const invocation = atOnce(() => this.#invocation<R>(processor, given))
    const results = this.#invokeInTurn<R>(invocation, call, captureCaller())
    return new StartedResults(call.sent === undefined ? results : this.#telling(results, call, given))
  }

  aggregate<R>(aggregator: Aggregator<V, R>, options: unknown): Promise<R> {
    return this.#context.start('aggregate', options, TARGET_OPTIONS, async (call, given) => {
      checkTarget('aggregate', given)
      const agent = this.#context.encodeQuery('aggregate', 'the aggregator', aggregator)
      const target = this.#aggregationTarget(agent, given)
      const decoded = await this.#aggregate(aggregator, agent, target, call)
      return readAggregateResult(aggregator, decoded) as R
    })
  }

  addIndex(source: unknown, options: unknown): Promise<void> {
    const context = this.#context
    return context.start('addIndex', options, INDEX_OPTIONS, (call, given) => {
      const { ordered = false } = given
      if (typeof ordered !== 'boolean') {
        throw wrongArgument(`addIndex: ordered is ${describe(ordered)}; pass true or false`)
      }
      const bytes = context.encodeQuery('addIndex', 'the extractor', extractorFrom('addIndex', source))
      const comparator = context.encodeOptionalQuery('addIndex', 'comparator', given['comparator'])
      context.codec.assertFits('addIndex', bytes.length + (comparator?.length ?? 0))
      return context.remote.queries.addIndex(bytes, ordered, comparator, call)
    })
  }

  removeIndex(source: unknown, options: unknown): Promise<void> {
    const context = this.#context
    return context.start('removeIndex', options, WRITE_OPTIONS, (call) => {
      const bytes = context.encodeQuery('removeIndex', 'the extractor', extractorFrom('removeIndex', source))
      return context.remote.queries.removeIndex(bytes, call)
    })
  }

  /** What an invocation of many entries sends: one request, or several where the keys do not fit in one. */
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
    // The results over parts of the keys cannot be made into one.
    return {
      kind: 'keys',
      keys: new AskedKeys<K, never>('aggregate', keys, this.#context.codec).allInOne(agent.length),
    }
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
      const read = (): Promise<Bytes> => context.remote.queries.aggregate(bytes, target, call)
      const answer =
        target.kind === 'keys'
          ? context.order.read(target.keys, call, read)
          : context.order.readAll(call, read)
      return context.codec.decodeResult(await answer)
    }
    try {
      return await run(agent)
    } catch (error) {
      const instead = error instanceof ServerError ? answerableOverNothing(aggregator) : undefined
      if (instead === undefined) throw error
      return run(context.encodeQuery('aggregate', 'the aggregator', instead))
    }
  }

  /** No keys would mean all entries to the server. */
  async #aggregateNothing(agent: Bytes, call: Call): Promise<unknown> {
    const filter = this.#context.codec.encodeQuery(never())
    return this.#context.codec.decodeResult(
      await this.#context.remote.queries.aggregate(agent, { kind: 'filter', filter }, call),
    )
  }

  /** Runs a part of an invocation in its turn; `run` is over when the server is done with it. */
  #ordered<T>(target: Target, call: Call, run: () => Promise<T>): Promise<T> {
    const { order } = this.#context
    if (target.kind !== 'keys') return order.readAll(call, run)
    return order.write(target.keys, call, (ordered) => run().finally(() => ordered.onFinished?.()))
  }

  async *#invokeInTurn<R>(
    { agent, targets, asked }: Invocation<K, unknown>,
    call: StreamCall,
    caller: CallerStack,
  ): AsyncGenerator<[K, R], undefined> {
    const { remote, codec } = this.#context
    try {
      for (const target of targets) {
        const results = remote.queries.invokeAll(agent, target, call)
        // The server is done with all entries when it gives the first result. Writes wait for that, and not for whoever
        // reads on, who may be the one that writes.
        let next = await this.#ordered(target, withDeadline(call), () => results.next())
        try {
          for (; next.done !== true; next = await results.next()) {
            const { key, value } = next.value
            const [decoded] = asked?.keysOf(key) ?? [codec.decodeKey(key)]
            yield [decoded as K, codec.decodePrevious(value) as unknown as R]
          }
        } finally {
          await results.return?.()
        }
      }
    } catch (error) {
      throw fromCaller(error, caller, call.signal)
    }
    return undefined
  }

  async *#telling<T>(
    results: AsyncGenerator<T, undefined>,
    call: StreamCall,
    given: GivenOptions,
  ): AsyncGenerator<T, undefined> {
    try {
      return yield* results
    } catch (error) {
      tellAborted(error, call, given, this.#context.settings)
      throw error
    }
  }

  #entries(operation: string, options: unknown): Results<[K, V]> {
    const { remote, codec } = this.#context
    const decode = ({ key, value }: EntryBytes): [K, V] => [codec.decodeKey(key), codec.decodeValue(value)]
    return this.#results(
      operation,
      options,
      {
        all: (call) => this.#allEntries(call, decode),
        some: (query, call) => remote.queries.queryEntries(query, call, decode),
      },
      decode,
    )
  }

  #allEntries<T>(call: StreamCall, decode: (entry: EntryBytes) => T): StreamedElements<T> {
    const { remote, codec } = this.#context
    return new WholeRead({
      page: (order, firstBy, take) => remote.queries.pageOfEntries(order, { ...call, firstBy }, take),
      query: (firstBy, take) => remote.queries.queryEntries(ALL, { ...call, firstBy }, take),
      timeoutSeconds: call.timeoutSeconds,
      identityOf: ({ key }) => codec.identityOf(key),
      decode,
    })
  }

  /**
   * Checks the options at once; the read begins when its results are consumed. Servers give keys alone in no order,
   * and some of them values alone too: where there is a comparator, entries are read, and `decodeEntry` takes from
   * them what is wanted.
   */
  #results<T>(
    operation: string,
    options: unknown,
    read: Read<T>,
    decodeEntry: (entry: EntryBytes) => T,
  ): Results<T> {
    const context = this.#context
    const { limit, call, query } = atOnce(() => {
      const given = checkedOptions(operation, options, QUERY_OPTIONS)
      const limit = limitOf(operation, given)
      const call = streamCallOf(operation, context.name, given, context.settings.requestTimeoutSeconds)
      const query: EntryQuery = {
        filter: context.encodeOptionalQuery(operation, 'filter', given['filter']),
        comparator: context.encodeOptionalQuery(operation, 'comparator', given['comparator']),
      }
      context.codec.assertFits(operation, (query.filter?.length ?? 0) + (query.comparator?.length ?? 0))
      return { limit, call, query }
    })
    const begin = async (failure: (error: unknown) => unknown): Promise<StreamedElements<T>> => {
      try {
        context.assertUsable(operation)
        call.signal?.throwIfAborted()
        await context.order.readAll(withDeadline(call), () => Promise.resolve())
      } catch (error) {
        throw failure(error)
      }
      const own = { ...call, failure }
      if (query.comparator !== undefined) return context.remote.queries.queryEntries(query, own, decodeEntry)
      return query.filter === undefined ? read.all(own) : read.some(query, own)
    }
    return new StreamedResults(() => {
      // The call is made by whoever consumes the results: each loop over them asks anew.
      const caller = captureCaller()
      return new LimitedRead(() => begin((error) => fromCaller(error, caller, call.signal)), limit)
    })
  }
}

/** The two ways to read: all there is, or what a query is for. */
interface Read<T> {
  readonly all: (call: StreamCall) => StreamedElements<T>
  readonly some: (query: EntryQuery, call: StreamCall) => StreamedElements<T>
}

interface Invocation<K, R> {
  readonly agent: Bytes
  readonly targets: readonly Target[]
  readonly asked: AskedKeys<K, R> | undefined
}

/** What decides on the kind of result; what else is wrong with the options is found where they are checked. */
function marksOf(options: unknown): GivenOptions {
  return typeof options === 'object' && options !== null ? (options as GivenOptions) : {}
}

/** @throws {TypeError} the kind of result is not clear. */
function checkMarks({ discardResults, stream }: GivenOptions): void {
  for (const [name, mark] of Object.entries({ discardResults, stream })) {
    if (mark === undefined || typeof mark === 'boolean') continue
    throw wrongArgument(`invokeAll: ${name} is ${describe(mark)}; pass true or false`)
  }
  if (discardResults === true && stream === true) {
    throw wrongArgument('invokeAll: discardResults and stream exclude each other; pass one of them')
  }
}

/** @throws {TypeError} the processor is in the place of the key. */
function checkPlaces(key: unknown, processor: unknown): void {
  if (kindOfQuery(key) !== 'processor' || kindOfQuery(processor) === 'processor') return
  throw wrongArgument(
    'invoke: the key is a processor; the key comes first: invoke(key, processor). For the entries of a filter, or ' +
      'for all, call invokeAll(processor, { filter })',
  )
}

/** A read that has no more time than the call it is made for. */
function complete(call: Call): StreamCall {
  return { ...call, completeBy: call.deadline }
}

function withDeadline(call: StreamCall): Call {
  return { ...call, deadline: now() + call.timeoutSeconds * 1_000 }
}
