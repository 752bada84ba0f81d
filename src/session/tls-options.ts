// Options of a connection by TLS: which certificates, and where they are. Nothing is read from disk here.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import { isUint8Array } from 'node:util/types'
import * as z from 'zod/mini'
import type { OptionIssue } from '../errors'
import { InvalidOptionsError } from '../errors'
import type { Environment } from './environment'
import { variable } from './environment'
import { checkGiven } from './given-options'
import { issue, show } from './option-texts'
import { holdsOptions, schemaIssues } from './schema-issues'

/** What a plain object of TLS options may hold; everything is optional. */
export interface SessionTlsOptions {
  /**
   * Whether the connection uses TLS. Left out: `true` where any certificate or key is given as an option, or where all
   * of `COHERENCE_TLS_CERTS_PATH`, `COHERENCE_TLS_CLIENT_CERT` and `COHERENCE_TLS_CLIENT_KEY` are set; else `false`.
   */
  readonly enabled?: boolean | undefined
  /**
   * Path of a PEM file, or of several separated by commas, with the authorities that may have signed the server's
   * certificate. Left out: `COHERENCE_TLS_CERTS_PATH`, or else the authorities that Node.js trusts.
   */
  readonly caCertPath?: string | undefined
  /** Path of a PEM file with the client's certificate. Left out: `COHERENCE_TLS_CLIENT_CERT`, or else none. */
  readonly clientCertPath?: string | undefined
  /** Path of a PEM file with the key of the client's certificate. Left out: `COHERENCE_TLS_CLIENT_KEY`, or else none. */
  readonly clientKeyPath?: string | undefined
  /** PEM of the authorities, instead of `caCertPath`. */
  readonly caCert?: string | Uint8Array | undefined
  /** PEM of the client's certificate, instead of `clientCertPath`. */
  readonly clientCert?: string | Uint8Array | undefined
  /** PEM of the key of the client's certificate, instead of `clientKeyPath`. */
  readonly clientKey?: string | Uint8Array | undefined
}

/** A certificate or key: the option that holds it. */
export type TlsItem = 'caCert' | 'clientCert' | 'clientKey'

/** Where a certificate or key comes from, and what an error text calls that. */
export type TlsSource =
  | { readonly kind: 'file'; readonly path: string; readonly givenBy: string }
  | { readonly kind: 'pem'; readonly pem: string; readonly givenBy: string }

type TlsSources = Readonly<Record<TlsItem, TlsSource | undefined>>

const ITEMS = ['caCert', 'clientCert', 'clientKey'] as const
const VARIABLES = {
  caCert: 'COHERENCE_TLS_CERTS_PATH',
  clientCert: 'COHERENCE_TLS_CLIENT_CERT',
  clientKey: 'COHERENCE_TLS_CLIENT_KEY',
} as const

const CERTIFICATE = /-----BEGIN ([A-Z0-9 ]+ )?CERTIFICATE-----[^-]+-----END ([A-Z0-9 ]+ )?CERTIFICATE-----/
const PRIVATE_KEY = /-----BEGIN ([A-Z0-9 ]+ )?PRIVATE KEY-----[^]+-----END ([A-Z0-9 ]+ )?PRIVATE KEY-----/

const shape = {
  enabled: () => z.optional(z.boolean('it must be true or false')),
  caCertPath: () => pathOption('caCert'),
  clientCertPath: () => pathOption('clientCert'),
  clientKeyPath: () => pathOption('clientKey'),
  caCert: () => pemOption('caCert'),
  clientCert: () => pemOption('clientCert'),
  clientKey: () => pemOption('clientKey'),
}

/** Options of a connection by TLS; immutable, and never printed with key material. */
export class TlsOptions {
  /** Whether the connection uses TLS. */
  readonly enabled: boolean
  /** Path of the authorities, from the option or the environment. */
  readonly caCertPath: string | undefined
  /** Path of the client's certificate, from the option or the environment. */
  readonly clientCertPath: string | undefined
  /** Path of the key of the client's certificate, from the option or the environment. */
  readonly clientKeyPath: string | undefined
  /** PEM of the authorities, where they were given as PEM. */
  readonly caCert: string | undefined
  /** PEM of the client's certificate, where it was given as PEM. */
  readonly clientCert: string | undefined
  readonly #sources: TlsSources

  /**
   * Checks the options and takes what is left out from the environment, as it is now. No file is read.
   *
   * @param options The options, or other `TlsOptions` whose values are taken as they are.
   * @throws {InvalidOptionsError} an option or a variable is wrong.
   */
  constructor(options?: SessionTlsOptions | TlsOptions)
  /** @internal */
  constructor(options: unknown, environment: Environment)
  constructor(options: unknown = {}, environment: Environment = process.env) {
    const { enabled, sources } =
      options instanceof TlsOptions ? options.#resolved() : resolve(options, environment)
    this.enabled = enabled
    this.caCertPath = pathOf(sources.caCert)
    this.clientCertPath = pathOf(sources.clientCert)
    this.clientKeyPath = pathOf(sources.clientKey)
    this.caCert = pemOf(sources.caCert)
    this.clientCert = pemOf(sources.clientCert)
    this.#sources = sources
    Object.freeze(this)
  }

  /** PEM of the client's key, where it was given as PEM. Not a member of its own, so that nothing lists it. */
  get clientKey(): string | undefined {
    return pemOf(this.#sources.clientKey)
  }

  /** @internal */
  source(item: TlsItem): TlsSource | undefined {
    return this.#sources[item]
  }

  /** The options without certificates and keys, for logs; not meant to be read back. */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      enabled: this.enabled,
      caCertPath: this.caCertPath,
      clientCertPath: this.clientCertPath,
      clientKeyPath: this.clientKeyPath,
      ...Object.fromEntries(
        ITEMS.filter((item) => this.#sources[item]?.kind === 'pem').map((item) => [item, '(PEM not shown)']),
      ),
    }
  }

