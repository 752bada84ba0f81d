// Which options a session has: the public type, the checks of their values, the environment variables behind the
// options, and the defaults.
import * as z from 'zod/mini'
import { holdsOptions } from '../cache/wrong-options'
import type { Codec } from '../codec/codec'
import type { OptionIssue } from '../errors'
import { parseAddress } from '../transport/address'
import { issue, show } from './option-texts'
import type { Assert, Same } from './same-type'
import { REPORTING, schemaIssues } from './schema-issues'
import type { TlsOptions } from './tls-options'
import type { SessionTlsOptions } from './tls-options-schema'

/** Options of the gRPC channel, by their names in grpc-js, such as `grpc.keepalive_time_ms`. */
export type ChannelOptionValues = Readonly<Record<string, string | number | boolean | undefined>>

/** What a plain object of session options may hold; everything is optional. */
export interface SessionOptions {
  /**
   * Where the server is: `host:port`, `[IPv6 address]:port`, or a gRPC target such as `dns:///host:port`.
   * Left out: `COHERENCE_SERVER_ADDRESS`, or else `localhost:1408`.
   */
  readonly address?: string | undefined
  /**
   * Longest wait in seconds for the answer of one call, and for the next element of a stream while its consumer is
   * waiting; above 0, `Infinity` for no limit. Left out: `COHERENCE_CLIENT_REQUEST_TIMEOUT`, or else 30.
   */
  readonly requestTimeoutSeconds?: number | undefined
  /**
   * How long in seconds a call waits while the session is disconnected, within the call's own timeout; 0 fails at once,
   * `Infinity` sets no limit of its own. `Session.create` tries to connect for that long, `Infinity` for ever. Left out:
   * `COHERENCE_READY_TIMEOUT`, or else the call's own timeout, and one attempt to connect.
   */
  readonly readyTimeoutSeconds?: number | undefined
  /**
   * A session that is disconnected for longer than so many seconds closes itself; above 0, `Infinity` for never.
   * Left out: `COHERENCE_SESSION_DISCONNECT_TIMEOUT`, or else `Infinity`.
   */
  readonly disconnectTimeoutSeconds?: number | undefined
  /** Name of the scope on the server whose caches are meant. Left out: `''`, the default scope. */
  readonly scope?: string | undefined
  /** Name of the serializer on the server. Left out: `'json'`; any other needs a `codec`. */
  readonly format?: string | undefined
  /** Turns values into bytes of `format` and back. Left out: the JSON codec of this library. */
  readonly codec?: Codec | undefined
  /** Options of the gRPC channel, by their names in grpc-js. Left out: none. */
  readonly channelOptions?: ChannelOptionValues | undefined
  /**
   * Which HTTP/2 implementation carries the calls: `'http2'` is this library's own and the faster one, `'grpc-js'` that
   * of `@grpc/grpc-js`. Left out: `'http2'`. A session with channel options that only grpc-js knows uses grpc-js.
   */
  readonly transport?: 'http2' | 'grpc-js' | undefined
  /** Certificates, and whether TLS is used. Left out: what the environment says, or else no TLS. */
  readonly tlsOptions?: SessionTlsOptions | TlsOptions | undefined
  /**
   * Largest request in bytes that is sent; a server resets the stream over one that is larger than it takes. Left
   * out: 4 MiB (4,194,304), which is what servers take by default. More is of use only where the server takes more.
   */
  readonly maxRequestBytes?: number | undefined
}

export const DEFAULTS = {
  address: 'localhost:1408',
  requestTimeoutSeconds: 30,
  readyTimeoutSeconds: undefined,
  disconnectTimeoutSeconds: Infinity,
  scope: '',
  format: 'json',
  transport: 'http2',
  maxRequestBytes: 4 * 1024 * 1024,
} as const

/** The variables that stand in for options left out. */
export const VARIABLES = {
  address: 'COHERENCE_SERVER_ADDRESS',
  requestTimeoutSeconds: 'COHERENCE_CLIENT_REQUEST_TIMEOUT',
  readyTimeoutSeconds: 'COHERENCE_READY_TIMEOUT',
  disconnectTimeoutSeconds: 'COHERENCE_SESSION_DISCONNECT_TIMEOUT',
} as const

export type DurationOption = 'requestTimeoutSeconds' | 'readyTimeoutSeconds' | 'disconnectTimeoutSeconds'

