// A request whose answer is read item by item, at the pace of its consumer: when more than a few items wait, nothing
// more is read from its stream, and the server stops sending.
import { now } from '../../async/real-time'
import type { ErrorMessage } from '../../../gen/coherence/common/v1/common_messages_v1'
import { timeoutError } from '../call'
import { closedError } from '../connection-errors'
import type { Deadlines, Expiring } from '../deadlines'
import { SessionClosedError } from '../../errors'
import type { StreamCall } from '../port'
import { StreamLost } from './exchange'
import { isStaleCacheId, serverError } from './server-answer'
import type { InFlight } from './sub-channel'
import type { AnyView } from './wire'

/** Items above these bounds wait on the server's side. */
const MOST_ITEMS_HELD = 64
const MOST_BYTES_HELD = 256 * 1024

type End = { readonly kind: 'complete' } | { readonly kind: 'error'; readonly reason: unknown }

export class StreamedRequest implements InFlight, Expiring {
  /** When a wait for the next item is over. */
  deadline = Infinity
  readonly sentAt = now()
  readonly givesParts = true
  readonly #call: StreamCall
  readonly #deadlines: Deadlines
  #items: AnyView[] = []
  #next = 0
  #bytesHeld = 0
  #end: End | undefined
  #arrival: { readonly resolve: () => void; readonly reject: (reason: unknown) => void } | undefined
  #room: (() => void) | undefined

  /** To be sent at once. `deadlines` are those that all requests of a connection share. */
  constructor(call: StreamCall, deadlines: Deadlines) {
    this.#call = call
    this.#deadlines = deadlines
    call.sent?.add()
  }

  /** Whether the server has sent all of the answer. */
  get isComplete(): boolean {
    return this.#end?.kind === 'complete'
  }

  /** An item that is there already. */
  buffered(): AnyView | undefined {
    const item = this.#items[this.#next]
    if (item === undefined) return undefined
    this.#next += 1
    this.#bytesHeld -= item.length
    if (this.#next === this.#items.length) {
      this.#items = []
      this.#next = 0
      this.#readOn()
    }
    return item
  }

  /**
   * The next item, `undefined` at the end. It has to come before `by`, on the clock of `now()`. Rejects with
   * `StreamLost` where the connection ended.
   */
  async next(by: number): Promise<AnyView | undefined> {
    for (;;) {
      const item = this.buffered()
      if (item !== undefined) return item
      if (this.#end?.kind === 'complete') return undefined
      if (this.#end?.kind === 'error') throw this.#end.reason
      await this.#arrived(by)
    }
  }

  received(message: AnyView): Promise<void> | undefined {
    if (this.#end !== undefined) return undefined
    this.#items.push(message)
    this.#bytesHeld += message.length
    this.#wake()
    if (this.#items.length - this.#next < MOST_ITEMS_HELD && this.#bytesHeld < MOST_BYTES_HELD)
      return undefined
    return new Promise((resolve) => (this.#room = resolve))
  }

  completed(): void {
    this.#finish({ kind: 'complete' })
  }

  failed(error: ErrorMessage): void {
    const reason = serverError(this.#call, error)
    const isStale = isStaleCacheId(error)
    if (isStale) this.#call.sent?.remove()
    this.#finish({ kind: 'error', reason: isStale ? new StreamLost(reason, false) : reason })
  }

  lost(reason: unknown, written: boolean): void {
    if (!written) this.#call.sent?.remove()
    const error =
      reason instanceof SessionClosedError
        ? closedError(this.#call, reason, written)
        : new StreamLost(reason, written)
    this.#finish({ kind: 'error', reason: error })
  }

  /** Nobody reads on: what still comes is dropped. */
  abandon(reason: unknown): void {
    // Where all had come, it is not complete either: what waited was not read.
    this.#end = undefined
    this.#finish({ kind: 'error', reason })
    this.#items = []
    this.#next = 0
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#wake()
    this.#readOn()
  }

  /** The wait for the next item is over: nothing came. */
  expired(): void {
    const arrival = this.#arrival
    this.#arrival = undefined
    arrival?.reject(timeoutError({ ...this.#call, deadline: 0 }, 'unknown'))
  }

  #wake(): void {
    const arrival = this.#arrival
    if (arrival === undefined) return
    this.#arrival = undefined
    this.#deadlines.remove(this)
    arrival.resolve()
  }

  #readOn(): void {
    this.#room?.()
    this.#room = undefined
  }

  #arrived(by: number): Promise<void> {
    this.deadline = by
    return new Promise((resolve, reject) => {
      this.#arrival = { resolve, reject }
      this.#deadlines.add(this)
    })
  }
}
