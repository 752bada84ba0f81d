// Whether TLS is used, for every combination of the variables, of `enabled`, and of certificates given as options.
import { InvalidOptionsError } from '../../../src/errors'
import type { SessionTlsOptions } from '../../../src/session/options/tls-options-schema'
import { TlsOptions } from '../../../src/session/options/tls-options'

/** `no key`: refused, for there is a certificate of the client without its key. `no cert`: the reverse. */
type Verdict = 'off' | 'on' | 'no key' | 'no cert'
type Case = readonly [string, Readonly<Record<string, string>>, SessionTlsOptions, Verdict]

const CA = { COHERENCE_TLS_CERTS_PATH: '/env/ca.pem' }
const CERT = { COHERENCE_TLS_CLIENT_CERT: '/env/client.pem' }
const KEY = { COHERENCE_TLS_CLIENT_KEY: '/env/client.key' }

const SUBSETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  CA,
  CERT,
  KEY,
  'CA CERT': { ...CA, ...CERT },
  'CA KEY': { ...CA, ...KEY },
  'CERT KEY': { ...CERT, ...KEY },
  'CA CERT KEY': { ...CA, ...CERT, ...KEY },
}

const NO_OPTION: SessionTlsOptions = {}
const CA_OPTION: SessionTlsOptions = { caCertPath: 'ca.pem' }
const CERT_OPTION: SessionTlsOptions = { clientCertPath: 'client.pem' }
const KEY_OPTION: SessionTlsOptions = { clientKeyPath: 'client.key' }
const PAIR_OPTION: SessionTlsOptions = { ...CERT_OPTION, ...KEY_OPTION }
const OPTIONS = { '-': NO_OPTION, ca: CA_OPTION, cert: CERT_OPTION, key: KEY_OPTION, pair: PAIR_OPTION }

type Row = readonly [
  variables: string,
  none: Verdict,
  ca: Verdict,
  cert: Verdict,
  key: Verdict,
  pair: Verdict,
]

/** Certificates given as options: none, the authorities, the client's certificate, its key, both. */
const ENABLED_LEFT_OUT: readonly Row[] = [
  ['none', 'off', 'on', 'no key', 'no cert', 'on'],
  ['CA', 'on', 'on', 'no key', 'no cert', 'on'],
  ['CERT', 'no key', 'no key', 'no key', 'on', 'on'],
  ['KEY', 'no cert', 'no cert', 'on', 'no cert', 'on'],
  ['CA CERT', 'no key', 'no key', 'no key', 'on', 'on'],
  ['CA KEY', 'no cert', 'no cert', 'on', 'no cert', 'on'],
  ['CERT KEY', 'on', 'on', 'on', 'on', 'on'],
  ['CA CERT KEY', 'on', 'on', 'on', 'on', 'on'],
]

const ENABLED: readonly Row[] = [
  ['none', 'on', 'on', 'no key', 'no cert', 'on'],
  ...ENABLED_LEFT_OUT.slice(1),
]

/** Variables are of no importance; an option that lacks its other half is wrong all the same. */
const DISABLED: readonly Row[] = [
  ['none', 'off', 'off', 'no key', 'no cert', 'off'],
  ['CA', 'off', 'off', 'no key', 'no cert', 'off'],
  ['CERT', 'off', 'off', 'no key', 'off', 'off'],
  ['KEY', 'off', 'off', 'off', 'no cert', 'off'],
  ['CA CERT', 'off', 'off', 'no key', 'off', 'off'],
  ['CA KEY', 'off', 'off', 'off', 'no cert', 'off'],
  ['CERT KEY', 'off', 'off', 'off', 'off', 'off'],
  ['CA CERT KEY', 'off', 'off', 'off', 'off', 'off'],
]

describe.each([
  ['left out', {}, ENABLED_LEFT_OUT],
  ['undefined', { enabled: undefined }, ENABLED_LEFT_OUT],
  ['true', { enabled: true }, ENABLED],
  ['false', { enabled: false }, DISABLED],
])('with enabled %s', (_enabled, given, table) => {
  it.each(casesOf(table))('and %s it is as the table says', (_what, environment, options, verdict) => {
    expect(verdictOf({ ...options, ...given }, environment)).toBe(verdict)
  })
})

function casesOf(table: readonly Row[]): Case[] {
  return table.flatMap(([variables, ...verdicts]) =>
    Object.entries(OPTIONS).map(([name, options], column): Case => {
      const verdict = verdicts[column]
      const environment = SUBSETS[variables]
      if (verdict === undefined || environment === undefined)
        throw new Error(`there is no ${variables}, ${name}`)
      return [`variables ${variables}, options ${name}`, environment, options, verdict]
    }),
  )
}

function verdictOf(options: SessionTlsOptions, environment: Readonly<Record<string, string>>): string {
  try {
    return new TlsOptions(options, environment).enabled ? 'on' : 'off'
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error
    if (error.message.includes('certificate without its key; ')) return 'no key'
    if (error.message.includes('key without its certificate; ')) return 'no cert'
    return error.message
  }
}
