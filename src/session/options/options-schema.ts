// The options of a session: their public type, the checks of their values, their environment variables and their
// defaults.
import * as z from 'zod/mini'
import { holdsOptions } from '../../calls/wrong-options'
import type { Codec } from '../../codec/codec'
import type { OptionIssue } from '../../errors'
import type { SessionMetadata } from '../../protocol/stream-headers'
import { addressList, addressProblem } from './addresses'
import { type Auth, authProblem, type SessionAuth } from './auth'
import type { ClientIdentity as SessionIdentity } from '../../protocol/port'
import { identityProblem } from './identity'
import { isLogger, type SessionLogger } from './logger'
import { isCount, retryProblem, type SessionRetry } from './retry'
import { authorizationIn, metadataProblem } from './metadata'
import { issue, show } from './option-texts'
import type { Assert, Same } from './same-type'
import { REPORTING, schemaIssues } from './schema-issues'
import { channelOptionProblem } from '../../transport/http2/channel-options'
import type { TlsOptions } from './tls-options'
import type { SessionTlsOptions } from './tls-options-schema'

/** Options of the gRPC channel, with their names in grpc-js, such as `grpc.keepalive_time_ms`. */
export type ChannelOptionValues = Readonly<Record<string, string | number | boolean | undefined>>

/** The options of a session, as a plain object. All of them are optional. */
export interface SessionOptions {
  /**
   * The address of the server: `host:port`, `[IPv6 address]:port`, a gRPC target such as `dns:///host:port`, or the name
   * service of a cluster, `coherence:///host`, with a port and another cluster `coherence:///host:7574/cluster`. An array
   * has several of them: the session connects to one, and to another if that is lost. Default:
   * `COHERENCE_SERVER_ADDRESS`, in which several are separated by commas, otherwise `localhost:1408`.
   */
  readonly address?: string | readonly string[] | undefined
  /**
   * The longest wait for the answer to one call, and for the next element of a stream while its consumer is waiting, in
   * seconds. It is above 0; `Infinity` sets no limit. Default: `COHERENCE_CLIENT_REQUEST_TIMEOUT`, otherwise 30.
   */
  readonly requestTimeoutSeconds?: number | undefined
  /**
   * How long a call waits while the session is disconnected, in seconds and within its own timeout. With 0 it fails at
   * once; `Infinity` sets no limit of its own. `Session.create` tries to connect for that long, with `Infinity` for
   * ever. Default: `COHERENCE_READY_TIMEOUT`, otherwise the call's own timeout, and one attempt to connect.
   */
  readonly readyTimeoutSeconds?: number | undefined
  /**
   * How long a session may be disconnected before it closes itself, in seconds. It is above 0; with `Infinity` the
   * session never closes itself. Default: `COHERENCE_SESSION_DISCONNECT_TIMEOUT`, otherwise `Infinity`.
   */
  readonly disconnectTimeoutSeconds?: number | undefined
  /**
   * How long nothing comes from the server before it is asked for a sign of life, in seconds. If it gives none within
   * as long again, the connection is replaced. 0 turns that off. Default: 10.
   */
  readonly heartbeatSeconds?: number | undefined
  /** The name of the scope on the server that has the caches. Default: `''`, the default scope. */
  readonly scope?: string | undefined
  /** The name of the serializer on the server. Default: `'json'`. Any other needs a `codec`. */
  readonly format?: string | undefined
  /** Encodes values into bytes of `format`, and decodes them. Default: the JSON codec of this library. */
  readonly codec?: Codec | undefined
  /**
   * The credentials of the client, for a server that wants some. Default: none. They are refused for a connection
   * without TLS to another machine.
   */
  readonly auth?: SessionAuth | Auth | undefined
  /**
   * Whether credentials may be sent to another machine without TLS, where everybody on the way can read them.
   * Default: `false`.
   */
  readonly allowInsecureAuth?: boolean | undefined
  /** gRPC metadata, which are headers of each stream. Names that end in `-bin` have bytes. Default: none. */
  readonly metadata?: SessionMetadata | undefined
  /**
   * How many calls may be pending: without an answer, or waiting for a connection. One more is rejected at once, so that
   * a server that does not answer does not cost all memory. Streamed reads and event streams do not count. Default:
   * 100,000. `Infinity` sets no limit.
   */
  readonly maxPendingCalls?: number | undefined
  /**
   * How many bytes the requests without an answer may have. A call that comes while they have as many is rejected at
   * once. Default: 256 MiB (268,435,456). `Infinity` sets no limit.
   */
  readonly maxPendingBytes?: number | undefined
  /** How calls that may be repeated, and attempts to connect, are tried again after a lost connection. */
  readonly retry?: SessionRetry | undefined
  /** What the session writes its log to, such as `console`. Default: nothing is logged. */
  readonly logger?: SessionLogger | undefined
  /** Names of this client, which administrators see on the server. */
  readonly identity?: SessionIdentity | undefined
  /** Options of the gRPC channel, with their names in grpc-js. Default: none. */
  readonly channelOptions?: ChannelOptionValues | undefined
  /**
   * The HTTP/2 implementation that carries the calls: `'http2'` is this library's own and the faster one, `'grpc-js'`
   * is that of `@grpc/grpc-js`. Default: `'http2'`. A session with channel options that only grpc-js knows uses
   * grpc-js.
   */
  readonly transport?: 'http2' | 'grpc-js' | undefined
  /** Certificates, and whether the session uses TLS. Default: the values of the environment, otherwise no TLS. */
  readonly tlsOptions?: SessionTlsOptions | TlsOptions | undefined
  /**
   * The largest request that is sent, in bytes. A server resets the stream if a request is larger than it accepts.
   * Default: 4 MiB (4,194,304), which servers accept by default. A larger limit helps only if the server accepts more.
   */
  readonly maxRequestBytes?: number | undefined
}

