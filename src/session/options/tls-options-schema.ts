// The TLS options: their public type, and the checks of their values.
import { isUint8Array } from 'node:util/types'
import * as z from 'zod/mini'
import type { OptionIssue } from '../../errors'
import { holdsPem, lineBreakHint, pemText, type TlsItem } from './pem'
import type { Assert, Same } from './same-type'
import { REPORTING, schemaIssues } from './schema-issues'

/** The TLS options, as a plain object. All of them are optional. */
export interface SessionTlsOptions {
  /**
   * Whether the connection uses TLS. Default: `true` if any certificate or key is set, by an option or by
   * `COHERENCE_TLS_CERTS_PATH`, `COHERENCE_TLS_CLIENT_CERT` or `COHERENCE_TLS_CLIENT_KEY`; otherwise `false`.
   */
  readonly enabled?: boolean | undefined
  /**
   * The path of a PEM file, or of several separated by commas, with the authorities that may have signed the server's
   * certificate. Default: `COHERENCE_TLS_CERTS_PATH`, otherwise the authorities that Node.js trusts.
   */
  readonly caCertPath?: string | undefined
  /** The path of a PEM file with the client's certificate. Default: `COHERENCE_TLS_CLIENT_CERT`, otherwise none. */
  readonly clientCertPath?: string | undefined
  /** The path of a PEM file with the client's private key. Default: `COHERENCE_TLS_CLIENT_KEY`, otherwise none. */
  readonly clientKeyPath?: string | undefined
  /** The authorities as PEM, instead of `caCertPath`. Line breaks may be written as `\n`. */
  readonly caCert?: string | Uint8Array | undefined
  /** The client's certificate as PEM, instead of `clientCertPath`. Line breaks may be written as `\n`. */
  readonly clientCert?: string | Uint8Array | undefined
  /** The client's private key as PEM, instead of `clientKeyPath`. Line breaks may be written as `\n`. */
  readonly clientKey?: string | Uint8Array | undefined
  /** The passphrase of the client's private key. Default: none. */
  readonly clientKeyPassphrase?: string | undefined
}

export const TLS_ITEMS = ['caCert', 'clientCert', 'clientKey'] as const

const PATH_WANTED = 'it must be the path of a PEM file'
const PASSPHRASE_WANTED = 'it must be a text'
/** Options whose values no error shows. */
const SECRETS = [...TLS_ITEMS, 'clientKeyPassphrase']

const schema = z.strictObject({
  enabled: z.optional(z.boolean('it must be true or false')),
  caCertPath: pathOption('caCert'),
  clientCertPath: pathOption('clientCert'),
  clientKeyPath: pathOption('clientKey'),
  caCert: pemOption('caCert'),
  clientCert: pemOption('clientCert'),
  clientKey: pemOption('clientKey'),
  clientKeyPassphrase: z.optional(z.string(PASSPHRASE_WANTED).check(z.minLength(1, PASSPHRASE_WANTED))),
})

/** Does not compile if the schema and the public type differ. */
export type TlsSchemaIsTheType = Assert<Same<Required<z.input<typeof schema>>, Required<SessionTlsOptions>>>

/** Checks the options. Returns them if all are right, and otherwise their faults. It does not read the environment. */
export function checkTlsOptions(input: Readonly<Record<string, unknown>>): {
  given: SessionTlsOptions | undefined
  issues: OptionIssue[]
} {
  const parsed = schema.safeParse(input, REPORTING)
  const issues = parsed.success
    ? []
    : schemaIssues(parsed.error.issues, Object.keys(schema.shape), {}, 'tlsOptions', SECRETS)
  for (const item of TLS_ITEMS) {
    if (input[item] !== undefined && input[`${item}Path`] !== undefined) {
      const message = `tlsOptions.${item} and tlsOptions.${item}Path are both given; only one of them may be`
      issues.push({ option: `tlsOptions.${item}`, message })
    }
  }
  return { given: parsed.success ? parsed.data : undefined, issues }
}

/** Returns the problem with the path of a certificate or key; `undefined` if there is none. */
export function pathProblem(path: string, item: TlsItem): string | undefined {
  if (path.includes('-----BEGIN')) return `${PATH_WANTED}, or use tlsOptions.${item} for PEM`
  return path.trim() === '' ? PATH_WANTED : undefined
}

function pathOption(item: TlsItem): z.ZodMiniOptional<z.ZodMiniString<string>> {
  return z.optional(
    z.string(PATH_WANTED).check((context) => {
      const message = pathProblem(context.value, item)
      if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message })
    }),
  )
}

type Pem = string | Uint8Array

function pemOption(item: TlsItem): z.ZodMiniOptional<z.ZodMiniCustom<Pem, Pem>> {
  return z.optional(
    z.custom<Pem>((value) => isPemInput(value) && holdsPem(pemText(value), item), {
      error: ({ input }) => pemWanted(input, item),
    }),
  )
}

function pemWanted(input: unknown, item: TlsItem): string {
  const wanted = `it must be ${item === 'clientKey' ? 'a private key' : 'a certificate'} in PEM`
  if (typeof input === 'string' && !input.includes('-----')) {
    return `${wanted}; a path goes into tlsOptions.${item}Path`
  }
  const hint = isPemInput(input) ? lineBreakHint(pemText(input)) : undefined
  return hint === undefined ? `${wanted}, as a string or a Buffer` : `${wanted}; ${hint}`
}

function isPemInput(value: unknown): value is Pem {
  return typeof value === 'string' || isUint8Array(value)
}
