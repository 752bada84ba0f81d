// The options of a session as it uses them: checked, completed from the environment and the defaults, immutable.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import { holdsOptions } from '../cache/wrong-options'
import type { Codec } from '../codec/codec'
import type { OptionIssue } from '../errors'
import { InvalidOptionsError } from '../errors'
import { parseAddress } from '../transport/address'
import { hasDefaultAddress, markDefaultAddress } from './default-address'
import type { Environment } from './environment'
import { variable } from './environment'
import { invalidOptions, issue, show } from './option-texts'
import type { ChannelOptionValues, DurationOption, SessionOptions } from './options-schema'
import { checkOptions, DEFAULTS, durationProblem, OPTION_NAMES, VARIABLES } from './options-schema'
import { TlsOptions } from './tls-options'

// Other clients read the same variables as milliseconds. A value that is a usual number of milliseconds and an unusual
// number of seconds is refused: all above an hour, and 1000, 1500 and so on. 1200, 1800 and 3600 are usual seconds.
const MOST_SECONDS_IN_ENVIRONMENT = 3_600
const LEAST_MILLIS_IN_ENVIRONMENT = 1_000
const STEP_OF_MILLIS = 500

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
  /** Name of the scope on the server; `''` for the default one. */
  readonly scope: string
  /** Name of the serializer on the server. */
  readonly format: string
  /** `undefined` for the JSON codec of this library. */
  readonly codec: Codec | undefined
  /** Options of the gRPC channel. */
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  /** Which HTTP/2 implementation carries the calls. */
  readonly transport: 'http2' | 'grpc-js'
  /** Certificates, and whether TLS is used. */
  readonly tlsOptions: TlsOptions
  /** Largest request that is sent, in bytes. */
  readonly maxRequestBytes: number

  /**
   * Checks the options and takes what is left out from the environment, as it is now, or else from the defaults.
   * No file is read.
   *
   * @param options The options, or other `Options` whose values are taken as they are.
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
    this.transport = values.transport
    this.tlsOptions = values.tlsOptions
    this.maxRequestBytes = values.maxRequestBytes
    if (hasDefaultAddress(values)) markDefaultAddress(this)
    Object.freeze(this)
  }

  /** The options without secrets, for logs; not meant to be read back. */
  toJSON(): Readonly<Record<string, unknown>> {
    const values: [string, unknown][] = Object.entries(this)
    return Object.fromEntries(
      values.map(([option, value]) => {
        if (option === 'codec' && value !== undefined) return [option, '(codec)']
        return [option, value === Infinity ? 'Infinity' : value]
      }),
    )
  }

  /** The options without secrets, for logs. */
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
    const message = `the options are ${show(input)}; they must be a plain object`
    throw invalidOptions([{ option: 'options', message }])
  }
  const { given, issues } = checkOptions(input)
  const fromVariable = (option: DurationOption): number | undefined =>
    input[option] === undefined ? secondsFrom(option, environment, issues) : undefined

  const values = {
    address:
      given.address ?? (input['address'] === undefined ? addressFrom(environment, issues) : DEFAULTS.address),
    requestTimeoutSeconds:
      given.requestTimeoutSeconds ?? fromVariable('requestTimeoutSeconds') ?? DEFAULTS.requestTimeoutSeconds,
    readyTimeoutSeconds:
      given.readyTimeoutSeconds ?? fromVariable('readyTimeoutSeconds') ?? DEFAULTS.readyTimeoutSeconds,
    disconnectTimeoutSeconds:
      given.disconnectTimeoutSeconds ??
      fromVariable('disconnectTimeoutSeconds') ??
      DEFAULTS.disconnectTimeoutSeconds,
    scope: given.scope ?? DEFAULTS.scope,
    format: given.format ?? DEFAULTS.format,
    codec: given.codec,
    channelOptions: channelOptionsOf(given.channelOptions ?? {}),
    transport: given.transport ?? DEFAULTS.transport,
    maxRequestBytes: given.maxRequestBytes ?? DEFAULTS.maxRequestBytes,
  }
  const tlsOptions = tlsOptionsOf(input['tlsOptions'], environment, issues)
  if (issues.length > 0 || tlsOptions === undefined) throw invalidOptions(inOrder(issues))
  const resolved = { ...values, tlsOptions }
  if (input['address'] === undefined && variable(environment, VARIABLES.address) === undefined) {
    markDefaultAddress(resolved)
  }
  return resolved
}

function addressFrom(environment: Environment, issues: OptionIssue[]): string {
  const address = variable(environment, VARIABLES.address) ?? DEFAULTS.address
  const parsed = parseAddress(address)
  if (parsed.kind === 'invalid') issues.push(issue(VARIABLES.address, show(address), parsed.reason))
  return address
}

function secondsFrom(
  option: DurationOption,
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

/** In the order of the options, a variable where its option stands, unknown keys last. */
function inOrder(issues: readonly OptionIssue[]): OptionIssue[] {
  const place = ({ option }: OptionIssue): number => {
    if (option.startsWith('COHERENCE_TLS_')) return OPTION_NAMES.indexOf('tlsOptions')
    const behind = Object.entries(VARIABLES).find(([, variableName]) => variableName === option)?.[0]
    const index = OPTION_NAMES.indexOf(behind ?? option.split('.')[0] ?? option)
    return index < 0 ? OPTION_NAMES.length : index
  }
  return [...issues].sort((one, other) => place(one) - place(other))
}
