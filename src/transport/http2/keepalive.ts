// Detects a dead connection by HTTP/2 pings. It sends them only while calls wait, and at most two after the last data:
// Netty servers, such as Coherence, end a connection with GOAWAY "too_many_pings" at the third.
import type { ClientHttp2Session } from 'node:http2'
import { alarm } from '../../async/alarm'
import { clearTimeout, now } from '../../async/real-time'
import type { KeepaliveSettings } from './channel-options'

const MOST_PINGS_WITHOUT_DATA = 2

export class Keepalive {
  readonly #session: ClientHttp2Session
  readonly #settings: KeepaliveSettings
  readonly #lost: (reason: string) => void
  #timer: NodeJS.Timeout | undefined
  #awaited = false
  #active = false
  #pings = 0

  /** @param lost Called when a ping was not answered. */
  constructor(session: ClientHttp2Session, settings: KeepaliveSettings, lost: (reason: string) => void) {
    this.#session = session
    this.#settings = settings
    this.#lost = lost
  }

  /** The server sent data. */
  noteActivity(): void {
    this.#active = true
    this.#pings = 0
  }

  /** A call waits. */
  start(): void {
    this.#awaited = true
    this.#wait(this.#settings.timeMs, this.#silent)
  }

  /** No call waits. */
  stop(): void {
    this.#awaited = false
    clearTimeout(this.#timer)
  }

  readonly #silent = (): void => {
    if (this.#active || this.#pings === MOST_PINGS_WITHOUT_DATA) {
      this.#active = false
      this.start()
      return
    }
    this.#pings += 1
    this.#wait(this.#settings.timeoutMs, this.#unanswered)
    this.#session.ping((error) => {
      if (error === null && this.#awaited) this.start()
    })
  }

  readonly #unanswered = (): void => {
    this.#lost(`No answer to a ping within ${this.#settings.timeoutMs} ms`)
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = alarm(now() + ms, then)
    this.#timer?.unref()
  }
}
