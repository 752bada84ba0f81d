// The answer of a request that is read item by item, at the pace of its consumer: if more than a few items wait, nothing more is
// read from its stream, and the server stops sending.
import { BoundedQueue } from '../../../async/bounded-queue'
import { now } from '../../../async/real-time'
import { type Call, timeoutError } from '../../../calls/call'
import { SessionClosedError } from '../../../errors'
import type { ErrorMessage } from '../../../../gen/coherence/common/v1/common_messages_v1'
import { closedError } from '../../connection-errors'
import { StreamLost } from '../../stream-lost'
import { isStaleCacheId, serverError } from '../stream/server-errors'
import type { InFlight } from '../stream/sub-channel'
import type { AnyView } from '../wire/wire'

/** Items above these bounds wait on the server's side. */
const BOUNDS = { maxItems: 64, maxSize: 256 * 1024, sizeOf: (item: AnyView) => item.length }

type End = { readonly kind: 'complete' } | { readonly kind: 'error'; readonly reason: unknown }

export class ResponseBuffer implements InFlight {
  readonly sentAt = now()
  readonly givesParts = true
  readonly #call: Call
  readonly #items = new BoundedQueue<AnyView, End>(BOUNDS)

  constructor(call: Call) {
    this.#call = call
  }

  /** Whether the server has sent all of the answer. */
  get isComplete(): boolean {
    return this.#items.end?.kind === 'complete'
  }

  /** The next item; `undefined` if none is there. */
  take(): AnyView | undefined {
    return this.#items.take()
  }

  /**
   * Waits for an item until `by`, on the clock of `now()`; `false` at the end. Rejects with `StreamLost` if the
   * connection ended.
   */
  async more(by: number): Promise<boolean> {
    const limits = { deadline: by, signal: this.#call.signal }
    await this.#items.arrival(limits, () => timeoutError(this.#call, 'unknown'))
    if (this.#items.length > 0) return true
    const { end } = this.#items
    if (end?.kind === 'error') throw end.reason
    return false
  }

  received(message: AnyView): Promise<void> | undefined {
    return this.#items.push(message)
  }

  completed(): void {
    this.#items.finish({ kind: 'complete' })
  }

  failed(error: ErrorMessage): void {
    const reason = serverError(this.#call, error)
    const isStale = isStaleCacheId(error)
    if (isStale) this.#call.sent?.remove()
    this.#items.finish({ kind: 'error', reason: isStale ? new StreamLost(reason, false) : reason })
  }

  lost(reason: unknown, written: boolean): void {
    if (!written) this.#call.sent?.remove()
    const isClosed = reason instanceof SessionClosedError
    const error = isClosed ? closedError(this.#call, reason, written) : new StreamLost(reason, written)
    this.#items.finish({ kind: 'error', reason: error })
  }
}
