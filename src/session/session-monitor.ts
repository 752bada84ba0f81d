// What can be seen of a session from outside: its statistics, its log, and what is published for tools.
import { wallClock } from '../async/real-time'
import { CONNECT, type ConnectionMessage, DISCONNECT, RECONNECT } from '../calls/diagnostics'
import type { Traffic } from '../calls/traffic'
import { runReporting } from '../calls/user-code'
import type { ServerInfo } from '../protocol/port'
import type { SessionLogger } from './options/logger'

/** Figures of a session, since it was created. */
export interface SessionStats {
  /**
   * Calls that were made. Each loop over a streamed read is one; an event stream is one until it is registered. A call
   * with wrong arguments counts as not made.
   */
  readonly calls: number
  /** Those of them that were rejected. */
  readonly failedCalls: number
  /** Those of them that have no answer yet, and the streams that have not ended. */
  readonly pendingCalls: number
  /** The bytes of all requests that have no answer yet, those of streamed reads included. */
  readonly pendingBytes: number
  /** Requests that were sent again because a connection was lost. */
  readonly resentRequests: number
  /** How often a lost connection was replaced. */
  readonly reconnects: number
  /** The last failure of a connection or of an attempt to connect, and when it was; `undefined` if there was none. */
  readonly lastFailure: { readonly error: unknown; readonly at: Date } | undefined
  /**
   * The time of the last round trip to the server, in seconds, as `ping()` and heartbeats measure it; `undefined` before
   * the first of them.
   */
  readonly roundTripSeconds: number | undefined
}

export class SessionMonitor {
  readonly #sessionId: string
  readonly #address: string
  readonly #traffic: Traffic
  readonly #logger: SessionLogger | undefined
  readonly #report: (error: unknown) => void
  #reconnects = 0
  #lastFailure: SessionStats['lastFailure']

  /** @param report Gets the errors that the logger throws. */
  constructor(
    session: { readonly id: string; readonly address: string },
    traffic: Traffic,
    logger: SessionLogger | undefined,
    report: (error: unknown) => void,
  ) {
    this.#sessionId = session.id
    this.#address = session.address
    this.#traffic = traffic
    this.#logger = logger
    this.#report = report
  }

  get stats(): SessionStats {
    const { calls, failedCalls, pendingCalls, pendingStreams } = this.#traffic
    const { pendingBytes, resentRequests, roundTripSeconds } = this.#traffic
    return {
      calls,
      failedCalls,
      pendingCalls: pendingCalls + pendingStreams,
      pendingBytes,
      resentRequests,
      reconnects: this.#reconnects,
      lastFailure: this.#lastFailure,
      roundTripSeconds,
    }
  }

  connected(server: ServerInfo | undefined): void {
    CONNECT.publish(this.#message())
    this.log('info', () => `Connected to ${this.#address}, ${serverText(server)}`)
  }

  attemptFailed(error: unknown, waitMillis: number): void {
    this.#failed(error)
    this.log('debug', () => `${textOf(error)}; the next attempt is in ${Math.round(waitMillis)} ms`)
  }

  disconnected(reason: unknown): void {
    this.#failed(reason)
    DISCONNECT.publish({ ...this.#message(), reason })
    this.log('warn', () => textOf(reason))
  }

  reconnected(server: ServerInfo | undefined): void {
    this.#reconnects += 1
    RECONNECT.publish(this.#message())
    this.log('info', () => `Connected again to ${this.#address}, ${serverText(server)}`)
  }

  closed(cause: unknown): void {
    if (cause === undefined) this.log('info', () => `The session of ${this.#address} is closed`)
    else this.log('error', () => `The session of ${this.#address} closed itself: ${textOf(cause)}`)
  }

  /** `message` is called only if there is a logger. */
  log(level: keyof SessionLogger, message: () => string): void {
    const logger = this.#logger
    if (logger !== undefined) void runReporting(() => logger[level](message()), this.#report)
  }

  #failed(error: unknown): void {
    this.#lastFailure = { error, at: new Date(wallClock()) }
  }

  #message(): ConnectionMessage {
    return { sessionId: this.#sessionId, address: this.#address }
  }
}

function serverText(server: ServerInfo | undefined): string {
  if (server === undefined) return 'which is gone already'
  return `member ${server.memberId} of Coherence ${server.proxyVersion}`
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
