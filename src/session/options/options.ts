// The resolved options of a session: checked, completed from the environment and the defaults, and immutable.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import { holdsOptions } from '../../calls/wrong-options'
import type { Codec } from '../../codec/codec'
import type { OptionIssue } from '../../errors'
import { InvalidOptionsError } from '../../errors'
import type { SessionMetadata } from '../../protocol/stream-headers'
import {
  addressesIn,
  addressList,
  addressProblem,
  addressText,
  type Addresses,
  areOnThisMachine,
} from './addresses'
import { type Auth, CheckedAuth, type SessionAuth } from './auth'
import { hasDefaultAddress, markDefaultAddress } from './default-address'
import type { Environment } from './environment'
import { variable } from './environment'
import type { ClientIdentity as SessionIdentity, RetryPolicy } from '../../protocol/port'
import { identityOf } from './identity'
import type { SessionLogger } from './logger'
import { retryOf } from './retry'
import { authorizationIn } from './metadata'
import { invalidOptions, issue, show } from './option-texts'
import type { ChannelOptionValues, DurationOption, SessionOptions } from './options-schema'
import { checkOptions, DEFAULTS, durationProblem, OPTION_NAMES, VARIABLES } from './options-schema'
import { TlsOptions } from './tls-options'

// Other clients read the same variables as milliseconds. So a value is refused if it is a usual number of milliseconds
// and an unusual number of seconds: everything above an hour, and 1000, 1500 and so on. 1200, 1800 and 3600 are usual
// numbers of seconds.
const MOST_SECONDS_IN_ENVIRONMENT = 3_600
const LEAST_MILLIS_IN_ENVIRONMENT = 1_000
const STEP_OF_MILLIS = 500

/**
 * The resolved options of a session: checked, complete and immutable. They are never printed with secrets.
 *
 * @example
 * ```ts
 * import { Options, Session } from 'coherence-ts'
 *
 * const options = new Options({ address: 'example.com:4444', requestTimeoutSeconds: 10 })
 * await using session = await Session.create(options)
 * console.log(options.requestTimeoutSeconds, options.format) // prints 10 json
 * ```
 */
export class Options {
  /** The address of the server, or those of several, one of which is used. */
  readonly address: string | readonly string[]
  /** The longest wait for an answer, in seconds. */
  readonly requestTimeoutSeconds: number
  /** How long a call waits for a connection, in seconds; `undefined` means as long as the call's own timeout. */
  readonly readyTimeoutSeconds: number | undefined
  /** How long a session may be disconnected before it closes itself, in seconds. */
  readonly disconnectTimeoutSeconds: number
  /** How long nothing comes before the server is asked for a sign of life, in seconds; 0 means never. */
  readonly heartbeatSeconds: number
  /** The name of the scope on the server; `''` is the default scope. */
  readonly scope: string
  /** The name of the serializer on the server. */
  readonly format: string
  /** Encodes and decodes values; `undefined` means the JSON codec of this library. */
  readonly codec: Codec | undefined
  /** The credentials of the client, which are never shown; `undefined` if it has none. */
  readonly auth: Auth | undefined
  /** Whether credentials may be sent to another machine without TLS. */
  readonly allowInsecureAuth: boolean
  /** gRPC metadata, which are headers of each stream. They are never printed with their values. */
  readonly metadata: SessionMetadata
  /** How many calls may be pending. */
  readonly maxPendingCalls: number
  /** How many bytes the requests of pending calls may have. */
  readonly maxPendingBytes: number
  /** How calls that may be repeated, and attempts to connect, are tried again. */
  readonly retry: RetryPolicy
  /** What the session writes its log to; `undefined` means nothing is logged. */
  readonly logger: SessionLogger | undefined
  /** Names of this client, which administrators see on the server. */
  readonly identity: SessionIdentity
  /** Options of the gRPC channel, with their names in grpc-js. */
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  /** The HTTP/2 implementation that carries the calls. */
  readonly transport: 'http2' | 'grpc-js'
  /** Certificates, and whether the session uses TLS. */
  readonly tlsOptions: TlsOptions
  /** The largest request that is sent, in bytes. */
  readonly maxRequestBytes: number

