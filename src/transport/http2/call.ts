// One call on the HTTP/2 channel, as grpc-js's clients drive it: a listener is told of what arrives, one message for
// each `startRead`, and of one status at the end, whatever happens.
import {
  Metadata,
  status as Status,
  type CallCredentials,
  type ChannelInterface,
  type InterceptingListener,
  type StatusObject,
} from '@grpc/grpc-js'
import { constants, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2'
import { alarm } from '../../async/alarm'
import { clearTimeout, now, soon } from '../../async/real-time'
import type { ChannelSettings } from './channel-options'
import type { Http2Connection } from './connection'
import { grpcTimeout } from './deadline'
import { errorText } from './error-text'
import { FrameInbox, MessageInbox } from './inbox'
import { Outbox } from './outbox'
import { Response } from './response'
import { statusOf } from './status'

/** grpc-js's interface of calls, which it does not export. */
export type GrpcCall = ReturnType<ChannelInterface['createCall']>
type MessageContext = Parameters<GrpcCall['sendMessageWithContext']>[0]
type AuthContext = ReturnType<GrpcCall['getAuthContext']>

/** What a call needs of its channel. */
export interface CallHome {
  readonly target: string
  readonly settings: ChannelSettings
  /** Why there is no connection, for people; `undefined` where nothing went wrong. */
  readonly trouble: string | undefined
  /** Attaches the call to a connection, at once or when there is one, or fails it. */
  place(call: Http2Call): void
  /** The call is over. */
  ended(call: Http2Call): void
}

export interface CallRequest {
  /** `/package.Service/method` */
  readonly path: string
  /** Whether what is sent and received are frames, some at once, rather than single messages. */
  readonly framed: boolean
  /** On the clock of `now()`; `Infinity` for none. */
  readonly deadline: number
  readonly scheme: 'http' | 'https'
  readonly authority: string
}

let calls = 0

export class Http2Call implements GrpcCall {
  readonly #home: CallHome
  readonly #request: CallRequest
  readonly #number = ++calls
  readonly #createdAt = now()
  readonly #outbox: Outbox
  readonly #response: Response
  #metadata = new Metadata()
  #credentials: CallCredentials | undefined
  #listener: InterceptingListener | undefined
  #expiry: NodeJS.Timeout | undefined
  #connection: Http2Connection | undefined
  #stream: ClientHttp2Stream | undefined
  #status: StatusObject | undefined

  constructor(home: CallHome, request: CallRequest) {
    this.#home = home
    this.#request = request
    this.#outbox = new Outbox(request.framed)
    const { maxReceiveBytes } = home.settings
    const inbox = request.framed ? new FrameInbox(maxReceiveBytes) : new MessageInbox(maxReceiveBytes)
    this.#response = new Response(inbox, {
      metadata: (metadata) => {
        this.#tell('onReceiveMetadata', metadata)
      },
      message: (message) => {
        this.#tell('onReceiveMessage', message)
      },
      ended: (status) => {
        if (this.#stream !== undefined) closeAnswered(this.#stream)
        this.#settle(status)
      },
    })
  }

  /** Whether the call rather waits than fails while there is no connection. */
  get waitsForReady(): boolean {
    return this.#metadata.getOptions().waitForReady === true
  }

  start(metadata: Metadata, listener: InterceptingListener): void {
    this.#listener = listener
    this.#metadata = metadata.clone()
    if (this.#status !== undefined) {
      this.#report(this.#status, listener)
      return
    }
    this.#expiry = alarm(this.#request.deadline, () => this.#expire())
    if (this.#credentials === undefined) this.#home.place(this)
    else void this.#placeWith(this.#credentials)
  }

  sendMessageWithContext(context: MessageContext, message: Buffer): void {
    const { maxSendBytes } = this.#home.settings
    if (message.length > maxSendBytes && !this.#request.framed) {
      const details = `Attempted to send message with a size larger than ${maxSendBytes} (${message.length})`
      this.cancelWithStatus(Status.RESOURCE_EXHAUSTED, details)
    }
    this.#outbox.add(message, context.callback)
  }

  halfClose(): void {
    this.#outbox.halfClose()
  }

  startRead(): void {
    this.#response.read()
  }

  cancelWithStatus(code: Status, details: string): void {
    this.#stream?.close(constants.NGHTTP2_CANCEL)
    this.#settle(statusOf({ code, details }))
  }

  getPeer(): string {
    return this.#connection?.peer ?? this.#home.target
  }

  getCallNumber(): number {
    return this.#number
  }

  setCredentials(credentials: CallCredentials): void {
    this.#credentials = credentials
  }

  getAuthContext(): AuthContext {
    if (this.#connection === undefined) return null
    const certificate = this.#connection.peerCertificate
    return certificate === undefined ? {} : { transportSecurityType: 'ssl', sslPeerCertificate: certificate }
  }

  /** Starts the call on a connection; `false`, and nothing happened, where that takes no new calls. */
  attach(connection: Http2Connection): boolean {
    let stream: ClientHttp2Stream | undefined
    try {
      stream = connection.open(this.#headers())
    } catch (error) {
      this.cancelWithStatus(Status.INTERNAL, `The call cannot be sent: ${errorText(error)}`)
      return true
    }
    if (stream === undefined) return false
    this.#connection = connection
    this.#stream = stream
    this.#response.attach(stream, connection)
    this.#outbox.attach(stream, connection.flusher)
    return true
  }

  #headers(): OutgoingHttpHeaders {
    const { path, deadline, scheme, authority } = this.#request
    const headers = this.#metadata.toHttp2Headers()
    // Not from the constants of node:http2: Deno has no HTTP2_METHOD_POST.
    headers[':method'] = 'POST'
    headers[':scheme'] = scheme
    headers[':authority'] = authority
    headers[':path'] = path
    headers.te = 'trailers'
    headers['content-type'] = 'application/grpc'
    headers['user-agent'] = this.#home.settings.userAgent
    headers['grpc-accept-encoding'] = 'identity'
    if (deadline !== Infinity) headers['grpc-timeout'] = grpcTimeout(deadline - now())
    return headers
  }

  async #placeWith(credentials: CallCredentials): Promise<void> {
    const { path, authority } = this.#request
    const service = path.slice(1, path.lastIndexOf('/'))
    const host = authority.replace(/:\d+$/, '')
    try {
      const options = { method_name: path, service_url: `https://${host}/${service}` }
      this.#metadata.merge(await credentials.generateMetadata(options))
    } catch (error) {
      this.cancelWithStatus(Status.UNAUTHENTICATED, `The call credentials failed: ${errorText(error)}`)
    }
    if (this.#status === undefined) this.#home.place(this)
  }

  #expire(): void {
    const seconds = (now() - this.#createdAt) / 1_000
    const { trouble } = this.#home
    const reason = trouble === undefined ? '' : `: ${trouble}`
    const waiting = this.#connection === undefined ? ` while waiting for a connection${reason}` : ''
    this.cancelWithStatus(
      Status.DEADLINE_EXCEEDED,
      `Deadline exceeded after ${seconds.toFixed(3)} s${waiting}`,
    )
  }

  // What a listener throws ends its call and nothing else.
  #tell(event: 'onReceiveMetadata' | 'onReceiveMessage', value: Metadata | Buffer): void {
    try {
      if (event === 'onReceiveMessage') this.#listener?.onReceiveMessage(value)
      else this.#listener?.onReceiveMetadata(value as Metadata)
    } catch (error) {
      this.cancelWithStatus(Status.INTERNAL, `The listener of the call failed: ${errorText(error)}`)
    }
  }

  #settle(status: StatusObject): void {
    if (this.#status !== undefined) return
    this.#status = status
    clearTimeout(this.#expiry)
    this.#response.close()
    this.#outbox.close()
    this.#connection?.release()
    this.#home.ended(this)
    if (this.#listener !== undefined) this.#report(status, this.#listener)
  }

  // Later in this turn: what a listener throws here has no call left to end, and must not meet half-done work.
  #report(status: StatusObject, listener: InterceptingListener): void {
    soon(() => {
      listener.onReceiveStatus(status)
    })
  }
}

/** Ends our side of a stream whose other side has ended. */
function closeAnswered(stream: ClientHttp2Stream): void {
  if (stream.closed || stream.destroyed) return
  // Servers count resets, so only what could not end otherwise is reset: a request that waits for the server to read.
  if (stream.writableLength > 0) stream.close(constants.NGHTTP2_CANCEL)
  else if (!stream.writableEnded) stream.end()
}
