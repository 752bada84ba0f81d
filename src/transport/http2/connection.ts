// One open HTTP/2 connection: it opens streams for calls, and reports when it accepts no more and why it was lost.
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket, type PeerCertificate } from 'node:tls'
import type { ChannelSettings } from './channel-options'
import { Keepalive } from './keepalive'
import { endSession, type OpenSession } from './open-session'
import { Flusher } from './write-buffer'
import { Rest } from './rest'
import { http2CodeText } from './status'

export interface HttpConnectionEvents {
  /** The connection accepts no new calls; calls in progress may continue. Called once. */
  retired(connection: Http2Connection): void
  /** The connection is closed. */
  closed(connection: Http2Connection): void
}

// Stream ids have 31 bits, and a client uses the odd ones.
const MOST_STREAMS = 2 ** 30 - 1
export class Http2Connection {
  readonly peer: string
  readonly authority: string
  readonly flusher = new Flusher()
  readonly #session: ClientHttp2Session
  readonly #socket: Socket
  readonly #events: HttpConnectionEvents
  readonly #keepalive: Keepalive | undefined
  readonly #rest: Rest
  #calls = 0
  #streams = 0
  #retired = false
  #loss: string | undefined

  constructor(
    { session, socket, peer, authority }: OpenSession,
    settings: ChannelSettings,
    events: HttpConnectionEvents,
  ) {
    this.peer = peer
    this.authority = authority
    this.#session = session
    this.#socket = socket
    this.#events = events
    this.#rest = new Rest(socket)
    if (settings.keepalive !== undefined) {
      this.#keepalive = new Keepalive(session, settings.keepalive, (reason) => {
        this.#lose(reason)
      })
    }
    session.on('goaway', (code: number, _lastStream: number, data?: Buffer) => {
      if (code !== constants.NGHTTP2_NO_ERROR) this.#loss ??= goawayText(code, data)
      this.#retire()
    })
    const lost = (error: Error): void => {
      this.#lose(error.message)
    }
    const closed = (): void => {
      this.#retire()
      this.#keepalive?.stop()
      this.#rest.end()
      this.#events.closed(this)
    }
    // A session does not report all errors of its socket, for example those of TLS.
    session.on('error', lost)
    socket.on('error', lost)
    session.on('close', closed)
    socket.on('close', closed)
  }

  /** The error that ended the connection and all its calls; `undefined` while it is open. */
  get loss(): string | undefined {
    if (!this.#session.destroyed && !this.#socket.destroyed) return undefined
    return this.#loss ?? 'The connection was closed by the server'
  }

  /** The server's certificate; `undefined` without TLS. */
  get peerCertificate(): PeerCertificate | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate() : undefined
  }

  /**
   * Opens a stream for one call, which must call `release` at its end. Returns `undefined` if no new calls are
   * accepted.
   *
   * @throws the headers cannot be sent.
   */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined {
    if (this.#retired || this.#session.closed || this.#session.destroyed) return undefined
    const stream = this.#session.request(headers)
    this.#streams += 1
    if (this.#streams === MOST_STREAMS) this.#retire()
    this.#calls += 1
    if (this.#calls === 1) {
      this.#session.ref()
      this.#keepalive?.start()
    }
    return stream
  }

  /** A call has ended. Without calls, the connection does not keep the process alive, and a retired one ends. */
  release(): void {
    this.#calls -= 1
    if (this.#calls > 0) return
    this.#session.unref()
    this.#keepalive?.stop()
    if (this.#retired) this.close()
  }

  /** The server sent data to a call. */
  noteActivity(): void {
    this.#keepalive?.noteActivity()
  }

  /** Stops reading for a moment, so that the data of that time is read together. */
  rest(millis: number): void {
    this.#rest.begin(millis)
  }

  /** Reads again at once. */
  wake(): void {
    this.#rest.end()
  }

  /** Ends the connection and all its streams at once. */
  close(): void {
    this.#rest.end()
    endSession({ session: this.#session, socket: this.#socket })
  }

  #lose(reason: string): void {
    this.#loss ??= reason
    this.#retire()
    this.close()
  }

  #retire(): void {
    if (this.#retired) return
    this.#retired = true
    this.#events.retired(this)
    if (this.#calls === 0) this.close()
  }
}

function goawayText(code: number, data: Buffer | undefined): string {
  const more = data === undefined || data.length === 0 ? '' : `: ${data.toString()}`
  return `The server ended the connection with GOAWAY code ${http2CodeText(code)}${more}`
}
