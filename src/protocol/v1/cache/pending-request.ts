// One request and the promise of its answer. It settles exactly once: by an answer, an error, its deadline, an abort, a lost
// connection, or a close. The server may go on with it after that; `call.onFinished` is called when it does not.
import { alarm } from '../../../async/alarm'
import { clearTimeout, now } from '../../../async/real-time'
import {
  CoherenceError,
  type Outcome,
  ProtocolError,
  type ServerError,
  SessionClosedError,
} from '../../../errors'
import type { ErrorMessage } from '../../../../gen/coherence/common/v1/common_messages_v1'
import { onAbort } from '../../../async/abort'
import { type Call, timeoutError } from '../../../calls/call'
import { closedError, isUnreadable, lostError, UNREADABLE_LIMIT } from '../../connection-errors'
import type { Deadlines, Expiring } from '../../../async/deadlines'
import type { ConnectionSettings } from '../../port'
import type { CacheHandle } from './cache-handle'
import type { Request } from '../wire/requests'
import type { Payload } from '../wire/payloads'
import {
  isDestroyed,
  isStaleCacheId,
  serverError,
  serverErrorOf,
  STALE_ID_LIMIT,
} from '../stream/server-errors'
import type { InFlight } from '../stream/sub-channel'
import type { AnyView } from '../wire/wire'

/** Sends requests, and knows about the connection. */
export interface RequestSender {
  readonly settings: ConnectionSettings
  /** Why there is no connection now. */
  readonly lastFailure: unknown
  readonly deadlines: Deadlines
  /** Sends the request, for the first time or again, now or when there is a connection. */
  submit(request: PendingRequest<unknown>): void
  /** The server does not know this id of the cache any more. */
  staleId(handle: CacheHandle, id: number | undefined): void
  /** The request is settled and need not be sent any more. */
  forget(request: PendingRequest<unknown>): void
}

/** It waits for a connection, or for the id of its cache on it, or for its answer. */
type Stage = 'disconnected' | 'ensuring' | 'sent' | 'finished'

export class PendingRequest<A> implements InFlight, Expiring {
  readonly promise: Promise<A>
  readonly type: number
  /** Encoded once, however often it is sent. */
  readonly payload: Payload | undefined
  readonly handle: CacheHandle
  readonly call: Call
  sentAt = 0
  readonly givesParts = false
  readonly #sender: RequestSender
  readonly #request: Request<never, A>
  readonly #parameters: unknown
  readonly #bytes: number
  #stopWatching: (() => void) | undefined
  #resolve!: (answer: A) => void
  #reject!: (reason: unknown) => void
  #settled = false
  #stage: Stage = 'disconnected'
  /** It was on a stream that ended before the answer. */
  #mayHaveRun = false
  /** The id that its cache had when it was sent. */
  #cacheId: number | undefined
  #staleIds = 0
  /** How often it was on a stream that ended before the answer. */
  #losses = 0
  /** How many of these streams were given up because of what came on them. */
  #unreadable = 0
  #readiness: NodeJS.Timeout | undefined

  constructor(
    sender: RequestSender,
    request: Request<never, A>,
    parameters: unknown,
    handle: CacheHandle,
    call: Call,
  ) {
    this.#sender = sender
    this.#request = request
    this.#parameters = parameters
    this.type = request.type
    this.payload = request.write(parameters as never)
    this.handle = handle
    this.call = call
    this.#bytes = this.payload?.length ?? 0
    sender.settings.traffic.pendingBytes += this.#bytes
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    sender.deadlines.add(this)
    if (call.signal !== undefined) {
      const aborted = (): void => this.reject(call.signal?.reason)
      this.#stopWatching = onAbort(call.signal, aborted)
      if (call.signal.aborted) aborted()
    }
  }

  get settled(): boolean {
    return this.#settled
  }

  /** Whether the server may have carried it out. */
  get outcome(): Outcome {
    return this.#mayHaveRun || this.#stage === 'sent' ? 'unknown' : 'not-sent'
  }

  get deadline(): number {
    return this.call.deadline
  }

