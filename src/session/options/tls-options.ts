// The resolved TLS options: checked, completed from the environment, and immutable. No file is read here.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import type { Environment } from './environment'
import type { TlsItem } from './pem'
import { type SessionTlsOptions, TLS_ITEMS } from './tls-options-schema'
import { resolveTls, type TlsSettings, type TlsSource } from './tls-sources'

/**
 * The resolved TLS options: checked, complete and immutable. They are never printed with key material.
 *
 * @example
 * ```ts
 * import { Session, TlsOptions } from 'coherence-ts'
 *
 * const tlsOptions = new TlsOptions({ caCertPath: '/etc/coherence/ca.pem' })
 * await using session = await Session.create({ address: 'example.com:1408', tlsOptions })
 * console.log(tlsOptions.enabled) // prints true
 * ```
 */
export class TlsOptions {
  /** Whether the connection uses TLS. */
  readonly enabled: boolean
  /** The path of the authorities, from the option or the environment; `undefined` if there is none. */
  readonly caCertPath: string | undefined
  /** The path of the client's certificate, from the option or the environment; `undefined` if there is none. */
  readonly clientCertPath: string | undefined
  /** The path of the client's private key, from the option or the environment; `undefined` if there is none. */
  readonly clientKeyPath: string | undefined
  /** The authorities as PEM; `undefined` if the options do not have them as PEM. */
  readonly caCert: string | undefined
  /** The client's certificate as PEM; `undefined` if the options do not have it as PEM. */
  readonly clientCert: string | undefined
  readonly #sources: TlsSettings['sources']
  readonly #passphrase: string | undefined

  /**
   * Checks the options. For options that are left out, it uses the environment variables as they are now. It reads no
   * file.
   *
   * @param options The options, or other `TlsOptions` whose values are used unchanged.
   * @throws {InvalidOptionsError} an option or a variable is wrong.
   */
  constructor(options?: SessionTlsOptions | TlsOptions)
  /** @internal */
  constructor(options: unknown, environment: Environment)
  constructor(options: unknown = {}, environment: Environment = process.env) {
    const { enabled, sources, passphrase } =
      options instanceof TlsOptions ? options.#settings() : resolveTls(options, environment)
    this.enabled = enabled
    this.caCertPath = pathOf(sources.caCert)
    this.clientCertPath = pathOf(sources.clientCert)
    this.clientKeyPath = pathOf(sources.clientKey)
    this.caCert = pemOf(sources.caCert)
    this.clientCert = pemOf(sources.clientCert)
    this.#sources = sources
    this.#passphrase = passphrase
    Object.freeze(this)
  }

  /**
   * The client's private key as PEM; `undefined` if the options do not have it as PEM. It is a getter of the prototype,
   * so that nothing lists it.
   */
  get clientKey(): string | undefined {
    return pemOf(this.#sources.clientKey)
  }

  /**
   * The passphrase of the client's private key; `undefined` if there is none. It is a getter of the prototype, so that
   * nothing lists it.
   */
  get clientKeyPassphrase(): string | undefined {
    return this.#passphrase
  }

  /** @internal */
  source(item: TlsItem): TlsSource | undefined {
    return this.#sources[item]
  }

  /** Returns the options without certificates and keys, for logs. They cannot be parsed back. */
  toJSON(): Readonly<Record<string, unknown>> {
    const items = TLS_ITEMS.filter((item) => this.#sources[item]?.kind === 'pem')
    return {
      enabled: this.enabled,
      caCertPath: this.caCertPath,
      clientCertPath: this.clientCertPath,
      clientKeyPath: this.clientKeyPath,
      ...Object.fromEntries(items.map((item) => [item, '(PEM not shown)'])),
      ...(this.#passphrase === undefined ? {} : { clientKeyPassphrase: '(not shown)' }),
    }
  }

  /** Formats the options without certificates and keys, for logs. */
  toString(): string {
    return inspect(this)
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `TlsOptions ${inspect(this.toJSON(), options)}`
  }

  #settings(): TlsSettings {
    return { enabled: this.enabled, sources: this.#sources, passphrase: this.#passphrase }
  }
}

function pathOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'file' ? source.path : undefined
}

function pemOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'pem' ? source.pem : undefined
}
