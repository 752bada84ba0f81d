// An answer that is consumed element by element, on a stream of its own: of a read, or of an invocation of many entries. As long
// as its consumer can start anew, the request is sent again when the connection is lost, if that is safe.
import { onAbort, pause } from '../../../async/abort'
import { backoffMillis } from '../../../async/backoff'
import { now } from '../../../async/real-time'
import type { Call } from '../../../calls/call'
import { ServerError } from '../../../errors'
import { isUnreadable, UNREADABLE_LIMIT } from '../../connection-errors'
import type { ReadOptions, StreamedElements } from '../../port'
import { StreamLost } from '../../stream-lost'
import { STALE_ID_LIMIT } from '../stream/server-errors'
import type { AnyView } from '../wire/wire'
import type { ResponseBuffer } from './response-buffer'

/** Where the answer comes from. */
export interface ReadSource<E> {
  /** How often the request may be sent: once if it must not be carried out twice. */
  readonly attempts: number
  readonly element: (item: AnyView) => E
  /** Sends the request. Rejects with `StreamLost` if the stream ended before that. */
  start(call: Call): Promise<ResponseBuffer>
  /** The request was sent again after its answer was lost. */
  startedAgain(): void
  /** Gives up the stream, whether all was read or not. */
  release(response: ResponseBuffer): void
  /** The error of ours for a stream that ended. */
  lostError(lost: StreamLost): Error
  /** Receives the first item of the answer, which is no element. */
  readonly header?: (item: AnyView) => void
}

export class RetryingRead<E> implements StreamedElements<E> {
  readonly #source: ReadSource<E>
  readonly #call: Call
  readonly #options: ReadOptions
  #response: ResponseBuffer | undefined
  #isHeaderDue = false
  #attempt = 0
  /** How often it was on a stream that ended before its answer was complete. */
  #losses = 0
  /** How many of these streams were given up because of what came on them. */
  #unreadable = 0
  /** Whether an element was taken since the request was sent. */
  #isTaken = false
  #isClosed = false
  #stopWatching: (() => void) | undefined

  constructor(source: ReadSource<E>, call: Call, options: ReadOptions = {}) {
    this.#source = source
    this.#call = call
    this.#options = options
  }

  take(): E | undefined {
    const item = this.#response?.take()
    if (item === undefined) return undefined
    this.#isTaken = true
    return this.#source.element(item)
  }

  async more(by = now() + this.#call.timeoutSeconds * 1_000): Promise<boolean> {
    const until = Math.min(by, this.#call.deadline)
    while (!this.#isOver()) {
      try {
        this.#call.signal?.throwIfAborted()
        this.#response ??= await this.#start(until)
        // It may have been closed meanwhile.
        if (this.#isOver()) break
        if (!(await this.#response.more(until))) break
        if (!this.#isHeaderDue) return true
        this.#isHeaderDue = false
        const header = this.#response.take()
        if (header !== undefined) this.#source.header?.(header)
      } catch (error) {
        this.#leave()
        if (this.#isOver()) return false
        // The abort ended the stream.
        this.#call.signal?.throwIfAborted()
        if (!(error instanceof StreamLost)) throw error
        await this.#pause(error, until)
      }
    }
    this.close()
    return false
  }

  close(): void {
    this.#isClosed = true
    this.#leave()
  }

  async #start(deadline: number): Promise<ResponseBuffer> {
    this.#isHeaderDue = this.#source.header !== undefined
    const response = await this.#source.start({ ...this.#call, deadline })
    if (this.#losses > 0) this.#source.startedAgain()
    this.#stopWatching = onAbort(this.#call.signal, () => this.#leave())
    return response
  }

  /** Waits before the next attempt; throws if there is none. */
  async #pause(lost: StreamLost, until: number): Promise<void> {
    const { cause, written } = lost
    if (written) this.#losses += 1
    if (written && isUnreadable(cause)) this.#unreadable += 1
    const isStale = cause instanceof ServerError
    const canRestart = !this.#isTaken || this.#options.restart?.() === true
    const isSafe = canRestart && (!written || this.#losses < this.#source.attempts)
    const isFutile = this.#unreadable === UNREADABLE_LIMIT
    const again = isSafe && !isFutile && !(isStale && this.#attempt === STALE_ID_LIMIT)
    const wait = backoffMillis(this.#attempt++)
    if (!again || now() + wait >= until) {
      this.close()
      throw isStale ? cause : this.#source.lostError(lost)
    }
    this.#isTaken = false
    await pause(wait, this.#call.signal)
  }

  /** It may have been closed during a wait. */
  #isOver(): boolean {
    return this.#isClosed
  }

  #leave(): void {
    const response = this.#response
    if (response === undefined) return
    this.#response = undefined
    this.#stopWatching?.()
    this.#source.release(response)
  }
}
