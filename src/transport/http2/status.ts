// How a call ended: read from the trailers, or concluded from HTTP/2 where there are none, as gRPC's documents
// PROTOCOL-HTTP2 and http-grpc-status-mapping have it.
import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js'
import { constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2'

export type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader

/** A status without metadata. */
export type Verdict = Pick<StatusObject, 'code' | 'details'>

const HTTP_OK = 200
const GRPC_CONTENT = /^application\/grpc(?:[+;]|$)/
const STATUS_TEXT = /^\d{1,2}$/
// RFC 9113, section 7, by code.
const HTTP2_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
]
const ESCAPED = /(?:%[0-9a-fA-F]{2})+/g

export function statusOf(verdict: Verdict): StatusObject {
  return { ...verdict, metadata: new Metadata() }
}

/** The status that `trailers` tell; `undefined` where they tell none. */
export function statusOfTrailers(trailers: IncomingHttpHeaders): StatusObject | undefined {
  const { 'grpc-status': code, 'grpc-message': message, ...rest } = trailers
  if (typeof code !== 'string') return undefined
  const details = typeof message === 'string' ? messageText(message) : ''
  const metadata = Metadata.fromHttp2Headers(rest)
  const known = STATUS_TEXT.test(code) ? Status[Number(code)] : undefined
  if (known !== undefined) return { code: Status[known as keyof typeof Status], details, metadata }
  const unknown = `The server answered with the unknown status '${code}'`
  return { code: Status.UNKNOWN, details: details === '' ? unknown : `${unknown}: ${details}`, metadata }
}

/** Why a response with these headers is not gRPC's and is not worth reading on; `undefined` where it may be. */
export function faultOfHeaders(headers: ResponseHeaders): Verdict | undefined {
  const content = headers['content-type']
  if (content !== undefined && GRPC_CONTENT.test(content)) return undefined
  const http = headers[':status'] ?? 0
  if (http !== HTTP_OK) return verdictOfHttpStatus(http)
  const found = content === undefined ? 'none' : `'${content}'`
  const details = `Received a response that is not gRPC's: its content-type is ${found}`
  return { code: Status.UNKNOWN, details }
}

/** What an HTTP status means where there is no gRPC status. */
export function verdictOfHttpStatus(http: number): Verdict {
  return { code: codeOfHttpStatus(http), details: `Received HTTP status code ${http}` }
}

function codeOfHttpStatus(http: number): Status {
  switch (http) {
    case 400:
      return Status.INTERNAL
    case 401:
      return Status.UNAUTHENTICATED
    case 403:
      return Status.PERMISSION_DENIED
    case 404:
      return Status.UNIMPLEMENTED
    case 429:
    case 502:
    case 503:
    case 504:
      return Status.UNAVAILABLE
    default:
      return Status.UNKNOWN
  }
}

/** An HTTP/2 error code with its name. */
export function http2CodeText(code: number): string {
  return `${code} (${HTTP2_CODES[code] ?? 'unknown'})`
}

/** What the end of a stream means that came without a gRPC status, over a connection that lives on. */
export function verdictOfStreamEnd(http2Code: number, http: number): Verdict {
  const details = `Received RST_STREAM with code ${http2CodeText(http2Code)}`
  switch (http2Code) {
    case constants.NGHTTP2_NO_ERROR:
      if (http !== HTTP_OK && http !== 0) return verdictOfHttpStatus(http)
      return { code: Status.INTERNAL, details: 'The call ended without a gRPC status' }
    case constants.NGHTTP2_REFUSED_STREAM:
      return { code: Status.UNAVAILABLE, details: `${details}: the server refused the stream` }
    case constants.NGHTTP2_CANCEL:
      return { code: Status.CANCELLED, details: `${details}: the server cancelled the call` }
    case constants.NGHTTP2_ENHANCE_YOUR_CALM:
      return { code: Status.RESOURCE_EXHAUSTED, details: `${details}: bandwidth or memory exhausted` }
    case constants.NGHTTP2_INADEQUATE_SECURITY:
      return { code: Status.PERMISSION_DENIED, details: `${details}: the protocol is not secure enough` }
    default:
      return { code: Status.INTERNAL, details }
  }
}

// PROTOCOL-HTTP2: percent-encoded UTF-8, and "decoders must not error": what is not valid stays as it is. Node gives
// header values as Latin-1, so bytes that a server forgot to encode are repaired here too.
function messageText(value: string): string {
  const bytes = value.replace(ESCAPED, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('latin1'),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