/** A protobuf message can be no larger. */
const LARGEST_REQUEST_BYTES = 2 ** 31 - 1

const FORMAT_WANTED = "it must be the name of a serializer, such as 'json'"
const BYTES_WANTED = `it must be a whole number of bytes from 1 to ${LARGEST_REQUEST_BYTES}`

const schema = z.strictObject({
  address: z.optional(
    z
      .string({
        error: ({ input }) =>
          Array.isArray(input)
            ? 'lists of addresses are not supported in this version'
            : "it must be a string such as 'localhost:1408'",
      })
      .check((context) => {
        const parsed = parseAddress(context.value)
        if (parsed.kind !== 'invalid') return
        context.issues.push({ code: 'custom', input: context.value, message: parsed.reason })
      }),
  ),
  requestTimeoutSeconds: duration('requestTimeoutSeconds'),
  readyTimeoutSeconds: duration('readyTimeoutSeconds'),
  disconnectTimeoutSeconds: duration('disconnectTimeoutSeconds'),
  scope: z.optional(z.string('it must be a string')),
  format: z.optional(z.string(FORMAT_WANTED).check(z.minLength(1, FORMAT_WANTED))),
  codec: z.optional(z.custom<Codec>(isCodec, 'it must be an object with the functions encode and decode')),
  channelOptions: z.optional(
    z
      .custom<ChannelOptionValues>(holdsOptions, 'it must be an object with gRPC channel options')
      .check((context) => {
        if (!holdsOptions(context.value)) return
        for (const [key, value] of Object.entries(context.value)) {
          const message = channelOptionProblem(key, value)
          if (message !== undefined)
            context.issues.push({ code: 'custom', input: value, path: [key], message })
        }
      }),
  ),
  transport: z.optional(z.enum(['http2', 'grpc-js'], "it must be 'http2' or 'grpc-js'")),
  // TlsOptions checks its own.
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

/** Does not compile where the schema and the public type differ. */
export type SchemaIsTheType = Assert<Same<Required<z.input<typeof schema>>, Required<SessionOptions>>>

/** The names of all options, in the order in which they are told. */
export const OPTION_NAMES: readonly string[] = Object.keys(schema.shape)

const NOT_YET = 'it is not supported in this version'

/** Keys that later versions, or other clients of Coherence, have. */
const UNKNOWN_KEY_HINTS = {
  auth: NOT_YET,
  metadata: NOT_YET,
  protocol: NOT_YET,
  retry: NOT_YET,
  heartbeatSeconds: NOT_YET,
  maxPendingCalls: NOT_YET,
  maxPendingBytes: NOT_YET,
  allowInsecureAuth: NOT_YET,
  requestTimeoutInMillis: "use 'requestTimeoutSeconds', in seconds",
  readyTimeoutInMillis: "use 'readyTimeoutSeconds', in seconds",
  tls: "did you mean 'tlsOptions'?",
}

/** What was given, where all of it is right, and what is wrong with it otherwise. The environment is not looked at. */
export function checkOptions(input: Readonly<Record<string, unknown>>): {
  given: SessionOptions
  issues: OptionIssue[]
} {
  const parsed = schema.safeParse(input, REPORTING)
  const issues = parsed.success ? [] : schemaIssues(parsed.error.issues, OPTION_NAMES, UNKNOWN_KEY_HINTS)
  const { format, codec } = input
  if (typeof format === 'string' && !['', DEFAULTS.format].includes(format) && codec === undefined) {
    issues.push(issue('format', show(format), "this library encodes only 'json' by itself; give a codec too"))
  }
  return { given: parsed.success ? parsed.data : {}, issues }
}

/** What is wrong with a duration, if anything is. */
export function durationProblem(option: DurationOption, value: unknown): string | undefined {
  const zeroAllowed = option === 'readyTimeoutSeconds'
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

function channelOptionProblem(key: string, value: unknown): string | undefined {
  if (!/^grpc(-node)?\../.test(key)) return "names of channel options begin with 'grpc.' or 'grpc-node.'"
  if (typeof value === 'number' && !Number.isNaN(value)) return undefined
  return typeof value === 'string' || typeof value === 'boolean' || value === undefined
    ? undefined
    : 'it must be a string, a number or a boolean'
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
