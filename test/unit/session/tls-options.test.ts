import { inspect } from 'node:util'
import { InvalidOptionsError } from '../../../src/errors'
import { resolveOptions } from '../../../src/session/options/options'
import { TlsOptions } from '../../../src/session/options/tls-options'
import { wrongArgument } from '../../support/wrong-argument'
import { thrown } from '../../support/failures'

const CERTIFICATE = pem('CERTIFICATE', 'Q0VSVElGSUNBVEU=')
const KEY = pem('PRIVATE KEY', 'VE9QIFNFQ1JFVA==')
const ALL_VARIABLES = {
  COHERENCE_TLS_CERTS_PATH: '/env/ca.pem',
  COHERENCE_TLS_CLIENT_CERT: '/env/client.pem',
  COHERENCE_TLS_CLIENT_KEY: '/env/client.key',
}
const NOTHING = {
  caCertPath: undefined,
  clientCertPath: undefined,
  clientKeyPath: undefined,
  caCert: undefined,
  clientCert: undefined,
}
const FROM_ENVIRONMENT = {
  ...NOTHING,
  caCertPath: '/env/ca.pem',
  clientCertPath: '/env/client.pem',
  clientKeyPath: '/env/client.key',
}

describe('TLS', () => {
  it('is off by default', () => {
    expect(tls({})).toEqual({ ...NOTHING, enabled: false })
  })

  it('needs nothing but to be enabled', () => {
    expect(tls({ enabled: true })).toEqual({ ...NOTHING, enabled: true })
  })

  it('takes line breaks that are written as \\n', () => {
    const [caCert, clientKey] = [CERTIFICATE, KEY].map((text) => text.replaceAll('\n', '\\n'))
    const resolved = new TlsOptions({ caCert, clientCert: CERTIFICATE, clientKey }, {})
    expect([resolved.caCert, resolved.clientKey]).toEqual([CERTIFICATE, KEY])
  })

  it('is on by itself where all three variables are set', () => {
    expect(tls({}, ALL_VARIABLES)).toEqual({ ...FROM_ENVIRONMENT, enabled: true })
  })

  it('takes a variable that is empty for unset', () => {
    const environment = {
      COHERENCE_TLS_CERTS_PATH: '',
      COHERENCE_TLS_CLIENT_CERT: '',
      COHERENCE_TLS_CLIENT_KEY: '',
    }
    expect(tls({}, environment)).toEqual({ ...NOTHING, enabled: false })
  })

  it('stays off where an option says so', () => {
    expect(tls({ enabled: false }, ALL_VARIABLES)).toEqual({ ...FROM_ENVIRONMENT, enabled: false })
  })

  it.each([
    { caCertPath: 'ca.pem' },
    { caCert: CERTIFICATE },
    { clientCertPath: 'cert.pem', clientKeyPath: 'key.pem' },
  ])('is on by itself with %j', (options) => {
    expect(tls(options)['enabled']).toBe(true)
  })

  it('takes one variable alone where it is enabled', () => {
    expect(tls({ enabled: true }, { COHERENCE_TLS_CERTS_PATH: '/env/ca.pem' })).toEqual({
      ...NOTHING,
      caCertPath: '/env/ca.pem',
      enabled: true,
    })
  })

  it('takes paths from options rather than from the environment', () => {
    const options = { caCertPath: 'ca.pem', clientCertPath: 'cert.pem', clientKeyPath: 'key.pem' }
    expect(tls(options, ALL_VARIABLES)).toEqual({ ...NOTHING, ...options, enabled: true })
  })

  it('takes PEM from options rather than paths from the environment', () => {
    const options = { caCert: CERTIFICATE, clientCert: CERTIFICATE, clientKey: KEY }
    const resolved = new TlsOptions(options, ALL_VARIABLES)
    expect({ ...members(resolved), clientKey: resolved.clientKey }).toEqual({
      ...NOTHING,
      ...options,
      enabled: true,
    })
  })

  it('takes PEM as bytes', () => {
    const resolved = new TlsOptions({ caCert: Buffer.from(CERTIFICATE) }, {})
    expect(resolved.caCert).toBe(CERTIFICATE)
  })

  it.each(['EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])(
    'takes a key that is labelled %s',
    (label) => {
      const clientKey = pem(label, 'VE9QIFNFQ1JFVA==')
      expect(new TlsOptions({ clientCert: CERTIFICATE, clientKey }, {}).clientKey).toBe(clientKey)
    },
  )
})

describe('TlsOptions', () => {
  it('are a part of Options, as they are', () => {
    const tlsOptions = new TlsOptions({ enabled: true }, {})
    expect(resolveOptions({ tlsOptions }, ALL_VARIABLES).tlsOptions).toBe(tlsOptions)
  })

  it('are made of a plain object by Options, with the same environment', () => {
    const { tlsOptions } = resolveOptions({ tlsOptions: { caCertPath: 'ca.pem' } }, ALL_VARIABLES)
    expect(members(tlsOptions)).toEqual({ ...FROM_ENVIRONMENT, caCertPath: 'ca.pem', enabled: true })
  })

  it('can be copied, without a second look at the environment', () => {
    const copy = new TlsOptions(
      new TlsOptions({ clientCert: CERTIFICATE, clientKey: KEY }, {}),
      ALL_VARIABLES,
    )
    expect({ ...members(copy), clientKey: copy.clientKey }).toEqual({
      ...NOTHING,
      clientCert: CERTIFICATE,
      clientKey: KEY,
      enabled: true,
    })
  })

  it('cannot be changed', () => {
    const options = new TlsOptions({}, {})
    expect(() => Object.assign(options, { enabled: true })).toThrow(
      wrongArgument('Cannot assign to read only property'),
    )
    expect(() => Object.assign(options, { clientKey: KEY })).toThrow(
      wrongArgument('Cannot set property clientKey of '),
    )
  })

  it('do not change with the bytes they were made of', () => {
    const caCert = Buffer.from(CERTIFICATE)
    const options = new TlsOptions({ caCert }, {})
    caCert.fill(0)
    expect(options.caCert).toBe(CERTIFICATE)
  })

  it('never print what is in a certificate or key', () => {
    const tlsOptions = { caCert: CERTIFICATE, clientCert: CERTIFICATE, clientKey: KEY }
    const options = resolveOptions({ tlsOptions }, {})
    const printed = [options, options.tlsOptions].flatMap((each) => [
      inspect(each, { depth: 10, showHidden: true, getters: true }),
      JSON.stringify(each),
      String(each),
    ])
    expect(printed.filter((text) => text.includes('VE9Q') || text.includes('Q0VS'))).toEqual([])
    expect(JSON.parse(JSON.stringify(options.tlsOptions))).toEqual({
      enabled: true,
      caCert: '(PEM not shown)',
      clientCert: '(PEM not shown)',
      clientKey: '(PEM not shown)',
    })
  })

  it('never list the key, even to what looks at all members', () => {
    const options = new TlsOptions({ clientCert: CERTIFICATE, clientKey: KEY }, {})
    expect(inspect(options, { customInspect: false, showHidden: true })).not.toContain('VE9Q')
    expect(Object.getOwnPropertyNames(options)).not.toContain('clientKey')
  })
})

describe('wrong TLS options', () => {
  it.each([
    ['enabled', 'yes', "tlsOptions.enabled is 'yes'; it must be true or false"],
    ['caCertPath', 1, 'tlsOptions.caCertPath is 1; it must be the path of a PEM file'],
    ['caCertPath', '', "tlsOptions.caCertPath is ''; it must be the path of a PEM file"],
    [
      'caCertPath',
      CERTIFICATE,
      'tlsOptions.caCertPath is the text of a PEM file; it must be the path of a PEM file, or use tlsOptions.caCert for PEM',
    ],
    [
      'caCert',
      '/etc/ca.pem',
      'tlsOptions.caCert is a string; it must be a certificate in PEM; a path goes into tlsOptions.caCertPath',
    ],
    [
      'caCert',
      KEY,
      'tlsOptions.caCert is a string; it must be a certificate in PEM, as a string or a Buffer',
    ],
    [
      'caCert',
      Buffer.from([0x30, 0x82]),
      'tlsOptions.caCert is bytes; it must be a certificate in PEM, as a string or a Buffer',
    ],
    [
      'caCert',
      {},
      'tlsOptions.caCert is an object; it must be a certificate in PEM, as a string or a Buffer',
    ],
    [
      'caCert',
      CERTIFICATE.replaceAll('\n', ' '),
      'tlsOptions.caCert is a string; it must be a certificate in PEM; its -----BEGIN and -----END lines must stand alone; keep the line breaks, or write them as \\n, and leave out quotes and indentation',
    ],
    ['caPath', 'ca.pem', "'tlsOptions.caPath' is not an option"],
    ['caCertPaths', 'ca.pem', "'tlsOptions.caCertPaths' is not an option; did you mean 'caCertPath'?"],
  ])('%s cannot be %p', (option, value, message) => {
    expect(issuesOf({ [option]: value })).toEqual([{ option: `tlsOptions.${option}`, message }])
  })

  it('a key that is no PEM is not shown', () => {
    expect(issuesOf({ clientCert: CERTIFICATE, clientKey: 'VE9QIFNFQ1JFVA==' })).toEqual([
      {
        option: 'tlsOptions.clientKey',
        message:
          'tlsOptions.clientKey is a string; it must be a private key in PEM; a path goes into tlsOptions.clientKeyPath',
      },
    ])
  })

  it.each(['caCert', 'clientCert', 'clientKey'])('%s cannot be both a path and PEM', (item) => {
    const value = item === 'clientKey' ? KEY : CERTIFICATE
    const rest = { caCert: {}, clientCert: { clientKey: KEY }, clientKey: { clientCert: CERTIFICATE } }[item]
    expect(issuesOf({ ...rest, [item]: value, [`${item}Path`]: 'a.pem' })).toEqual([
      {
        option: `tlsOptions.${item}`,
        message: `tlsOptions.${item} and tlsOptions.${item}Path are both given; only one of them may be`,
      },
    ])
  })

  it.each([
    ['clientCertPath', 'cert.pem', 'certificate', 'key', 'clientKey'],
    ['clientCert', CERTIFICATE, 'certificate', 'key', 'clientKey'],
    ['clientKeyPath', 'key.pem', 'key', 'certificate', 'clientCert'],
    ['clientKey', KEY, 'key', 'certificate', 'clientCert'],
  ])('%s cannot be alone', (option, value, what, missing, wanted) => {
    expect(issuesOf({ [option]: value })).toEqual([
      {
        option: `tlsOptions.${option}`,
        message: `tlsOptions.${option} gives the client's ${what} without its ${missing}; give tlsOptions.${wanted}Path or tlsOptions.${wanted} too`,
      },
    ])
  })

  it.each([
    ['COHERENCE_TLS_CLIENT_CERT', 'certificate', 'key', 'COHERENCE_TLS_CLIENT_KEY'],
    ['COHERENCE_TLS_CLIENT_KEY', 'key', 'certificate', 'COHERENCE_TLS_CLIENT_CERT'],
  ])('%s cannot be alone', (variableName, has, lacks, other) => {
    expect(issuesOf({}, { [variableName]: '/env/file.pem' })).toEqual([
      {
        option: variableName,
        message: `${variableName} gives the client's ${has} without its ${lacks}; set ${other} too, or tlsOptions.enabled to false for a connection without TLS`,
      },
    ])
  })

  it('a variable that holds PEM instead of a path is refused and not shown', () => {
    expect(issuesOf({}, { COHERENCE_TLS_CLIENT_KEY: KEY })).toEqual([
      {
        option: 'COHERENCE_TLS_CLIENT_KEY',
        message:
          'COHERENCE_TLS_CLIENT_KEY is the text of a PEM file; it must be the path of a PEM file, or use tlsOptions.clientKey for PEM',
      },
    ])
  })

  it.each([
    ['a string', 'ca.pem', "'ca.pem'"],
    ['null', null, 'null'],
    ['a Map', new Map(), 'an object'],
  ])('%s is refused', (_, input, shown) => {
    expect(issuesOf(input)).toEqual([
      { option: 'tlsOptions', message: `tlsOptions is ${shown}; it must be a plain object or TlsOptions` },
    ])
  })
})

function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}

function tls(options: unknown, environment = {}): Record<string, unknown> {
  return members(new TlsOptions(options, environment))
}

function members(options: TlsOptions): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options))
}

function issuesOf(options: unknown, environment = {}): InvalidOptionsError['issues'] {
  return thrown(InvalidOptionsError, () => new TlsOptions(options, environment)).issues
}
