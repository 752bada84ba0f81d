// What a session can be told: the options, the environment variables behind them, and their defaults.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import { z } from 'zod'
import type { Codec } from '../codec/codec'
import type { OptionIssue } from '../errors'
import { InvalidOptionsError } from '../errors'
import { parseAddress } from '../transport/address'
import type { Environment } from './environment'
import { variable } from './environment'
import { issue, show } from './option-texts'
import { holdsOptions, schemaIssues } from './schema-issues'
import type { SessionTlsOptions } from './tls-options'
import { TlsOptions } from './tls-options'

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
   * How long in seconds a call waits while the session is disconnected; 0 fails at once, `Infinity` sets no limit of
   * its own. Left out: `COHERENCE_READY_TIMEOUT`, or else the call's own timeout.
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
  /** Certificates, and whether TLS is used. Left out: what the environment says, or else no TLS. */
  readonly tlsOptions?: SessionTlsOptions | TlsOptions | undefined
  /**
   * Largest request in bytes that is sent, since a server resets the connection over a larger one than it takes.
   * Left out: 4 MiB (4,194,304), which is what servers take by default; more only helps if the server was set up for it.
   */
  readonly maxRequestBytes?: number | undefined
}

const DEFAULTS = {
  address: 'localhost:1408',
  requestTimeoutSeconds: 30,
  readyTimeoutSeconds: undefined,
  disconnectTimeoutSeconds: Infinity,
  scope: '',
  format: 'json',
  maxRequestBytes: 4 * 1024 * 1024,
} as const

const ADDRESS_VARIABLE = 'COHERENCE_SERVER_ADDRESS'
const DURATION_VARIABLES = {
  requestTimeoutSeconds: 'COHERENCE_CLIENT_REQUEST_TIMEOUT',
  readyTimeoutSeconds: 'COHERENCE_READY_TIMEOUT',
  disconnectTimeoutSeconds: 'COHERENCE_SESSION_DISCONNECT_TIMEOUT',
} as const
type DurationOption = keyof typeof DURATION_VARIABLES

const MOST_SECONDS_IN_ENVIRONMENT = 3_600
const LARGEST_REQUEST_BYTES = 2 ** 31 - 1

const shape = {
  address: z
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
    })
    .optional(),
  requestTimeoutSeconds: duration('requestTimeoutSeconds'),
  readyTimeoutSeconds: duration('readyTimeoutSeconds'),
  disconnectTimeoutSeconds: duration('disconnectTimeoutSeconds'),
  scope: z.string('it must be a string').optional(),
  format: z
    .string('it must be a string')
    .min(1, "it must be the name of a serializer, such as 'json'")
    .optional(),
  codec: z.custom<Codec>(isCodec, 'it must be an object with the functions encode and decode').optional(),
  channelOptions: z
    .record(
      z.string(),
      z.union(
        [z.string(), z.number(), z.boolean(), z.undefined()],
        'it must be a string, a number or a boolean',
      ),
      'it must be an object with gRPC channel options',
    )
    .check((context) => {
      for (const key of Object.keys(context.value)) {
        if (/^grpc(-node)?\../.test(key)) continue
        const message = `the names of channel options begin with 'grpc.' or 'grpc-node.'`
        context.issues.push({ code: 'custom', input: context.value[key], path: [key], message })
      }
    })
    .optional(),
  tlsOptions: z.custom<SessionTlsOptions | TlsOptions>().optional(),
  maxRequestBytes: z
    .custom<number>(
      (value) =>
        Number.isInteger(value) && (value as number) > 0 && (value as number) <= LARGEST_REQUEST_BYTES,
      `it must be a whole number of bytes from 1 to ${LARGEST_REQUEST_BYTES}`,
    )
    .optional(),
} satisfies { readonly [Option in keyof Required<SessionOptions>]: z.ZodType<SessionOptions[Option]> }
const schema = z.strictObject(shape)

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Holds<Claim extends true> = Claim
/** Does not compile where the schema and the public type differ. */
export type SchemaIsTheType = Holds<Same<Required<z.input<typeof schema>>, Required<SessionOptions>>>

