// One call on the HTTP/2 channel, with the interface that grpc-js's clients use: a listener gets one message for each
// `startRead`, and exactly one status at the end.
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
import { WriteBuffer } from './write-buffer'
import { Response } from './response'
import { statusOf } from './status'

/** grpc-js's interface of calls, which it does not export. */
export type GrpcCall = ReturnType<ChannelInterface['createCall']>
type MessageContext = Parameters<GrpcCall['sendMessageWithContext']>[0]
type AuthContext = ReturnType<GrpcCall['getAuthContext']>

/** The part of the channel that a call uses. */
export interface CallChannel {
  readonly target: string
  /** The value of `:authority` before it is known to which target the channel connects. */
  readonly authority: string
  readonly settings: ChannelSettings
  /** Why there is no connection, for error texts; `undefined` if nothing failed. */
  readonly lastError: string | undefined
  /** Attaches the call to a connection, now or when there is one, or fails it. */
  schedule(call: Http2Call): void
  /** The call has ended. */
  ended(call: Http2Call): void
}

export interface CallRequest {
  /** `/package.Service/method` */
  readonly path: string
  /** Whether the call sends and receives frames, several at once, instead of single messages. */
  readonly framed: boolean
  /** On the clock of `now()`; `Infinity` for no deadline. */
  readonly deadline: number
  readonly scheme: 'http' | 'https'
  /** The value of `:authority`; `undefined` for that of the target that the channel connects to. */
  readonly authority: string | undefined
}

let calls = 0

export class Http2Call implements GrpcCall {
  readonly #owner: CallChannel
  readonly #request: CallRequest
  readonly #number = ++calls
  readonly #createdAt = now()
  readonly #writeBuffer: WriteBuffer
  readonly #response: Response
  #metadata = new Metadata()
  #credentials: CallCredentials | undefined
  #listener: InterceptingListener | undefined
  #expiry: NodeJS.Timeout | undefined
  #connection: Http2Connection | undefined
  #stream: ClientHttp2Stream | undefined
  #status: StatusObject | undefined

  constructor(owner: CallChannel, request: CallRequest) {
    this.#owner = owner
    this.#request = request
    this.#writeBuffer = new WriteBuffer(request.framed)
    const { maxReceiveBytes } = owner.settings
    const inbox = request.framed ? new FrameInbox(maxReceiveBytes) : new MessageInbox(maxReceiveBytes)
    this.#response = new Response(inbox, {
      metadata: (metadata) => {
        this.#notify('onReceiveMetadata', metadata)
      },
      message: (message) => {
        this.#notify('onReceiveMessage', message)
      },
      ended: (status) => {
        if (this.#stream !== undefined) closeAnswered(this.#stream)
        this.#settle(status)
      },
    })
  }

  /** Whether the call waits, instead of failing, while there is no connection. */
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
    if (this.#credentials === undefined) this.#owner.schedule(this)
    else void this.#scheduleWith(this.#credentials)
  }

  sendMessageWithContext(context: MessageContext, message: Buffer): void {
    const { maxSendBytes } = this.#owner.settings
    if (message.length > maxSendBytes && !this.#request.framed) {
      const details = `Attempted to send message with a size larger than ${maxSendBytes} (${message.length})`
      this.cancelWithStatus(Status.RESOURCE_EXHAUSTED, details)
    }
    this.#writeBuffer.add(message, context.callback)
  }

  halfClose(): void {
    this.#writeBuffer.halfClose()
  }

  startRead(): void {
    this.#response.read()
  }

  cancelWithStatus(code: Status, details: string): void {
    this.#stream?.close(constants.NGHTTP2_CANCEL)
    this.#settle(statusOf({ code, details }))
  }

  getPeer(): string {
    return this.#connection?.peer ?? this.#owner.target
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

  /** Starts the call on a connection. Returns `false`, without effect, if the connection accepts no new calls. */
  attach(connection: Http2Connection): boolean {
    let stream: ClientHttp2Stream | undefined
    try {
      stream = connection.open(this.#headers(connection.authority))
    } catch (error) {
      this.cancelWithStatus(Status.INTERNAL, `The call cannot be sent: ${errorText(error)}`)
      return true
    }
    if (stream === undefined) return false
    this.#connection = connection
    this.#stream = stream
    this.#response.attach(stream, connection)
    this.#writeBuffer.attach(stream, connection.flusher)
    return true
  }

  #headers(defaultAuthority: string): OutgoingHttpHeaders {
    const { path, deadline, scheme, authority } = this.#request
    const headers = this.#metadata.toHttp2Headers()
    // Not from the constants of node:http2: Deno has no HTTP2_METHOD_POST.
    headers[':method'] = 'POST'
    headers[':scheme'] = scheme
    headers[':authority'] = authority ?? defaultAuthority
    headers[':path'] = path
    headers.te = 'trailers'
    headers['content-type'] = 'application/grpc'
    headers['user-agent'] = this.#owner.settings.userAgent
    headers['grpc-accept-encoding'] = 'identity'
    if (deadline !== Infinity) headers['grpc-timeout'] = grpcTimeout(deadline - now())
    return headers
  }

  async #scheduleWith(credentials: CallCredentials): Promise<void> {
    const { path, authority = this.#owner.authority } = this.#request
    const service = path.slice(1, path.lastIndexOf('/'))
    const host = authority.replace(/:\d+$/, '')
    try {
      const options = { method_name: path, service_url: `https://${host}/${service}` }
      this.#metadata.merge(await credentials.generateMetadata(options))
    } catch (error) {
      this.cancelWithStatus(Status.UNAUTHENTICATED, `The call credentials failed: ${errorText(error)}`)
    }
    if (this.#status === undefined) this.#owner.schedule(this)
  }

  #expire(): void {
    const seconds = (now() - this.#createdAt) / 1_000
    const { lastError } = this.#owner
    const reason = lastError === undefined ? '' : `: ${lastError}`
    const waiting = this.#connection === undefined ? ` while waiting for a connection${reason}` : ''
    this.cancelWithStatus(
      Status.DEADLINE_EXCEEDED,
      `Deadline exceeded after ${seconds.toFixed(3)} s${waiting}`,
    )
  }

  // An error that a listener throws ends only its own call.
  #notify(event: 'onReceiveMetadata' | 'onReceiveMessage', value: Metadata | Buffer): void {
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
    this.#writeBuffer.close()
    this.#connection?.release()
    this.#owner.ended(this)
    if (this.#listener !== undefined) this.#report(status, this.#listener)
  }

  // Later in this turn: the call has ended, and an error of the listener must not interrupt the code that ends it.
  #report(status: StatusObject, listener: InterceptingListener): void {
    soon(() => {
      listener.onReceiveStatus(status)
    })
  }
}

/** Ends our side of a stream whose other side has ended. */
function closeAnswered(stream: ClientHttp2Stream): void {
  if (stream.closed || stream.destroyed) return
  // Servers count resets, so a stream is reset only if it cannot end otherwise: the server has not read the request.
  if (stream.writableLength > 0) stream.close(constants.NGHTTP2_CANCEL)
  else if (!stream.writableEnded) stream.end()
}