export const DEFAULTS = {
  address: 'localhost:1408',
  requestTimeoutSeconds: 30,
  readyTimeoutSeconds: undefined,
  disconnectTimeoutSeconds: Infinity,
  heartbeatSeconds: 10,
  scope: '',
  format: 'json',
  transport: 'http2',
  maxRequestBytes: 4 * 1024 * 1024,
  maxPendingCalls: 100_000,
  maxPendingBytes: 256 * 1024 * 1024,
  allowInsecureAuth: false,
} as const

/** The environment variables of options that are left out. */
export const VARIABLES = {
  address: 'COHERENCE_SERVER_ADDRESS',
  requestTimeoutSeconds: 'COHERENCE_CLIENT_REQUEST_TIMEOUT',
  readyTimeoutSeconds: 'COHERENCE_READY_TIMEOUT',
  disconnectTimeoutSeconds: 'COHERENCE_SESSION_DISCONNECT_TIMEOUT',
} as const

export type DurationOption = keyof typeof ZERO_ALLOWED

const ZERO_ALLOWED = {
  requestTimeoutSeconds: false,
  readyTimeoutSeconds: true,
  disconnectTimeoutSeconds: false,
  heartbeatSeconds: true,
}

/** The largest protobuf message. */
const LARGEST_REQUEST_BYTES = 2 ** 31 - 1

const ADDRESS_WANTED = "it must be a string such as 'localhost:1408', or an array of them"
const COUNT_WANTED = 'it must be a whole number of 1 or more, or Infinity'
const LOGGER_WANTED = 'it must have the functions debug, info, warn and error, as console has'
const FORMAT_WANTED = "it must be the name of a serializer, such as 'json'"
const BYTES_WANTED = `it must be a whole number of bytes from 1 to ${LARGEST_REQUEST_BYTES}`

const schema = z.strictObject({
  address: z.optional(
    z.custom<string | readonly string[]>(isAddressOrArray, ADDRESS_WANTED).check((context) => {
      const { value } = context
      if (!isAddressOrArray(value)) return
      for (const [index, address] of addressList(value).entries()) {
        const message = typeof address === 'string' ? addressProblem(address) : ADDRESS_WANTED
        if (message === undefined) continue
        context.issues.push({
          code: 'custom',
          input: address,
          path: typeof value === 'string' ? [] : [index],
          message,
        })
      }
    }),
  ),
  requestTimeoutSeconds: duration('requestTimeoutSeconds'),
  readyTimeoutSeconds: duration('readyTimeoutSeconds'),
  disconnectTimeoutSeconds: duration('disconnectTimeoutSeconds'),
  heartbeatSeconds: duration('heartbeatSeconds'),
  scope: z.optional(z.string('it must be a string')),
  format: z.optional(z.string(FORMAT_WANTED).check(z.minLength(1, FORMAT_WANTED))),
  codec: z.optional(z.custom<Codec>(isCodec, 'it must be an object with the functions encode and decode')),
  channelOptions: members<ChannelOptionValues>(
    'it must be an object with gRPC channel options',
    problemOfChannelOption,
  ),
  auth: z.optional(
    z.custom<SessionAuth | Auth>((value) => authProblem(value) === undefined, {
      error: ({ input }) => authProblem(input) ?? '',
    }),
  ),
  allowInsecureAuth: z.optional(z.boolean('it must be true or false')),
  metadata: members<SessionMetadata>('it must be an object with headers by name', metadataProblem),
  maxPendingCalls: z.optional(z.custom<number>(isCount, COUNT_WANTED)),
  maxPendingBytes: z.optional(z.custom<number>(isCount, COUNT_WANTED)),
  retry: members<SessionRetry>('it must be an object with attempts and backoff', retryProblem),
  logger: z.optional(z.custom<SessionLogger>(isLogger, LOGGER_WANTED)),
  identity: members<SessionIdentity>('it must be an object with names', identityProblem),
  transport: z.optional(z.enum(['http2', 'grpc-js'], "it must be 'http2' or 'grpc-js'")),
  // TlsOptions checks its own members.
  tlsOptions: z.optional(z.custom<SessionTlsOptions | TlsOptions>()),
  maxRequestBytes: z.optional(
    z
      .number(BYTES_WANTED)
      .check(
        z.refine(
          (bytes) => Number.isInteger(bytes) && bytes > 0 && bytes <= LARGEST_REQUEST_BYTES,
          BYTES_WANTED,
        ),
      ),
  ),
})

