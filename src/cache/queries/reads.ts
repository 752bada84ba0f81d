// The streamed reads of one map: keys, values and entries.
import { atOnce, captureCaller, fromCaller, wrongArgument } from '../../calls/caller-stack'
import type { Bytes } from '../../bytes'
import type { Call } from '../../calls/call'
import { checkedOptions, createStreamCall, describe, startedNow } from '../../calls/call-options'
import { StreamedCall } from '../../calls/streamed-call'
import type { EntryBytes, EntryQuery } from '../../protocol/port'
import type { MapContext } from '../map-context'
import { limitOf, QUERY_OPTIONS } from './query-options'
import { type Reading, reading, type Results, StreamedResults } from './results'
import { WholeRead } from './whole-read'

const ALL: EntryQuery = { filter: undefined, comparator: undefined }

/** The requests that read elements: all of them, those of a query, and those of ordered entries. */
interface Ways<T> {
  readonly all: (call: Call) => Reading<T>
  readonly some: (query: EntryQuery, call: Call) => Reading<T>
  readonly decodeEntry: (entry: EntryBytes) => T
}

export class Reads<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  keys(options: unknown): Results<K> {
    const { remote, codec } = this.#context
    const { queries } = remote
    const decode = (key: Bytes): K => codec.decodeKey(key)
    return this.#results('keys', options, {
      all: (call) => {
        const all = new WholeRead<Bytes>({
          page: (cookie) => queries.pageOfKeys(cookie, call),
          query: (readOptions) => queries.queryKeys(ALL, call, readOptions),
          timeoutSeconds: call.timeoutSeconds,
          identityOf: (key) => codec.identityOf(key),
        })
        return reading(all, decode)
      },
      some: (query, call) => reading(queries.queryKeys(query, call), decode),
      decodeEntry: ({ key }) => decode(key),
    })
  }

  values(options: unknown): Results<V> {
    const { remote, codec } = this.#context
    const decode = (value: Bytes): V => codec.decodeValue(value)
    const decodeEntry = ({ value }: EntryBytes): V => decode(value)
    return this.#results('values', options, {
      all: (call) => reading(this.#allEntries(call), decodeEntry),
      some: (query, call) => reading(remote.queries.queryValues(query, call), decode),
      decodeEntry,
    })
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

  #entries(operation: string, options: unknown): Results<[K, V]> {
    const { remote, codec } = this.#context
    const decodeEntry = ({ key, value }: EntryBytes): [K, V] => [
      codec.decodeKey(key),
      codec.decodeValue(value),
    ]
    return this.#results(operation, options, {
      all: (call) => reading(this.#allEntries(call), decodeEntry),
      some: (query, call) => reading(remote.queries.queryEntries(query, call), decodeEntry),
      decodeEntry,
    })
  }

  #allEntries(call: Call): WholeRead<EntryBytes> {
    const { remote, codec } = this.#context
    return new WholeRead({
      page: (cookie) => remote.queries.pageOfEntries(cookie, call),
      query: (options) => remote.queries.queryEntries(ALL, call, options),
      timeoutSeconds: call.timeoutSeconds,
      identityOf: ({ key }) => codec.identityOf(key),
    })
  }

  /**
   * Checks the options at once; the read begins when its results are consumed. Servers return keys alone unordered, and
   * some of them values alone too: if there is a comparator, entries are read.
   */
  #results<T>(operation: string, options: unknown, ways: Ways<T>): Results<T> {
    const context = this.#context
    const { limit, call, query } = atOnce(() => {
      const checked = checkedOptions(operation, options, QUERY_OPTIONS)
      const limit = limitOf(operation, checked)
      const call = createStreamCall(context, operation, checked)
      const query: EntryQuery = {
        filter: context.encodeOptionalQuery(operation, 'filter', checked['filter']),
        comparator: context.encodeOptionalQuery(operation, 'comparator', checked['comparator']),
      }
      context.codec.assertFits(operation, (query.filter?.length ?? 0) + (query.comparator?.length ?? 0))
      return { limit, call, query }
    })
    const open = async (own: Call): Promise<Reading<T>> => {
      await context.order.turnToReadAll(startedNow(own))
      if (query.comparator !== undefined)
        return reading(context.remote.queries.queryEntries(query, own), ways.decodeEntry)
      return query.filter === undefined ? ways.all(own) : ways.some(query, own)
    }
    const { attempts } = context.remote.queries
    return new StreamedResults(() => {
      // The consumer of the results makes the call: each loop over them sends a new request.
      const caller = captureCaller()
      let streamed: StreamedCall | undefined
      return {
        begin: async () => {
          context.assertUsable(operation)
          streamed = new StreamedCall(context.traffic, call)
          streamed.begin()
          return open(streamed.call)
        },
        beginAgain: () => {
          context.traffic.resentRequests += 1
          return open(streamed?.call ?? call)
        },
        attempts,
        limit,
        failure: (error) => {
          const failure = fromCaller(error, caller, call.signal)
          streamed?.failed(failure)
          return failure
        },
        ended: (outcome) => streamed?.ended(outcome),
      }
    })
  }
}
