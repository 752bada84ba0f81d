// The calls of one map that name many keys. It checks and encodes their arguments, keeps the order of writes, sends
// messages of bounded size, and decodes the answers.
import { wrongArgument } from '../../calls/caller-stack'
import type { EntryVisitor } from '../../protocol/port'
import { AskedKeys } from './asked-keys'
import { BulkMessage } from './bulk-message'
import { checkEntries, type Entries, writeInBulk } from './bulk-write'
import {
  CALL_OPTIONS,
  type CallOptions,
  describe,
  startedNow,
  type WriteOptions,
} from '../../calls/call-options'
import type { RemoteCache } from '../../protocol/port'
import type { EntryCodec } from '../entries/entry-codec'
import { TTL_OPTIONS, type TtlOptions } from '../entries/ttl'
import type { WriteOrder } from '../entries/write-order'
import type { MapContext } from '../map-context'

/** Options of `setAll`. `ttlSeconds` is the time to live of each entry. */
export interface SetAllOptions extends WriteOptions, TtlOptions {
  /** Called after each message that was stored, with the number of entries stored so far. */
  readonly onProgress?: ((storedEntries: number) => void) | undefined
}

/** An iterable does not tell how many elements it has. */
const FEW_ENTRIES = 64
const SET_ALL_OPTIONS = [...TTL_OPTIONS, 'onProgress'] as const

export class BulkOperations<K, V> {
  readonly #context: MapContext<K, V>
  readonly #codec: EntryCodec<K, V>
  readonly #order: WriteOrder
  readonly #remote: RemoteCache

  constructor(context: MapContext<K, V>) {
    const { codec, order, remote } = context
    this.#context = context
    this.#codec = codec
    this.#order = order
    this.#remote = remote
  }

  getAll(keys: Iterable<K>, options: CallOptions | undefined): Promise<Map<K, V>> {
    return this.#context.run('getAll', options, CALL_OPTIONS, async (call) => {
      const codec = this.#codec
      const asked = new AskedKeys<K, V>(call.operation, keys, codec)
      const visit: EntryVisitor = (bytes, keyBegin, keyEnd, valueBegin, valueEnd) => {
        asked.answered(codec.decodeValueIn(bytes, valueBegin, valueEnd), bytes, keyBegin, keyEnd)
      }
      const turn = this.#order.turnToReadKeys(asked.identities, call)
      if (turn !== undefined) await turn
      await this.#remote.getAll(asked.packed, visit, call)
      return asked.results()
    })
  }

  setAll(entries: Entries<K, V>, options: SetAllOptions | undefined): Promise<void> {
    return this.#context.run('setAll', options, SET_ALL_OPTIONS, async (call) => {
      checkEntries(call.operation, entries)
      const ttl = this.#context.ttlMillis(call.operation, options)
      const bulk = this.#order.bulk()
      const count = countOf(entries)
      await writeInBulk(call.operation, entries, {
        message: (before) => new BulkMessage(call.operation, this.#codec, count, before),
        // Each message has the timeout of a call, because the source of the entries may be slow.
        write: ({ keys, packed }) =>
          bulk.write(keys, startedNow(call), (ordered) => this.#remote.putAll(packed, ttl, ordered)),
        keysStillUnknown: () => bulk.keysStillUnknown(),
        allKeysKnown: () => bulk.allKeysKnown(),
        signal: call.signal,
        onProgress: checkedProgress(options),
        onStop: (stop) => this.#onEnd(call.operation, stop),
      })
    })
  }

  /** Calls `stop` when the map is destroyed or the session closed. A map that is released finishes its calls. */
  #onEnd(operation: string, stop: (reason: unknown) => void): () => void {
    const { lifecycle, settings, name } = this.#context
    const ended = (): void => {
      try {
        settings.assertOpen(operation, name)
        if (lifecycle.inactive === 'destroyed') lifecycle.assertActive(operation)
      } catch (error) {
        stop(error)
      }
    }
    return lifecycle.onEnd(ended)
  }
}

/** Returns the number of entries, or a small one if it is not known. */
function countOf(entries: Entries<unknown, unknown>): number {
  if (Array.isArray(entries)) return entries.length
  return entries instanceof Map ? entries.size : FEW_ENTRIES
}

function checkedProgress(options: SetAllOptions | undefined): SetAllOptions['onProgress'] {
  const onProgress: unknown = options?.onProgress
  if (onProgress === undefined) return undefined
  if (typeof onProgress === 'function') return onProgress as (storedEntries: number) => void
  throw wrongArgument(
    `setAll: onProgress is ${describe(onProgress)}; pass a function of the number of stored entries`,
  )
}
