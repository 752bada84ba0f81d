// One request and the promise of its answer. It settles exactly once: answer, error, deadline, abort, lost
// connection, close. What it waits for on the wire may go on after that, and is told to `call.onFinished`.
import { alarm } from '../../async/alarm'
import { clearTimeout, now } from '../../async/real-time'
import {
  CoherenceError,
  type Outcome,
  ProtocolError,
  type ServerError,
  SessionClosedError,
} from '../../errors'
import type { ErrorMessage } from '../../../gen/coherence/common/v1/common_messages_v1'
import { onAbort } from '../abort'
import { type Call, timeoutError } from '../call'
import { closedError, lostError } from '../connection-errors'
import type { Deadlines, Expiring } from '../deadlines'
import type { Answer } from './answers'
import type { CacheLink } from './cache-link'
import type { RequestFacts } from './cache-requests'
import type { Payload } from './payloads'
import { isStaleCacheId, serverError, serverErrorOf, STALE_ID_LIMIT } from './server-answer'
import type { InFlight } from './sub-channel'
import type { AnyView } from './wire'

/** What a request needs of the connection it is made on. */
export interface RequestLane {
  readonly address: string
  /** Why there is no connection now. */
  readonly lastFailure: unknown
  readonly deadlines: Deadlines
  /** Sends the request, for the first time or again, now or when there is a connection. */
  submit(request: PendingRequest<unknown>): void
  /** The server does not know this id of the link any more. */
  staleId(link: CacheLink, id: number | undefined): void
  /** The request is settled and need not be sent any more. */
  forget(request: PendingRequest<unknown>): void
}

/** It waits for a connection, or for the id of its cache on it, or for its answer. */
type Stage = 'disconnected' | 'ensuring' | 'sent' | 'finished'

export class PendingRequest<A> implements InFlight, Expiring {
  readonly promise: Promise<A>
  readonly facts: RequestFacts
  readonly payload: Payload | undefined
  /** The cache it is for; `undefined` for the request that ensures one. */
  readonly link: CacheLink | undefined
  readonly call: Call
  sentAt = 0
  readonly givesParts = false
  readonly #lane: RequestLane
  readonly #answer: Answer<A>
  #takeBackAbort: (() => void) | undefined
  #resolve!: (answer: A) => void
  #reject!: (reason: unknown) => void
  #settled = false
  #stage: Stage = 'disconnected'
  /** It was on a stream that ended before the answer. */
  #mayHaveRun = false
  /** The id that its cache had when it was sent. */
  #cacheId: number | undefined
  #staleIds = 0
  #readiness: NodeJS.Timeout | undefined

  constructor(
    lane: RequestLane,
    facts: RequestFacts,
    payload: Payload | undefined,
    link: CacheLink | undefined,
    call: Call,
    answer: Answer<A>,
  ) {
    this.#lane = lane
    this.facts = facts
    this.payload = payload
    this.link = link
    this.call = call
    this.#answer = answer
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    lane.deadlines.add(this)
    if (call.signal !== undefined) {
      const aborted = (): void => this.reject(call.signal?.reason)
      this.#takeBackAbort = onAbort(call.signal, aborted)
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

  /** It was handed to a stream, where its cache has this id. */
  sent(cacheId: number | undefined): void {
    this.#stage = 'sent'
    this.call.sent?.add()
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
      this.#lane.forget(this as PendingRequest<unknown>)
      this.#finish()
    }
  }

  received(message: AnyView): undefined {
    if (this.#settled) return
    const answer = this.#answer
    try {
      switch (answer.shape) {
        case 'none':
          return
        case 'one': {
          // Nothing but its completion follows: there is no need to wait for that.
          const value = answer.read(message)
          this.#settle()
          this.#resolve(value)
          return
        }
        case 'each':
          answer.read(message)
      }
    } catch (error) {
      this.reject(unreadable(error))
    }
  }

  completed(): void {
    if (!this.#settled) {
      this.#settle()
      if (this.#answer.shape === 'one') this.#reject(new ProtocolError('The server sent no answer'))
      else this.#resolve(undefined as A)
    }
    this.#finish()
  }

  failed(error: ErrorMessage): void {
    if (
      !this.#settled &&
      this.link?.isActive === true &&
      isStaleCacheId(error) &&
      this.#staleIds < STALE_ID_LIMIT
    ) {
      this.#staleIds += 1
      this.call.sent?.remove()
      this.#lane.staleId(this.link, this.#cacheId)
      this.#again()
      return
    }
    if (!this.#settled) {
      const failure =
        this.link?.inactiveError(this.call.operation, 'unknown') ?? serverError(this.call, error)
      this.#settle()
      this.#reject(failure)
    }
    this.#finish()
  }

  lost(reason: unknown, written: boolean): void {
    this.#mayHaveRun ||= written
    if (!written && this.#stage === 'sent') this.call.sent?.remove()
    if (this.#settled) {
      this.#finish()
    } else if (reason instanceof SessionClosedError) {
      this.reject(closedError(this.call, reason, this.#mayHaveRun))
      this.#finish()
    } else if (!written || this.facts.repeatable) {
      this.#again()
    } else {
      this.reject(lostError(this.call, this.#lane.address, 'unknown', reason))
      this.#finish()
    }
  }

  /** The cache has no id, for this reason, which was told to another call. */
  refused(error: ServerError): void {
    this.reject(serverErrorOf(this.call, error))
  }

  #again(): void {
    this.#stage = 'disconnected'
    this.#lane.submit(this as PendingRequest<unknown>)
  }

  #connected(): void {
    if (this.#readiness === undefined) return
    clearTimeout(this.#readiness)
    this.#readiness = undefined
  }

  #notReady(): void {
    this.reject(lostError(this.call, this.#lane.address, this.outcome, this.#lane.lastFailure))
  }

  #settle(): void {
    this.#settled = true
    this.#lane.deadlines.remove(this)
    if (this.#readiness !== undefined) clearTimeout(this.#readiness)
    this.#takeBackAbort?.()
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

/** Sends a request, and gives its answer. */
export function submitRequest<A>(
  lane: RequestLane,
  facts: RequestFacts,
  payload: Payload | undefined,
  link: CacheLink | undefined,
  call: Call,
  answer: Answer<A>,
): Promise<A> {
  const request = new PendingRequest(lane, facts, payload, link, call, answer)
  lane.submit(request as PendingRequest<unknown>)
  return request.promise
}