const NOT_YET = 'it is not supported in this version'
const UNKNOWN_KEY_HINTS = {
  auth: NOT_YET,
  metadata: NOT_YET,
  protocol: NOT_YET,
  transport: NOT_YET,
  retry: NOT_YET,
  heartbeatSeconds: NOT_YET,
  maxPendingCalls: NOT_YET,
  maxPendingBytes: NOT_YET,
  allowInsecureAuth: NOT_YET,
  requestTimeoutInMillis: "use 'requestTimeoutSeconds', in seconds",
  readyTimeoutInMillis: "use 'readyTimeoutSeconds', in seconds",
  tls: "did you mean 'tlsOptions'?",
}

/** The options of a session, checked and complete; immutable, and never printed with secrets. */
export class Options {
  /** Where the server is. */
  readonly address: string
  /** Longest wait for an answer, in seconds. */
  readonly requestTimeoutSeconds: number
  /** How long a call waits while disconnected, in seconds; `undefined` for as long as the call's own timeout. */
  readonly readyTimeoutSeconds: number | undefined
  /** A session disconnected for longer closes itself, in seconds. */
  readonly disconnectTimeoutSeconds: number
  readonly scope: string
  readonly format: string
  /** `undefined` for the JSON codec of this library. */
  readonly codec: Codec | undefined
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  readonly tlsOptions: TlsOptions
  /** Largest request that is sent, in bytes. */
  readonly maxRequestBytes: number

  /**
   * Checks the options and takes what is left out from the environment, as it is now, or else from the defaults.
   * No file is read.
   *
   * @throws {InvalidOptionsError} an option or a variable is wrong; `issues` has all of them.
   */
  constructor(options?: SessionOptions | Options)
  /** @internal */
  constructor(options: unknown, environment: Environment)
  constructor(options: unknown = {}, environment: Environment = process.env) {
    const values: ResolvedOptions = options instanceof Options ? options : resolve(options, environment)
    this.address = values.address
    this.requestTimeoutSeconds = values.requestTimeoutSeconds
    this.readyTimeoutSeconds = values.readyTimeoutSeconds
    this.disconnectTimeoutSeconds = values.disconnectTimeoutSeconds
    this.scope = values.scope
    this.format = values.format
    this.codec = values.codec
    this.channelOptions = values.channelOptions
    this.tlsOptions = values.tlsOptions
    this.maxRequestBytes = values.maxRequestBytes
    Object.freeze(this)
  }

  /** What the options are, without secrets. */
  toJSON(): Readonly<Record<string, unknown>> {
    const values: [string, unknown][] = Object.entries(this)
    return Object.fromEntries(
      values.map(([option, value]) => {
        if (option === 'codec' && value !== undefined) return [option, '(codec)']
        return [option, value === Infinity ? 'Infinity' : value]
      }),
    )
  }

