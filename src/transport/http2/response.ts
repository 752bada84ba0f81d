// The receiving side of one call: converts the events of its HTTP/2 stream to metadata, single messages, and a status.
import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js'
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { setImmediate } from '../../async/real-time'
import type { Http2Connection } from './connection'
import type { Inbox } from './inbox'
import {
  faultOfHeaders,
  statusOf,
  statusOfTrailers,
  statusPartsOfHttp,
  statusPartsOfStreamEnd,
  type ResponseHeaders,
  type StatusParts,
} from './status'

export interface ResponseEvents {
  metadata(metadata: Metadata): void
  /** A message, one for each `read()`. */
  message(message: Buffer): void
  /**
   * The server or the loss of the connection ended the call. This is the last event, and comes once, after all
   * messages.
   */
  ended(status: StatusObject): void
}

export class Response {
  readonly #events: ResponseEvents
  readonly #inbox: Inbox
  #stream: ClientHttp2Stream | undefined
  #httpStatus = 0
  #streamError: string | undefined
  #wanted = false
  #delivering = false
  #gathering = false
  #paused = false
  #allReceived = false
  #ending: StatusObject | undefined
  #closed = false

  constructor(inbox: Inbox, events: ResponseEvents) {
    this.#events = events
    this.#inbox = inbox
  }

  attach(stream: ClientHttp2Stream, connection: Http2Connection): void {
    this.#stream = stream
    stream.on('response', (headers: ResponseHeaders, flags: number) => {
      connection.noteActivity()
      this.#respond(headers, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0)
    })
    stream.on('data', (chunk: Buffer) => {
      connection.noteActivity()
      this.#receive(chunk)
    })
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      this.#conclude(statusOfTrailers(trailers) ?? statusOf(statusPartsOfHttp(this.#httpStatus)))
      // Unless the stream is paused, no data waits in it, so there is no need to await its end.
      if (stream.readableLength === 0) this.#endOfData()
    })
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The code of the stream is the one of the server's reset.
      if (error.code !== 'ERR_HTTP2_STREAM_ERROR') this.#streamError = error.message
    })
    const ended = (): void => {
      this.#endOfData()
      // The connection learns of its end after its streams, and trailers come before the event for the end of the data.
      if (this.#ending === undefined) setImmediate(this.#concludeWithoutStatus, stream, connection)
    }
    stream.on('end', ended)
    stream.on('close', ended)
  }

  /** Requests the next message. */
  read(): void {
    this.#wanted = true
    if (!this.#gathering) this.#deliver()
  }

  /** Emits no more events. */
  close(): void {
    this.#closed = true
    this.#inbox.clear()
  }

  #respond(headers: ResponseHeaders, isAll: boolean): void {
    if (this.#closed) return
    this.#httpStatus = headers[':status'] ?? 0
    const status = isAll ? statusOfTrailers(headers) : undefined
    const fault = status === undefined ? faultOfHeaders(headers) : undefined
    if (status !== undefined) this.#conclude(status)
    else if (fault !== undefined) this.#fail(fault)
    else if (isAll) this.#fail(statusPartsOfHttp(this.#httpStatus))
    else this.#events.metadata(metadataOf(headers))
    if (isAll) this.#endOfData()
  }

  #receive(chunk: Buffer): void {
    if (this.#closed || this.#allReceived) return
    const fault = this.#inbox.receive(chunk)
    if (this.#inbox.gathers) this.#deliverLater()
    else this.#deliver()
    if (fault !== undefined) this.#fail(fault)
    else if (this.#inbox.isFull && !this.#paused) {
      this.#paused = true
      this.#stream?.pause()
    }
  }

  /** The bytes are invalid: ends the call without waiting for the rest. */
  #fail(fault: StatusParts): void {
    this.#ending = statusOf(fault)
    this.#stream?.close(constants.NGHTTP2_CANCEL)
    this.#endOfData()
  }

  #conclude(status: StatusObject): void {
    this.#ending ??= status
  }

  readonly #concludeWithoutStatus = (stream: ClientHttp2Stream, connection: Http2Connection): void => {
    if (this.#closed || this.#ending !== undefined) return
    const { loss } = connection
    const parts = statusPartsOfStreamEnd(stream.rstCode, this.#httpStatus)
    const details = this.#streamError === undefined ? parts.details : `${parts.details}: ${this.#streamError}`
    this.#conclude(
      statusOf(loss === undefined ? { ...parts, details } : { code: Status.UNAVAILABLE, details: loss }),
    )
    this.#endOfData()
  }

  #endOfData(): void {
    this.#allReceived = true
    this.#deliver()
  }

  /** Delivers at the end of the turn, so that the data of one turn is delivered together. */
  #deliverLater(): void {
    if (this.#gathering || this.#inbox.isEmpty) return
    this.#gathering = true
    setImmediate(this.#deliverGathered)
  }

  readonly #deliverGathered = (): void => {
    this.#gathering = false
    this.#deliver()
  }

  #deliver(): void {
    if (this.#delivering || this.#closed) return
    this.#delivering = true
    while (this.#wanted) {
      const message = this.#inbox.take()
      if (message === undefined) break
      this.#wanted = false
      this.#events.message(message)
    }
    this.#delivering = false
    if (!this.#inbox.isEmpty) return
    if (this.#paused) {
      this.#paused = false
      this.#stream?.resume()
    }
    this.#end()
  }

  #end(): void {
    if (this.#closed || this.#ending === undefined || !this.#allReceived) return
    const isCut = this.#ending.code === Status.OK && this.#inbox.endsWithinMessage
    const details = 'The server ended the call within a message'
    this.close()
    this.#events.ended(isCut ? statusOf({ code: Status.INTERNAL, details }) : this.#ending)
  }
}

function metadataOf(headers: IncomingHttpHeaders): Metadata {
  const metadata = Metadata.fromHttp2Headers(headers)
  // Headers that concern only the channel, as in grpc-js.
  metadata.remove('grpc-encoding')
  metadata.remove('grpc-accept-encoding')
  return metadata
}