  /** The options without certificates and keys, for logs. */
  toString(): string {
    return inspect(this)
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `TlsOptions ${inspect(this.toJSON(), options)}`
  }

  #resolved(): { enabled: boolean; sources: TlsSources } {
    return { enabled: this.enabled, sources: this.#sources }
  }
}

function resolve(input: unknown, environment: Environment): { enabled: boolean; sources: TlsSources } {
  if (!holdsOptions(input)) {
    throw new InvalidOptionsError([
      issue('tlsOptions', show(input), 'it must be a plain object or TlsOptions'),
    ])
  }
  const parsed = checkGiven(shape, input)
  const issues = parsed.success
    ? []
    : schemaIssues(parsed.error.issues, Object.keys(shape), {}, 'tlsOptions', ITEMS)
  for (const item of ITEMS) {
    if (input[item] !== undefined && input[`${item}Path`] !== undefined) {
      const message = `tlsOptions.${item} and tlsOptions.${item}Path are both given; only one of them may be`
      issues.push({ option: `tlsOptions.${item}`, message })
    }
  }
  const given: SessionTlsOptions = parsed.success ? parsed.data : {}
  const sources = {
    caCert: sourceOf('caCert', input, given, environment, issues),
    clientCert: sourceOf('clientCert', input, given, environment, issues),
    clientKey: sourceOf('clientKey', input, given, environment, issues),
  }
  const enabled = given.enabled ?? (ITEMS.some((item) => isGiven(input, item)) || allSet(environment))
  const pairIssue = unpaired(enabled, sources)
  if (parsed.success && pairIssue !== undefined) issues.push(pairIssue)
  if (issues.length > 0) throw new InvalidOptionsError(issues)
  return { enabled, sources }
}

function sourceOf(
  item: TlsItem,
  input: Readonly<Record<string, unknown>>,
  given: SessionTlsOptions,
  environment: Environment,
  issues: OptionIssue[],
): TlsSource | undefined {
  const pem = given[item]
  if (pem !== undefined) return { kind: 'pem', pem: textOf(pem), givenBy: `tlsOptions.${item}` }
  const path = given[`${item}Path`]
  if (path !== undefined) return { kind: 'file', path, givenBy: `tlsOptions.${item}Path` }
  const fromEnvironment = variable(environment, VARIABLES[item])
  if (isGiven(input, item) || fromEnvironment === undefined) return undefined
  const problem = pathProblem(fromEnvironment)
  if (problem !== undefined) issues.push(issue(VARIABLES[item], show(fromEnvironment), problem))
  return { kind: 'file', path: fromEnvironment, givenBy: VARIABLES[item] }
}

/** A client's certificate without its key, or the reverse; of no importance where it only stands in the environment. */
function unpaired(enabled: boolean, { clientCert, clientKey }: TlsSources): OptionIssue | undefined {
  const alone = clientCert === undefined ? clientKey : clientKey === undefined ? clientCert : undefined
  if (alone === undefined || (!enabled && !alone.givenBy.startsWith('tlsOptions.'))) return undefined
  const [what, missing] = alone === clientCert ? ['certificate', 'key'] : ['key', 'certificate']
  const item = alone === clientCert ? 'clientKey' : 'clientCert'
  const message = `${alone.givenBy} gives the client's ${what} without its ${missing}; give tlsOptions.${item}Path or tlsOptions.${item} too`
  return { option: alone.givenBy, message }
}

function isGiven(input: Readonly<Record<string, unknown>>, item: TlsItem): boolean {
  return input[item] !== undefined || input[`${item}Path`] !== undefined
}

function allSet(environment: Environment): boolean {
  return ITEMS.every((item) => variable(environment, VARIABLES[item]) !== undefined)
}

function pathOption(item: TlsItem): z.ZodMiniOptional<z.ZodMiniString> {
  return z.optional(
    z.string('it must be the path of a PEM file').check((context) => {
      const problem = pathProblem(context.value, item)
      if (problem !== undefined)
        context.issues.push({ code: 'custom', input: context.value, message: problem })
    }),
  )
}

function pathProblem(path: string, item?: TlsItem): string | undefined {
  if (!path.includes('-----BEGIN'))
    return path.trim() === '' ? 'it must be the path of a PEM file' : undefined
  return `it must be the path of a PEM file${item === undefined ? '' : `, or use tlsOptions.${item} for PEM`}`
}

function pemOption(
  item: TlsItem,
): z.ZodMiniOptional<z.ZodMiniCustom<string | Uint8Array, string | Uint8Array>> {
  const what = item === 'clientKey' ? 'a private key' : 'a certificate'
  return z.optional(
    z.custom<string | Uint8Array>((value) => isPem(value, item), {
      error: ({ input }) =>
        typeof input === 'string' && !input.includes('-----')
          ? `it must be ${what} in PEM; a path goes into tlsOptions.${item}Path`
          : `it must be ${what} in PEM, as a string or a Buffer`,
    }),
  )
}

/** Whether the text of a certificate or key has the frame of one. */
export function isPem(value: unknown, item: TlsItem): boolean {
  if (typeof value !== 'string' && !isUint8Array(value)) return false
  return (item === 'clientKey' ? PRIVATE_KEY : CERTIFICATE).test(textOf(value))
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string'
    ? pem
    : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8')
}

function pathOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'file' ? source.path : undefined
}

function pemOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'pem' ? source.pem : undefined
}
