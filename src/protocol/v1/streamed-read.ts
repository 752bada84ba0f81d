// A read whose answer is consumed element by element, on a stream of its own. Elements that are there already are given
// out without a pause. Until it has given one, it is sent again where that is safe.
import { now } from '../../async/real-time'
import { ServerError } from '../../errors'
import { onAbort, pause } from '../abort'
import { backoffMillis } from '../backoff'
import type { Call } from '../call'
import { LEFT_OUT, type LeftOut, type StreamCall, type StreamedElements } from '../port'
import { StreamLost } from './exchange'
import { STALE_ID_LIMIT } from './server-answer'
import type { StreamedRequest } from './streamed-request'
import type { AnyView } from './wire'

/** What a read needs of its cache. */
export interface StreamedReadSource {
  /** Whether the request may be carried out twice. */
  readonly repeatable: boolean
  /** Sends the request. Rejects with `StreamLost` where the stream ended before that. */
  start(call: Call): Promise<StreamedRequest>
  /** Takes the stream back, whether all was read or not. */
  release(request: StreamedRequest): void
  /** The error of ours for a stream that ended. */
  lostError(lost: StreamLost): Error
}

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

export class StreamedRead<A> implements StreamedElements<A> {
  readonly #source: StreamedReadSource
  readonly #call: StreamCall
  readonly #read: (item: AnyView) => A | LeftOut
  #request: StreamedRequest | undefined
  #giveUpAt: number | undefined
  #attempt = 0
  #started = false
  #ended = false
  /** What a `next` waits for; the next ones wait for it too. */
  #arriving: Promise<IteratorResult<A, undefined>> | undefined
  #takeBackAbort: (() => void) | undefined
  readonly #abandon = (): void => this.#request?.abandon(this.#call.signal?.reason)
  readonly #again = (): Promise<IteratorResult<A, undefined>> => this.next()

  constructor(source: StreamedReadSource, call: StreamCall, read: (item: AnyView) => A | LeftOut) {
    this.#source = source
    this.#call = call
    this.#read = read
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<A, undefined>> {
    if (this.#arriving !== undefined) return this.#arriving.then(this.#again, this.#again)
    for (;;) {
      const item = this.#request?.buffered()
      if (item === undefined) return (this.#arriving = this.#nextToArrive())
      try {
        const value = this.#read(item)
        if (value !== LEFT_OUT) return Promise.resolve({ done: false, value })
      } catch (error) {
        return Promise.reject(this.#failed(error))
      }
    }
  }

  return(): Promise<IteratorResult<A, undefined>> {
    this.#end()
    return Promise.resolve(DONE)
  }

  async #nextToArrive(): Promise<IteratorResult<A, undefined>> {
    try {
      return await this.#arrival()
    } finally {
      this.#arriving = undefined
    }
  }

  async #arrival(): Promise<IteratorResult<A, undefined>> {
    const by = this.#waitsUntil()
    while (!this.#isOver()) {
      try {
        this.#request ??= await this.#start(by)
        // Left meanwhile.
        if (this.#isOver()) break
        const item = await this.#request.next(by)
        if (item === undefined) {
          this.#end()
          break
        }
        const value = this.#read(item)
        if (value === LEFT_OUT) continue
        this.#started = true
        return { done: false, value }
      } catch (error) {
        this.#leave()
        if (this.#isOver()) break
        if (!(error instanceof StreamLost)) throw this.#failed(error)
        await this.#pause(error)
      }
    }
    this.#leave()
    return DONE
  }

  /** When the wait for the next element is over, whatever is left out meanwhile. */
  #waitsUntil(): number {
    const { completeBy, firstBy, timeoutSeconds } = this.#call
    const timeout = completeBy ?? now() + timeoutSeconds * 1_000
    return this.#started ? timeout : (this.#giveUpAt ??= Math.min(firstBy ?? Infinity, timeout))
  }

  async #start(deadline: number): Promise<StreamedRequest> {
    const request = await this.#source.start({ ...this.#call, deadline })
    const { signal } = this.#call
    this.#takeBackAbort = onAbort(signal, this.#abandon)
    if (signal?.aborted === true) request.abandon(signal.reason)
    return request
  }

  /** Waits before the next attempt; rejects where there is none. */
  async #pause(lost: StreamLost): Promise<void> {
    const { cause } = lost
    const isStale = cause instanceof ServerError
    const isSafe = !this.#started && (!lost.written || this.#source.repeatable)
    const again = isSafe && !(isStale && this.#attempt === STALE_ID_LIMIT)
    const wait = backoffMillis(this.#attempt++)
    if (!again || now() + wait >= (this.#giveUpAt ?? 0)) {
      throw this.#failed(isStale ? cause : this.#source.lostError(lost))
    }
    await pause(wait, this.#call.signal).catch((reason: unknown) => {
      throw this.#failed(reason)
    })
  }

  #failed(error: unknown): Error {
    this.#end()
    const { failure } = this.#call
    // The reason of a signal is whatever its owner made it.
    return (failure === undefined ? error : failure(error)) as Error
  }

  #isOver(): boolean {
    return this.#ended
  }

  #end(): void {
    this.#ended = true
    this.#leave()
  }

  #leave(): void {
    const request = this.#request
    if (request === undefined) return
    this.#request = undefined
    this.#takeBackAbort?.()
    this.#source.release(request)
  }
}