/** Does not compile if the schema and the public type differ. */
export type SchemaIsTheType = Assert<Same<Required<z.input<typeof schema>>, Required<SessionOptions>>>

/** The names of all options, in the order in which their faults are reported. */
export const OPTION_NAMES: readonly string[] = Object.keys(schema.shape)

const NOT_YET = 'it is not supported in this version'

/** Keys that later versions, or other clients of Coherence, have. */
const UNKNOWN_KEY_HINTS = {
  protocol: NOT_YET,
  requestTimeoutInMillis: "use 'requestTimeoutSeconds', in seconds",
  readyTimeoutInMillis: "use 'readyTimeoutSeconds', in seconds",
  tls: "did you mean 'tlsOptions'?",
}

/** Options whose values no error shows. */
const SECRETS = ['auth', 'metadata']

/** Checks the options. Returns them if all are right, and otherwise their faults. It does not read the environment. */
export function checkOptions(input: Readonly<Record<string, unknown>>): {
  given: SessionOptions
  issues: OptionIssue[]
} {
  const parsed = schema.safeParse(input, REPORTING)
  const issues = parsed.success
    ? []
    : schemaIssues(parsed.error.issues, OPTION_NAMES, UNKNOWN_KEY_HINTS, undefined, SECRETS)
  const { format, codec, auth } = input
  if (auth !== undefined && parsed.success) {
    const header = authorizationIn(parsed.data.metadata ?? {})
    if (header !== undefined) {
      const message = `metadata.${header} and auth are both given; only one of them may be`
      issues.push({ option: `metadata.${header}`, message })
    }
  }
  if (typeof format === 'string' && !['', DEFAULTS.format].includes(format) && codec === undefined) {
    issues.push(issue('format', show(format), "this library encodes only 'json' by itself; give a codec too"))
  }
  return { given: parsed.success ? parsed.data : {}, issues }
}

/** Returns the problem with a duration; `undefined` if there is none. */
export function durationProblem(option: DurationOption, value: unknown): string | undefined {
  const zeroAllowed = ZERO_ALLOWED[option]
  if (typeof value === 'number' && (value > 0 || (zeroAllowed && value === 0))) return undefined
  return `it must be a number of seconds, ${zeroAllowed ? '0 or more' : 'above 0'}`
}

function duration(option: DurationOption): z.ZodMiniOptional<z.ZodMiniCustom<number, number>> {
  return z.optional(
    z.custom<number>((value) => durationProblem(option, value) === undefined, {
      error: ({ input }) => durationProblem(option, input) ?? '',
    }),
  )
}

/** The schema of an object whose members are checked one by one. */
function members<T extends object>(
  wanted: string,
  problemOf: (name: string, value: unknown) => string | undefined,
): z.ZodMiniOptional<z.ZodMiniCustom<T, T>> {
  return z.optional(
    z.custom<T>(holdsOptions, wanted).check((context) => {
      if (!holdsOptions(context.value)) return
      for (const [name, value] of Object.entries(context.value)) {
        const message = problemOf(name, value)
        if (message !== undefined)
          context.issues.push({ code: 'custom', input: value, path: [name], message })
      }
    }),
  )
}

function problemOfChannelOption(key: string, value: unknown): string | undefined {
  if (!/^grpc(-node)?\../.test(key)) return "names of channel options begin with 'grpc.' or 'grpc-node.'"
  const problem = channelOptionProblem(key, value)
  if (problem !== undefined) return problem
  if (typeof value === 'number' && !Number.isNaN(value)) return undefined
  return typeof value === 'string' || typeof value === 'boolean' || value === undefined
    ? undefined
    : 'it must be a string, a number or a boolean'
}

/** The elements of an array are checked one by one. */
function isAddressOrArray(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0)
}

function isCodec(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'encode' in value &&
    typeof value.encode === 'function' &&
    'decode' in value &&
    typeof value.decode === 'function'
  )
}