  /**
   * Checks the options. For options that are left out, it uses the environment variables as they are now, or else the
   * defaults. It reads no file.
   *
   * @param options The options, or other `Options` whose values are used unchanged.
   * @throws {InvalidOptionsError} an option or a variable is wrong; `issues` lists all faults.
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
    this.heartbeatSeconds = values.heartbeatSeconds
    this.scope = values.scope
    this.format = values.format
    this.codec = values.codec
    this.auth = values.auth
    this.allowInsecureAuth = values.allowInsecureAuth
    this.metadata = values.metadata
    this.maxPendingCalls = values.maxPendingCalls
    this.maxPendingBytes = values.maxPendingBytes
    this.retry = values.retry
    this.logger = values.logger
    this.identity = values.identity
    this.channelOptions = values.channelOptions
    this.transport = values.transport
    this.tlsOptions = values.tlsOptions
    this.maxRequestBytes = values.maxRequestBytes
    if (hasDefaultAddress(values)) markDefaultAddress(this)
    Object.freeze(this)
  }

  /** Returns the options without secrets, for logs. They cannot be parsed back. */
  toJSON(): Readonly<Record<string, unknown>> {
    const values: [string, unknown][] = Object.entries(this)
    return Object.fromEntries(
      values.map(([option, value]) => {
        if (option === 'logger' && value !== undefined) return [option, '(logger)']
        if (option === 'codec' && value !== undefined) return [option, '(codec)']
        if (option === 'metadata') return [option, hidden(this.metadata)]
        return [option, printable(value)]
      }),
    )
  }

  /** Formats the options without secrets, for logs. */
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
 * Resolves the options of a session; returns `input` itself if it is `Options` already.
 *
 * @throws {InvalidOptionsError} an option or a variable is wrong.
 */
export function resolveOptions(input: unknown, environment: Environment = process.env): Options {
  return input instanceof Options ? input : new Options(input, environment)
}

function resolve(input: unknown, environment: Environment): ResolvedOptions {
  if (!holdsOptions(input)) {
    const message = `the options are ${show(input)}; they must be a plain object`
    throw invalidOptions([{ option: 'options', message }])
  }
  const { given, issues } = checkOptions(input)
  const duration = <O extends keyof typeof VARIABLES & DurationOption>(
    option: O,
  ): number | (typeof DEFAULTS)[O] => {
    const fromVariable = input[option] === undefined ? secondsFrom(option, environment, issues) : undefined
    return given[option] ?? fromVariable ?? DEFAULTS[option]
  }

  const values = {
    address:
      addressOf(given.address) ??
      (input['address'] === undefined ? addressFrom(environment, issues) : DEFAULTS.address),
    requestTimeoutSeconds: duration('requestTimeoutSeconds'),
    readyTimeoutSeconds: duration('readyTimeoutSeconds'),
    disconnectTimeoutSeconds: duration('disconnectTimeoutSeconds'),
    heartbeatSeconds: given.heartbeatSeconds ?? DEFAULTS.heartbeatSeconds,
    scope: given.scope ?? DEFAULTS.scope,
    format: given.format ?? DEFAULTS.format,
    codec: given.codec,
    auth: authOf(given.auth),
    allowInsecureAuth: given.allowInsecureAuth ?? DEFAULTS.allowInsecureAuth,
    metadata: Object.freeze({ ...given.metadata }),
    maxPendingCalls: given.maxPendingCalls ?? DEFAULTS.maxPendingCalls,
    maxPendingBytes: given.maxPendingBytes ?? DEFAULTS.maxPendingBytes,
    retry: retryOf(given.retry),
    logger: given.logger,
    identity: identityOf(given.identity, environment),
    channelOptions: channelOptionsOf(given.channelOptions ?? {}),
    transport: given.transport ?? DEFAULTS.transport,
    maxRequestBytes: given.maxRequestBytes ?? DEFAULTS.maxRequestBytes,
  }
  const tlsOptions = tlsOptionsOf(input['tlsOptions'], environment, issues)
  if (tlsOptions?.enabled === false && issues.length === 0) checkSecrecy(values, issues)
  if (issues.length > 0 || tlsOptions === undefined) throw invalidOptions(inOrder(issues))
  const resolved = { ...values, tlsOptions }
  if (input['address'] === undefined && variable(environment, VARIABLES.address) === undefined) {
    markDefaultAddress(resolved)
  }
  return resolved
}

/** Reports credentials that would be sent to another machine for everybody on the way to read. */
function checkSecrecy(
  {
    auth,
    metadata,
    allowInsecureAuth,
    address,
  }: Pick<ResolvedOptions, 'auth' | 'metadata' | 'allowInsecureAuth' | 'address'>,
  issues: OptionIssue[],
): void {
  const header = authorizationIn(metadata)
  if ((auth ?? header) === undefined || allowInsecureAuth || areOnThisMachine(address)) return
  const option = header === undefined ? 'auth' : `metadata.${header}`
  const message =
    `${option} would be sent to ${addressText(address)} without TLS, for everybody on the way to read; set tlsOptions, or ` +
    'allowInsecureAuth to true where the network is trusted'
  issues.push({ option, message })
}

function authOf(given: SessionAuth | Auth | undefined): Auth | undefined {
  if (given === undefined || given instanceof CheckedAuth) return given
  return new CheckedAuth(given as SessionAuth)
}

/** JSON has no `Infinity`. */
function printable(value: unknown): unknown {
  if (value === Infinity) return 'Infinity'
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, printable(member)]))
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype
}