  expired(): void {
    if (this.#stage === 'disconnected') this.#notReady()
    else this.reject(timeoutError(this.call, this.outcome))
  }

  /** It was handed to a stream on which its cache has this id. */
  sent(cacheId: number): void {
    this.#stage = 'sent'
    this.call.sent?.add(this.#bytes)
    if (this.#losses > 0) this.#sender.settings.traffic.resentRequests += 1
    this.sentAt = now()
    this.#cacheId = cacheId
    this.#connected()
  }

  /** It waits for the id of its cache. */
  waitsForId(): void {
    this.#stage = 'ensuring'
    this.#connected()
  }

  /** It waits for a connection, for `seconds` at the most; without a number as long as it has time. */
  waitsForConnection(seconds: number | undefined): void {
    this.#stage = 'disconnected'
    if (seconds === undefined || this.#readiness !== undefined || this.#settled) return
    if (seconds === 0) this.#notReady()
    else if (seconds !== Infinity) this.#readiness = alarm(now() + seconds * 1_000, () => this.#notReady())
  }

  /** Ends it with an error of ours. */
  reject(reason: unknown): void {
    if (this.#settled) return
    this.#settle()
    this.#reject(reason)
    if (this.#stage === 'disconnected' || this.#stage === 'ensuring') {
      this.#sender.forget(this as PendingRequest<unknown>)
      this.#finish()
    }
  }

  received(message: AnyView): undefined {
    if (this.#settled) return
    const { answer } = this.#request
    try {
      switch (answer.messages) {
        case 'none':
          return
        case 'one': {
          // Only its completion follows: there is no need to wait for that.
          const value = answer.read(message)
          this.#settle()
          this.#resolve(value)
          return
        }
        case 'many':
          answer.read(message, this.#parameters as never)
      }
    } catch (error) {
      this.reject(unreadable(error))
    }
  }

  completed(): void {
    this.handle.knownAt = this.sentAt
    if (!this.#settled) {
      this.#settle()
      if (this.#request.answer.messages === 'one')
        this.#reject(new ProtocolError('The server sent no answer'))
      else this.#resolve(undefined as A)
    }
    this.#finish()
  }

  failed(error: ErrorMessage): void {
    if (!this.#settled && this.handle.isActive && isStaleCacheId(error) && this.#staleIds < STALE_ID_LIMIT) {
      this.#staleIds += 1
      this.call.sent?.remove()
      this.#sender.staleId(this.handle, this.#cacheId)
      this.#again()
      return
    }
    if (!this.#settled) {
      const failure =
        this.handle.inactiveError(this.call.operation, 'unknown', isDestroyed(error)) ??
        serverError(this.call, error)
      this.#settle()
      this.#reject(failure)
    }
    this.#finish()
  }

  lost(reason: unknown, written: boolean): void {
    this.#mayHaveRun ||= written
    if (written) this.#losses += 1
    if (written && isUnreadable(reason)) this.#unreadable += 1
    if (!written && this.#stage === 'sent') this.call.sent?.remove()
    if (this.#settled) {
      this.#finish()
    } else if (reason instanceof SessionClosedError) {
      this.reject(closedError(this.call, reason, this.#mayHaveRun))
      this.#finish()
    } else if (!written || this.#mayRepeat()) {
      this.#again()
    } else {
      this.reject(lostError(this.call, this.#sender.settings.address, 'unknown', reason))
      this.#finish()
    }
  }

  /** The server refuses the cache. Another call was rejected with this error already. */
  refused(error: ServerError): void {
    this.reject(serverErrorOf(this.call, error))
  }

  #mayRepeat(): boolean {
    const { attempts } = this.#sender.settings.retry
    return this.#request.repeatable && this.#losses < attempts && this.#unreadable < UNREADABLE_LIMIT
  }

  #again(): void {
    this.#stage = 'disconnected'
    this.#sender.submit(this as PendingRequest<unknown>)
  }

  #connected(): void {
    if (this.#readiness === undefined) return
    clearTimeout(this.#readiness)
    this.#readiness = undefined
  }

  #notReady(): void {
    this.reject(lostError(this.call, this.#sender.settings.address, this.outcome, this.#sender.lastFailure))
  }

  #settle(): void {
    this.#settled = true
    this.#sender.settings.traffic.pendingBytes -= this.#bytes
    this.#sender.deadlines.remove(this)
    if (this.#readiness !== undefined) clearTimeout(this.#readiness)
    this.#stopWatching?.()
  }

  #finish(): void {
    if (this.#stage === 'finished') return
    this.#stage = 'finished'
    this.call.onFinished?.()
  }
}

function unreadable(error: unknown): CoherenceError {
  if (error instanceof CoherenceError) return error
  return new ProtocolError('The server sent an answer that cannot be read', { cause: error })
}
