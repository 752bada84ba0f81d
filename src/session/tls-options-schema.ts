// Which options a connection by TLS has: the public type, and the checks of their values.
import { isUint8Array } from 'node:util/types'
import * as z from 'zod/mini'
import type { OptionIssue } from '../errors'
import { holdsPem, lineBreakHint, pemText, type TlsItem } from './pem'
import type { Assert, Same } from './same-type'
import { REPORTING, schemaIssues } from './schema-issues'

/** What a plain object of TLS options may hold; everything is optional. */
export interface SessionTlsOptions {
  /**
   * Whether the connection uses TLS. Left out: `true` where any certificate or key is given, by an option or by
   * `COHERENCE_TLS_CERTS_PATH`, `COHERENCE_TLS_CLIENT_CERT` or `COHERENCE_TLS_CLIENT_KEY`; else `false`.
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
  /** PEM of the authorities, instead of `caCertPath`. Line breaks may be written as `\n`. */
  readonly caCert?: string | Uint8Array | undefined
  /** PEM of the client's certificate, instead of `clientCertPath`. Line breaks may be written as `\n`. */
  readonly clientCert?: string | Uint8Array | undefined
  /** PEM of the key of the client's certificate, instead of `clientKeyPath`. Line breaks may be written as `\n`. */
  readonly clientKey?: string | Uint8Array | undefined
}

export const TLS_ITEMS = ['caCert', 'clientCert', 'clientKey'] as const

const PATH_WANTED = 'it must be the path of a PEM file'

const schema = z.strictObject({
  enabled: z.optional(z.boolean('it must be true or false')),
  caCertPath: pathOption('caCert'),
  clientCertPath: pathOption('clientCert'),
  clientKeyPath: pathOption('clientKey'),
  caCert: pemOption('caCert'),
  clientCert: pemOption('clientCert'),
  clientKey: pemOption('clientKey'),
})

/** Does not compile where the schema and the public type differ. */
export type TlsSchemaIsTheType = Assert<Same<Required<z.input<typeof schema>>, Required<SessionTlsOptions>>>

/** What was given, where all of it is right, and what is wrong with it otherwise. The environment is not looked at. */
export function checkTlsOptions(input: Readonly<Record<string, unknown>>): {
  given: SessionTlsOptions | undefined
  issues: OptionIssue[]
} {
  const parsed = schema.safeParse(input, REPORTING)
  const issues = parsed.success
    ? []
    : schemaIssues(parsed.error.issues, Object.keys(schema.shape), {}, 'tlsOptions', TLS_ITEMS)
  for (const item of TLS_ITEMS) {
    if (input[item] !== undefined && input[`${item}Path`] !== undefined) {
      const message = `tlsOptions.${item} and tlsOptions.${item}Path are both given; only one of them may be`
      issues.push({ option: `tlsOptions.${item}`, message })
    }
  }
  return { given: parsed.success ? parsed.data : undefined, issues }
}

/** What is wrong with the path of a certificate or key, if anything is. */
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