/** The names of headers, without their values. */
function hidden(metadata: SessionMetadata): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(metadata).map((name) => [name, '(not shown)']))
}

function addressOf(given: Addresses | undefined): Addresses | undefined {
  return given === undefined || typeof given === 'string' ? given : Object.freeze([...given])
}

function addressFrom(environment: Environment, issues: OptionIssue[]): Addresses {
  const address = addressesIn(variable(environment, VARIABLES.address) ?? DEFAULTS.address)
  for (const one of addressList(address)) {
    const problem = addressProblem(one)
    if (problem !== undefined) issues.push(issue(VARIABLES.address, show(one), problem))
  }
  return address
}

function secondsFrom(
  option: keyof typeof VARIABLES & DurationOption,
  environment: Environment,
  issues: OptionIssue[],
): number | undefined {
  const text = variable(environment, VARIABLES[option])
  if (text === undefined) return undefined
  const value = /^\s*(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : NaN
  const problem = looksLikeMillis(value)
    ? `it is in seconds, and ${text.trim()} looks like milliseconds, as which other clients read it; ` +
      `write ${value / 1_000} for those, or give the option ${option} where you mean ${text.trim()} seconds`
    : durationProblem(option, value)
  if (problem !== undefined) issues.push(issue(VARIABLES[option], show(text), problem))
  return value
}

function looksLikeMillis(value: number): boolean {
  const usual = value >= LEAST_MILLIS_IN_ENVIRONMENT && value % STEP_OF_MILLIS === 0
  return usual || value > MOST_SECONDS_IN_ENVIRONMENT
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

/** Sorts the faults in the order of the options, a variable like its option, and unknown keys last. */
function inOrder(issues: readonly OptionIssue[]): OptionIssue[] {
  const place = ({ option }: OptionIssue): number => {
    if (option.startsWith('COHERENCE_TLS_')) return OPTION_NAMES.indexOf('tlsOptions')
    const behind = Object.entries(VARIABLES).find(([, variableName]) => variableName === option)?.[0]
    const index = OPTION_NAMES.indexOf(behind ?? option.split('.')[0] ?? option)
    return index < 0 ? OPTION_NAMES.length : index
  }
  return [...issues].sort((one, other) => place(one) - place(other))
}
