// Determines the status of a call from its trailers, or from HTTP/2 if there are none, as gRPC's documents
// PROTOCOL-HTTP2 and http-grpc-status-mapping specify.
import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js'
import { constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2'

export type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader

/** Creates a status without metadata. */
export type StatusParts = Pick<StatusObject, 'code' | 'details'>

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

export function statusOf(parts: StatusParts): StatusObject {
  return { ...parts, metadata: new Metadata() }
}

/** Returns the status in `trailers`; `undefined` if they have none. */
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

/** Returns the status of a response whose headers are not gRPC's; `undefined` if they may be. */
export function faultOfHeaders(headers: ResponseHeaders): StatusParts | undefined {
  const content = headers['content-type']
  if (content !== undefined && GRPC_CONTENT.test(content)) return undefined
  const http = headers[':status'] ?? 0
  if (http !== HTTP_OK) return statusPartsOfHttp(http)
  const found = content === undefined ? 'none' : `'${content}'`
  const details = `Received a response that is not gRPC's: its content-type is ${found}`
  return { code: Status.UNKNOWN, details }
}

/** Converts an HTTP status, for a response without a gRPC status. */
export function statusPartsOfHttp(http: number): StatusParts {
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

/** Formats an HTTP/2 error code with its name. */
export function http2CodeText(code: number): string {
  return `${code} (${HTTP2_CODES[code] ?? 'unknown'})`
}

/** Returns the status of a stream that ended without a gRPC status while its connection stays open. */
export function statusPartsOfStreamEnd(http2Code: number, http: number): StatusParts {
  const details = `Received RST_STREAM with code ${http2CodeText(http2Code)}`
  switch (http2Code) {
    case constants.NGHTTP2_NO_ERROR:
      if (http !== HTTP_OK && http !== 0) return statusPartsOfHttp(http)
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

// PROTOCOL-HTTP2: percent-encoded UTF-8, and "decoders must not error", so invalid text stays unchanged. Node decodes
// header values as Latin-1; bytes that a server did not encode are corrected here too.
function messageText(value: string): string {
  const bytes = value.replace(ESCAPED, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('latin1'),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
