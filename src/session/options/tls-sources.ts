// Decides whether TLS is used, and whether each certificate and key comes from an option or from its variable.
import type { OptionIssue } from '../../errors'
import { type Environment, variable } from './environment'
import { invalidOptions, issue, show } from './option-texts'
import { pemText, type TlsItem } from './pem'
import { holdsOptions } from '../../calls/wrong-options'
import { checkTlsOptions, pathProblem, type SessionTlsOptions, TLS_ITEMS } from './tls-options-schema'

/** The source of a certificate or key, and its name in error texts. */
export type TlsSource =
  | { readonly kind: 'file'; readonly path: string; readonly givenBy: string }
  | { readonly kind: 'pem'; readonly pem: string; readonly givenBy: string }

export interface TlsSettings {
  readonly enabled: boolean
  readonly sources: Readonly<Record<TlsItem, TlsSource | undefined>>
  readonly passphrase: string | undefined
}

const VARIABLES = {
  caCert: 'COHERENCE_TLS_CERTS_PATH',
  clientCert: 'COHERENCE_TLS_CLIENT_CERT',
  clientKey: 'COHERENCE_TLS_CLIENT_KEY',
} as const

/**
 * Resolves the options, and uses the environment for those that are left out. Any certificate or key turns TLS on,
 * whether an option or a variable sets it: plain text instead of an intended TLS would expose all data.
 *
 * @throws {InvalidOptionsError} an option or a variable is wrong.
 */
export function resolveTls(input: unknown, environment: Environment): TlsSettings {
  if (!holdsOptions(input)) {
    const wrong = issue('tlsOptions', show(input), 'it must be a plain object or TlsOptions')
    throw invalidOptions([wrong])
  }
  const { given, issues } = checkTlsOptions(input)
  const source = (item: TlsItem): TlsSource | undefined =>
    fromOptions(item, given ?? {}) ??
    (isGiven(input, item) ? undefined : fromVariable(item, environment, issues))
  const sources = {
    caCert: source('caCert'),
    clientCert: source('clientCert'),
    clientKey: source('clientKey'),
  }
  const enabled = given?.enabled ?? TLS_ITEMS.some((item) => sources[item] !== undefined)
  const alone = given === undefined ? undefined : unpaired(enabled, sources)
  if (alone !== undefined && issues.every(({ option }) => option !== alone.option)) issues.push(alone)
  if (issues.length > 0) throw invalidOptions(issues)
  return { enabled, sources, passphrase: given?.clientKeyPassphrase }
}

function isGiven(input: Readonly<Record<string, unknown>>, item: TlsItem): boolean {
  return input[item] !== undefined || input[`${item}Path`] !== undefined
}

function fromOptions(item: TlsItem, given: SessionTlsOptions): TlsSource | undefined {
  const pem = given[item]
  if (pem !== undefined) return { kind: 'pem', pem: pemText(pem), givenBy: `tlsOptions.${item}` }
  const path = given[`${item}Path`]
  return path === undefined ? undefined : { kind: 'file', path, givenBy: `tlsOptions.${item}Path` }
}

function fromVariable(item: TlsItem, environment: Environment, issues: OptionIssue[]): TlsSource | undefined {
  const path = variable(environment, VARIABLES[item])
  if (path === undefined) return undefined
  const problem = pathProblem(path, item)
  if (problem !== undefined) issues.push(issue(VARIABLES[item], show(path), problem))
  return { kind: 'file', path, givenBy: VARIABLES[item] }
}

/**
 * Reports a client certificate without its key, or the reverse. It is ignored if TLS is off and a variable names it.
 */
function unpaired(
  enabled: boolean,
  { clientCert, clientKey }: TlsSettings['sources'],
): OptionIssue | undefined {
  const alone = clientCert === undefined ? clientKey : clientKey === undefined ? clientCert : undefined
  if (alone === undefined) return undefined
  const byVariable = !alone.givenBy.startsWith('tlsOptions.')
  if (byVariable && !enabled) return undefined
  const [has, lacks, item] =
    alone === clientCert
      ? (['certificate', 'key', 'clientKey'] as const)
      : (['key', 'certificate', 'clientCert'] as const)
  const remedy = byVariable
    ? `set ${VARIABLES[item]} too, or tlsOptions.enabled to false for a connection without TLS`
    : `give tlsOptions.${item}Path or tlsOptions.${item} too`
  return {
    option: alone.givenBy,
    message: `${alone.givenBy} gives the client's ${has} without its ${lacks}; ${remedy}`,
  }
}
