// Publishes what happens on channels of `node:diagnostics_channel`, for tools that watch applications. If nobody watches, a
// call costs the look at one member.
import { channel, type Channel } from 'node:diagnostics_channel'
import { now } from '../async/real-time'
import type { SentRequests } from './call'

/** What is published of a call on `tracing:coherence-ts:request:*`. The same object goes to all of its channels. */
export interface RequestMessage {
  /** The method that was called, such as `'get'`. */
  readonly operation: string
  /** The name of the map; `undefined` for a call of the session. */
  readonly mapName: string | undefined
  /** The longest wait for the answer, or for the next element of a stream, in seconds. */
  readonly timeoutSeconds: number
  /**
   * How the call ended: `'answered'`, an error's own `outcome`, or `'failed'`; `'left'` if the consumer of a stream
   * left it before its end. `undefined` until then.
   */
  outcome: string | undefined
  /** What the call rejected with. */
  error: unknown
  /** How long it took; `undefined` until then. */
  durationSeconds: number | undefined
  /** How many requests were sent for it, those that were sent again included; 0 for calls of the session and for listeners. */
  attempts: number
  /** The bytes of these requests. */
  bytes: number
}

/** What is published of a session on `coherence-ts:connect`, `coherence-ts:disconnect` and `coherence-ts:reconnect`. */
export interface ConnectionMessage {
  readonly sessionId: string
  /** The address of the server, or those of all, as in the options. */
  readonly address: string
  /** Why the connection was lost; only of `coherence-ts:disconnect`. */
  readonly reason?: unknown
}

// As `tracingChannel('coherence-ts:request')` names them, which not every runtime has.
const [START, END, ASYNC_START, ASYNC_END, ERROR] = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map(
  (event) => channel(`tracing:coherence-ts:request:${event}`),
) as [Channel, Channel, Channel, Channel, Channel]

export const CONNECT = channel('coherence-ts:connect')
export const DISCONNECT = channel('coherence-ts:disconnect')
export const RECONNECT = channel('coherence-ts:reconnect')

/** Whether anybody wants to know of calls. */
export function isTraced(): boolean {
  return (
    START.hasSubscribers ||
    ASYNC_END.hasSubscribers ||
    ERROR.hasSubscribers ||
    END.hasSubscribers ||
    ASYNC_START.hasSubscribers
  )
}

/** A call that is published. */
export class CallTrace {
  readonly #message: RequestMessage
  readonly #sent: SentRequests
  readonly #startedAt = now()

  constructor(call: Pick<RequestMessage, 'operation' | 'mapName' | 'timeoutSeconds'>, sent: SentRequests) {
    const { operation, mapName, timeoutSeconds } = call
    this.#message = {
      operation,
      mapName,
      timeoutSeconds,
      outcome: undefined,
      error: undefined,
      durationSeconds: undefined,
      attempts: 0,
      bytes: 0,
    }
    this.#sent = sent
    START.publish(this.#message)
    END.publish(this.#message)
  }

  failed(error: unknown): void {
    this.#message.error = error
    this.#message.outcome = outcomeOf(error)
    ERROR.publish(this.#message)
  }

  /** @param outcome How it ended, unless it failed. */
  ended(outcome: 'answered' | 'left' = 'answered'): void {
    const message = this.#message
    message.outcome ??= outcome
    message.durationSeconds = (now() - this.#startedAt) / 1_000
    message.attempts = this.#sent.attempts
    message.bytes = this.#sent.bytes
    ASYNC_START.publish(message)
    ASYNC_END.publish(message)
  }
}

function outcomeOf(error: unknown): string {
  const has = typeof error === 'object' && error !== null && 'outcome' in error
  return has && typeof error.outcome === 'string' ? error.outcome : 'failed'
}
