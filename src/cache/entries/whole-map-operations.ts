// The operations on a map as a whole.
import { CALL_OPTIONS, type CallOptions, WRITE_OPTIONS, type WriteOptions } from '../../calls/call-options'
import { MapInactiveError } from '../../errors'
import type { RemoteCache } from '../../protocol/port'
import type { MapContext } from '../map-context'
import type { MapLifecycle } from '../map-lifecycle'
import type { WriteOrder } from './write-order'

export class WholeMapOperations<K, V> {
  readonly #context: MapContext<K, V>
  readonly #lifecycle: MapLifecycle
  readonly #order: WriteOrder
  readonly #remote: RemoteCache

  constructor(context: MapContext<K, V>) {
    const { lifecycle, order, remote } = context
    this.#context = context
    this.#lifecycle = lifecycle
    this.#order = order
    this.#remote = remote
  }

  isEmpty(options: CallOptions | undefined): Promise<boolean> {
    return this.#context.run('isEmpty', options, CALL_OPTIONS, async (call) => {
      const turn = this.#order.turnToReadAll(call)
      if (turn !== undefined) await turn
      return this.#remote.isEmpty(call)
    })
  }

  isReady(options: CallOptions | undefined): Promise<boolean> {
    return this.#context.run('isReady', options, CALL_OPTIONS, (call) => this.#remote.isReady(call))
  }

  size(options: CallOptions | undefined): Promise<number> {
    return this.#context.run('size', options, CALL_OPTIONS, async (call) => {
      const turn = this.#order.turnToReadAll(call)
      if (turn !== undefined) await turn
      return this.#remote.size(call)
    })
  }

  clear(options: WriteOptions | undefined): Promise<void> {
    return this.#context.run('clear', options, WRITE_OPTIONS, (call) =>
      this.#order.writeAll(call, (ordered) => this.#remote.clear(ordered)),
    )
  }

  truncate(options: WriteOptions | undefined): Promise<void> {
    return this.#context.run('truncate', options, WRITE_OPTIONS, (call) =>
      this.#order.writeAll(call, (ordered) => this.#remote.truncate(ordered)),
    )
  }

  async destroy(options: WriteOptions | undefined): Promise<void> {
    if (this.#lifecycle.inactive === 'destroyed') return
    const call = this.#context.begin('destroy', options, WRITE_OPTIONS)
    try {
      await this.#order.writeAll(call, (ordered) => this.#remote.destroy(ordered))
      this.#lifecycle.deactivate('destroyed')
    } catch (error) {
      if (!isOfDestroyed(error)) throw call.failure(error)
      // Another client has destroyed it meanwhile.
      this.#lifecycle.deactivate('destroyed')
    } finally {
      call.end()
    }
  }

  /** Calls that are in progress go on; new ones are refused. */
  async release(): Promise<void> {
    if (this.#lifecycle.inactive !== undefined) return
    this.#lifecycle.deactivate('released')
    await this.#lifecycle.idle()
    this.#remote.release()
  }
}

function isOfDestroyed(error: unknown): boolean {
  return error instanceof MapInactiveError && error.reason === 'destroyed'
}
