// Options of a connection by TLS as it uses them: checked, completed from the environment, immutable. No file is read
// here.
import { inspect } from 'node:util'
import type { InspectOptions } from 'node:util'
import type { Environment } from './environment'
import type { TlsItem } from './pem'
import { type SessionTlsOptions, TLS_ITEMS } from './tls-options-schema'
import { resolveTls, type TlsSettings, type TlsSource } from './tls-sources'

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
  readonly #sources: TlsSettings['sources']

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
      options instanceof TlsOptions ? options.#settings() : resolveTls(options, environment)
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
        TLS_ITEMS.filter((item) => this.#sources[item]?.kind === 'pem').map((item) => [
          item,
          '(PEM not shown)',
        ]),
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

  #settings(): TlsSettings {
    return { enabled: this.enabled, sources: this.#sources }
  }
}

function pathOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'file' ? source.path : undefined
}

function pemOf(source: TlsSource | undefined): string | undefined {
  return source?.kind === 'pem' ? source.pem : undefined
}