  toString(): string {
    return inspect(this)
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Options ${inspect(this.toJSON(), options)}`
  }
}

type ResolvedOptions = Omit<Options, 'toJSON' | 'toString' | typeof inspect.custom>

/**
 * The options that `input` stands for; `input` itself where it is `Options` already.
 *
 * @throws {InvalidOptionsError} an option or a variable is wrong.
 */
export function resolveOptions(input: unknown, environment: Environment = process.env): Options {
  return input instanceof Options ? input : new Options(input, environment)
}

function resolve(input: unknown, environment: Environment): ResolvedOptions {
  if (!holdsOptions(input)) {
    throw new InvalidOptionsError([issue('options', show(input), 'they must be an object with options')])
  }
  const parsed = schema.safeParse(input, { reportInput: true })
  const issues = parsed.success ? [] : schemaIssues(parsed.error, Object.keys(shape), UNKNOWN_KEY_HINTS)
  if (
    typeof input['format'] === 'string' &&
    input['format'] !== DEFAULTS.format &&
    input['codec'] === undefined
  ) {
    issues.push(
      issue('format', show(input['format']), "without a codec only 'json' can be encoded; give a codec too"),
    )
  }
  const given: SessionOptions = parsed.success ? parsed.data : {}
  const values = {
    address: given.address ?? addressFrom(input, environment, issues) ?? DEFAULTS.address,
    requestTimeoutSeconds:
      seconds('requestTimeoutSeconds', input, given, environment, issues) ?? DEFAULTS.requestTimeoutSeconds,
    readyTimeoutSeconds:
      seconds('readyTimeoutSeconds', input, given, environment, issues) ?? DEFAULTS.readyTimeoutSeconds,
    disconnectTimeoutSeconds:
      seconds('disconnectTimeoutSeconds', input, given, environment, issues) ??
      DEFAULTS.disconnectTimeoutSeconds,
    scope: given.scope ?? DEFAULTS.scope,
    format: given.format ?? DEFAULTS.format,
    codec: given.codec,
    channelOptions: channelOptionsOf(given.channelOptions ?? {}),
    tlsOptions: tlsOptionsOf(input['tlsOptions'], environment, issues),
    maxRequestBytes: given.maxRequestBytes ?? DEFAULTS.maxRequestBytes,
  }
  if (issues.length > 0 || values.tlsOptions === undefined) throw new InvalidOptionsError(issues)
  return { ...values, tlsOptions: values.tlsOptions }
}

function addressFrom(
  input: Readonly<Record<string, unknown>>,
  environment: Environment,
  issues: OptionIssue[],
): string | undefined {
  const address = variable(environment, ADDRESS_VARIABLE)
  if (input['address'] !== undefined || address === undefined) return undefined
  const parsed = parseAddress(address)
  if (parsed.kind === 'invalid') issues.push(issue(ADDRESS_VARIABLE, show(address), parsed.reason))
  return address
}

function seconds(
  option: DurationOption,
  input: Readonly<Record<string, unknown>>,
  given: SessionOptions,
  environment: Environment,
  issues: OptionIssue[],
): number | undefined {
  if (input[option] !== undefined) return given[option]
  const text = variable(environment, DURATION_VARIABLES[option])
  if (text === undefined) return undefined
  const value = /^\s*(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : NaN
  const problem = durationProblem(option, value)
  if (problem !== undefined) issues.push(issue(DURATION_VARIABLES[option], show(text), problem))
  else if (value > MOST_SECONDS_IN_ENVIRONMENT)
    issues.push(
      issue(
        DURATION_VARIABLES[option],
        show(text),
        `it must be at most ${MOST_SECONDS_IN_ENVIRONMENT}, as it is in seconds (other clients read this variable as milliseconds)`,
      ),
    )
  return value
}

function durationProblem(option: DurationOption, value: unknown): string | undefined {
  const zeroAllowed = option === 'readyTimeoutSeconds'
  if (typeof value === 'number' && (value > 0 || (zeroAllowed && value === 0))) return undefined
  return `it must be a number of seconds, ${zeroAllowed ? '0 or more' : 'above 0'}`
}

function duration(option: DurationOption): z.ZodOptional<z.ZodCustom<number, number>> {
  return z
    .custom<number>((value) => durationProblem(option, value) === undefined, {
      error: ({ input }) => durationProblem(option, input) ?? '',
    })
    .optional()
}

function channelOptionsOf(given: ChannelOptionValues): Readonly<Record<string, string | number | boolean>> {
  const set = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  return Object.freeze(Object.fromEntries(set))
}

function tlsOptionsOf(
  given: unknown,
  environment: Environment,
  issues: OptionIssue[],
): TlsOptions | undefined {
  try {
    return given instanceof TlsOptions ? given : new TlsOptions(given, environment)
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

function isCodec(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (
    'encode' in value &&
    typeof value.encode === 'function' &&
    'decode' in value &&
    typeof value.decode === 'function'
  )
}
