// One HTTP/2 connection that is open: gives calls their streams, and tells when it takes no more and why it was lost.
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket, type PeerCertificate } from 'node:tls'
import type { ChannelSettings } from './channel-options'
import { Keepalive } from './keepalive'
import { endLink, type Link } from './link'
import { Flusher } from './outbox'
import { Rest } from './rest'
import { http2CodeText } from './status'

export interface ConnectionEvents {
  /** It takes no new calls any more; those under way may go on. Once. */
  retired(connection: Http2Connection): void
  /** Nothing is left of it. */
  closed(connection: Http2Connection): void
}

// Stream ids have 31 bits and a client uses the odd ones.
const MOST_STREAMS = 2 ** 30 - 1
export class Http2Connection {
  readonly peer: string
  readonly flusher = new Flusher()
  readonly #session: ClientHttp2Session
  readonly #socket: Socket
  readonly #events: ConnectionEvents
  readonly #keepalive: Keepalive | undefined
  readonly #rest: Rest
  #calls = 0
  #streams = 0
  #retired = false
  #loss: string | undefined

  constructor({ session, socket, peer }: Link, settings: ChannelSettings, events: ConnectionEvents) {
    this.peer = peer
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
    // A session does not tell all that happens to its socket, as with errors of TLS.
    session.on('error', lost)
    socket.on('error', lost)
    session.on('close', closed)
    socket.on('close', closed)
  }

  /** What took the connection away, with all calls on it; `undefined` as long as it is there. */
  get loss(): string | undefined {
    if (!this.#session.destroyed && !this.#socket.destroyed) return undefined
    return this.#loss ?? 'The connection was closed by the server'
  }

  /** The certificate the server has shown; `undefined` without TLS. */
  get peerCertificate(): PeerCertificate | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate() : undefined
  }

  /**
   * A stream for one call, which has to be given back with `release`; `undefined` where no new calls are taken.
   *
   * @throws The headers cannot be sent.
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

  /** A call is over. Without calls the connection does not keep the process alive; a retired one ends. */
  release(): void {
    this.#calls -= 1
    if (this.#calls > 0) return
    this.#session.unref()
    this.#keepalive?.stop()
    if (this.#retired) this.close()
  }

  /** The server sent something to a call. */
  heard(): void {
    this.#keepalive?.heard()
  }

  /** Nothing is read for a moment, for what comes then to be read together. */
  rest(millis: number): void {
    this.#rest.begin(millis)
  }

  /** Ends a rest. */
  wake(): void {
    this.#rest.end()
  }

  /** Ends the connection at once and every stream on it. */
  close(): void {
    this.#rest.end()
    endLink({ session: this.#session, socket: this.#socket })
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
