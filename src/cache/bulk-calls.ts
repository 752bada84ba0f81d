// The calls of one map that name many keys: arguments checked, encoded, put in order, sent in messages of bounded size,
// and their answers decoded.
import { wrongArgument } from '../calls/caller-stack'
import { BulkMessage } from './bulk-message'
import { BulkRead } from './bulk-read'
import { checkEntries, type Entries, writeInBulk } from './bulk-write'
import { CALL_OPTIONS, callOf, describe, type GivenOptions } from './call-options'
import type { MapContext } from './map-context'
import { TTL_OPTIONS } from './ttl'

const SET_ALL_OPTIONS = [...TTL_OPTIONS, 'onProgress'] as const

export class BulkCalls<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  getAll(keys: Iterable<K>, options: unknown): Promise<Map<K, V>> {
    return this.#context.start('getAll', options, CALL_OPTIONS, async (call) => {
      const { codec, order, remote } = this.#context
      const read = new BulkRead<K, V>(keys, codec, () => remote.keyBatch(codec.direct))
      const send = (): Promise<unknown> =>
        Promise.all(read.batches.map((batch) => batch.send(call, read.take)))
      await order.readKnown(read.identities, call, send)
      return read.results()
    })
  }

  setAll(entries: Entries<K, V>, options: unknown): Promise<void> {
    return this.#context.start('setAll', options, SET_ALL_OPTIONS, (call, given) => {
      checkEntries('setAll', entries)
      const ttl = this.#context.ttlMillis('setAll', given)
      const { codec, order, remote } = this.#context
      const bulk = order.bulk()
      return writeInBulk('setAll', entries, {
        message: () => new BulkMessage('setAll', codec, remote.entryBatch(ttl, codec.direct)),
        write: ({ keys, batch }) => {
          // Each message has the time of a call: a source may take as long as it likes.
          const each = callOf('setAll', this.#context.name, given, call.timeoutSeconds)
          const { sent } = call
          return bulk.write(keys, { ...each, sent }, (ordered) => batch.send(ordered))
        },
        withhold: () => bulk.withhold(),
        told: () => bulk.told(),
        signal: call.signal,
        onProgress: progressOf(given),
        onStop: (stop) => this.#onEnd('setAll', stop),
      })
    })
  }

  /** Calls `stop` when the map is destroyed or the session closed; a map that is released finishes its calls. */
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
    lifecycle.listeners.add('destroyed', ended)
    lifecycle.listeners.add('released', ended)
    return () => {
      lifecycle.listeners.remove('destroyed', ended)
      lifecycle.listeners.remove('released', ended)
    }
  }
}

function progressOf({ onProgress }: GivenOptions): ((storedEntries: number) => void) | undefined {
  if (onProgress === undefined) return undefined
  if (typeof onProgress === 'function') return onProgress as (storedEntries: number) => void
  throw wrongArgument(
    `setAll: onProgress is ${describe(onProgress)}; pass a function of the number of stored entries`,
  )
}
