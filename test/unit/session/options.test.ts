import { hostname } from 'node:os'
import { inspect } from 'node:util'
import { InvalidOptionsError } from '../../../src/errors'
import type { OptionIssue } from '../../../src/errors'
import { CheckedAuth } from '../../../src/session/options/auth'
import { Options, resolveOptions } from '../../../src/session/options/options'
import { TlsOptions } from '../../../src/session/options/tls-options'
import { wrongArgument } from '../../support/wrong-argument'
import { thrown } from '../../support/failures'

const AUTH = new CheckedAuth({ token: 'from-the-tests' })
const CODEC = { encode: () => new Uint8Array(1), decode: () => undefined }
const IDENTITY = { machineName: hostname(), processName: String(process.pid) }
const DEFAULTS = {
  address: 'localhost:1408',
  requestTimeoutSeconds: 30,
  readyTimeoutSeconds: undefined,
  disconnectTimeoutSeconds: Infinity,
  heartbeatSeconds: 10,
  scope: '',
  format: 'json',
  codec: undefined,
  auth: undefined,
  allowInsecureAuth: false,
  metadata: {},
  maxPendingCalls: 100_000,
  maxPendingBytes: 268_435_456,
  retry: { attempts: Infinity, backoff: { initialSeconds: 0.1, maxSeconds: 3 } },
  logger: undefined,
  identity: IDENTITY,
  channelOptions: {},
  transport: 'http2',
  tlsOptions: new TlsOptions({}, {}),
  maxRequestBytes: 4_194_304,
}
const GIVEN = {
  address: 'example.com:4444',
  requestTimeoutSeconds: 1.5,
  readyTimeoutSeconds: 0,
  disconnectTimeoutSeconds: 60,
  heartbeatSeconds: 2.5,
  scope: 'tenant',
  format: 'pof',
  codec: CODEC,
  auth: AUTH,
  allowInsecureAuth: true,
  metadata: { 'x-tenant': 'acme', 'x-bytes-bin': Buffer.from([1]) },
  maxPendingCalls: 500,
  maxPendingBytes: Infinity,
  retry: { attempts: 3, backoff: { initialSeconds: 0.5, maxSeconds: 60 } },
  logger: console,
  identity: { machineName: 'm', processName: 'p', memberName: 'orders-7', siteName: 's' },
  channelOptions: { 'grpc.keepalive_time_ms': 10_000, 'grpc-node.max_session_memory': 10 },
  transport: 'grpc-js',
  tlsOptions: { enabled: true },
  maxRequestBytes: 8 * 1024 * 1024,
}
/** Every variable, none of its values a default. */
const ENVIRONMENT = {
  COHERENCE_SERVER_ADDRESS: 'from.environment:1',
  COHERENCE_CLIENT_REQUEST_TIMEOUT: '2.5',
  COHERENCE_READY_TIMEOUT: '3',
  COHERENCE_SESSION_DISCONNECT_TIMEOUT: '3600',
}

describe('Options', () => {
  it('have defaults', () => {
    expect({ ...membersOf(resolveOptions(undefined, {})) }).toEqual(DEFAULTS)
  })

  it('are what was passed', () => {
    expect(membersOf(resolveOptions(GIVEN, {}))).toEqual({
      ...GIVEN,
      tlsOptions: new TlsOptions({ enabled: true }, {}),
    })
  })

  it('take what is undefined for left out', () => {
    const leftOut = Object.fromEntries(Object.keys(GIVEN).map((option) => [option, undefined]))
    expect(membersOf(resolveOptions(leftOut, {}))).toEqual(DEFAULTS)
  })

  it('may be infinitely patient', () => {
    const patient = {
      requestTimeoutSeconds: Infinity,
      readyTimeoutSeconds: Infinity,
      disconnectTimeoutSeconds: Infinity,
    }
    expect(resolveOptions(patient, {})).toMatchObject(patient)
  })

  it('may be of a class of the caller', () => {
    class Settings {
      address = 'example.com:4444'
    }
    expect(resolveOptions(new Settings(), {}).address).toBe('example.com:4444')
  })

  it('leave out channel options that are undefined', () => {
    const channelOptions = { 'grpc.primary_user_agent': 'me', 'grpc.max_send_message_length': undefined }
    expect(resolveOptions({ channelOptions }, {}).channelOptions).toEqual({ 'grpc.primary_user_agent': 'me' })
  })

  it('are taken as they are where they are Options already', () => {
    const options = resolveOptions(GIVEN, {})
    expect(resolveOptions(options, ENVIRONMENT)).toBe(options)
  })

  it('can be copied, without a second look at the environment', () => {
    const options = resolveOptions(undefined, {})
    expect(membersOf(new Options(options, ENVIRONMENT))).toEqual(DEFAULTS)
  })

  it('can be the base of others', () => {
    const options = resolveOptions({ scope: 'tenant' }, ENVIRONMENT)
    expect(membersOf(resolveOptions({ ...membersOf(options), address: 'other:1' }, {}))).toEqual({
      ...membersOf(options),
      address: 'other:1',
    })
  })

  it('cannot be changed', () => {
    const options = resolveOptions(GIVEN, {})
    expect([options, options.channelOptions, options.tlsOptions].every((each) => Object.isFrozen(each))).toBe(
      true,
    )
    expect(() => Object.assign(options, { address: 'elsewhere:1' })).toThrow(
      wrongArgument('Cannot assign to read only property'),
    )
  })

  it('do not change with what they were made of', () => {
    const channelOptions: Record<string, number> = { 'grpc.keepalive_time_ms': 1 }
    const options = resolveOptions({ channelOptions }, {})
    channelOptions['grpc.keepalive_time_ms'] = 2
    expect(options.channelOptions).toEqual({ 'grpc.keepalive_time_ms': 1 })
  })

  it('print in full, but for the codec, which may know secrets', () => {
    const codec = { ...CODEC, password: 'sesame' }
    const logger = { ...console, password: 'sesame' }
    const options = resolveOptions({ codec, logger, format: 'pof', scope: 'tenant' }, {})
    expect(JSON.parse(JSON.stringify(options))).toEqual({
      address: 'localhost:1408',
      requestTimeoutSeconds: 30,
      disconnectTimeoutSeconds: 'Infinity',
      heartbeatSeconds: 10,
      scope: 'tenant',
      format: 'pof',
      codec: '(codec)',
      allowInsecureAuth: false,
      metadata: {},
      maxPendingCalls: 100_000,
      maxPendingBytes: 268_435_456,
      retry: { attempts: 'Infinity', backoff: { initialSeconds: 0.1, maxSeconds: 3 } },
      logger: '(logger)',
      identity: IDENTITY,
      channelOptions: {},
      transport: 'http2',
      tlsOptions: { enabled: false },
      maxRequestBytes: 4_194_304,
    })
    expect(inspect(options)).toContain("scope: 'tenant'")
    expect(`${inspect(options, { depth: 10, showHidden: true })}${String(options)}`).not.toContain('sesame')
  })
})

describe('the environment', () => {
  it.each([
    ['COHERENCE_SERVER_ADDRESS', 'address', 'from.environment:1'],
    ['COHERENCE_CLIENT_REQUEST_TIMEOUT', 'requestTimeoutSeconds', 2.5],
    ['COHERENCE_READY_TIMEOUT', 'readyTimeoutSeconds', 3],
    ['COHERENCE_SESSION_DISCONNECT_TIMEOUT', 'disconnectTimeoutSeconds', 3600],
  ] as const)('%s stands in for %s', (variableName, option, value) => {
    const environment = { [variableName]: ENVIRONMENT[variableName] }
    expect(membersOf(resolveOptions({}, environment))).toEqual({ ...DEFAULTS, [option]: value })
  })

  it('is that of the process, as it is when the options are made', () => {
    const before = process.env['COHERENCE_SERVER_ADDRESS']
    try {
      process.env['COHERENCE_SERVER_ADDRESS'] = 'from.process:1'
      expect(new Options().address).toBe('from.process:1')
    } finally {
      if (before === undefined) delete process.env['COHERENCE_SERVER_ADDRESS']
      else process.env['COHERENCE_SERVER_ADDRESS'] = before
    }
  })

  it('gives way to options', () => {
    const { address, requestTimeoutSeconds, readyTimeoutSeconds, disconnectTimeoutSeconds } = GIVEN
    const given = { address, requestTimeoutSeconds, readyTimeoutSeconds, disconnectTimeoutSeconds }
    expect(resolveOptions(given, ENVIRONMENT)).toMatchObject(given)
  })

  it('is not looked at where an option is passed', () => {
    const wrong = Object.fromEntries(Object.keys(ENVIRONMENT).map((variableName) => [variableName, 'wrong']))
    expect(membersOf(resolveOptions(GIVEN, wrong))).toEqual(membersOf(resolveOptions(GIVEN, {})))
  })

  it('counts a variable that is empty as unset', () => {
    const empty = Object.fromEntries(Object.keys(ENVIRONMENT).map((variableName) => [variableName, '']))
    expect(membersOf(resolveOptions({}, empty))).toEqual(DEFAULTS)
  })

  it.each([['0'], ['0.0']])('may say that a call waits for no connection: %s', (text) => {
    expect(resolveOptions({}, { COHERENCE_READY_TIMEOUT: text }).readyTimeoutSeconds).toBe(0)
  })

  describe.each([
    ['COHERENCE_CLIENT_REQUEST_TIMEOUT', 'requestTimeoutSeconds'],
    ['COHERENCE_READY_TIMEOUT', 'readyTimeoutSeconds'],
    ['COHERENCE_SESSION_DISCONNECT_TIMEOUT', 'disconnectTimeoutSeconds'],
  ] as const)('%s', (variableName, option) => {
    it.each([
      ['1000', '1'],
      ['1500', '1.5'],
      ['2000', '2'],
      ['2500', '2.5'],
      ['3000', '3'],
      ['3500', '3.5'],
      ['3601', '3.601'],
      ['5000', '5'],
      ['10000', '10'],
      ['30000', '30'],
      ['60000', '60'],
    ])('of %s is taken for milliseconds and refused', (text, seconds) => {
      expect(issuesOf({}, { [variableName]: text })).toEqual([
        {
          option: variableName,
          message: `${variableName} is '${text}'; it is in seconds, and ${text} looks like milliseconds, as which other clients read it; write ${seconds} for those, or give the option ${option} where you mean ${text} seconds`,
        },
      ])
    })

    it.each([
      '0.25',
      '1',
      '1.5',
      '10',
      '30',
      '60',
      '90',
      '120',
      '300',
      '500',
      '600',
      '900',
      '1200',
      '1800',
      '2700',
      '3600',
    ])('of %s is seconds', (text) => {
      expect(resolveOptions({}, { [variableName]: text })[option]).toBe(Number(text))
    })

    it('may be longer as an option', () => {
      expect(resolveOptions({ [option]: 1_000 }, { [variableName]: '30000' })[option]).toBe(1_000)
    })
  })

  it.each(['ten', '-1', '1e3', '0x10', 'NaN', 'Infinity', '1,5', '10s', ' '])(
    'holds no duration %j',
    (text) => {
      expect(issuesOf({}, { COHERENCE_READY_TIMEOUT: text })).toEqual([
        {
          option: 'COHERENCE_READY_TIMEOUT',
          message: `COHERENCE_READY_TIMEOUT is '${text}'; it must be a number of seconds, 0 or more`,
        },
      ])
    },
  )

  it.each(['COHERENCE_CLIENT_REQUEST_TIMEOUT', 'COHERENCE_SESSION_DISCONNECT_TIMEOUT'])(
    '%s is above 0',
    (variableName) => {
      expect(issuesOf({}, { [variableName]: '0' })).toEqual([
        { option: variableName, message: `${variableName} is '0'; it must be a number of seconds, above 0` },
      ])
    },
  )

  it('takes the names of the client from the environment, and those of the options before them', () => {
    const variables = { COHERENCE_CLUSTER: 'c', COHERENCE_RACK: 'r', COHERENCE_SITE: 's' }
    const identity = { siteName: 'mine', rackName: undefined }
    expect(new Options({ identity }, variables).identity).toEqual({
      ...IDENTITY,
      clusterName: 'c',
      rackName: 'r',
      siteName: 'mine',
    })
  })

  it('has a longest wait that is not shorter than the first one', () => {
    expect(new Options({ retry: { backoff: { initialSeconds: 5 } } }, {}).retry).toEqual({
      attempts: Infinity,
      backoff: { initialSeconds: 5, maxSeconds: 5 },
    })
  })

  it('has several addresses, of which it holds a copy', () => {
    const address = ['a:1', '[::1]:2', 'coherence:///grid']
    const options = new Options({ address })
    address.push('wrong')
    expect(options.address).toEqual(['a:1', '[::1]:2', 'coherence:///grid'])
    expect(Object.isFrozen(options.address)).toBe(true)
    expect(new Options({}, { COHERENCE_SERVER_ADDRESS: 'a:1, b:2' }).address).toEqual(['a:1', 'b:2'])
    expect(new Options({}, { COHERENCE_SERVER_ADDRESS: 'ipv4:1.1.1.1:1,1.1.1.2:1' }).address).toBe(
      'ipv4:1.1.1.1:1,1.1.1.2:1',
    )
  })

  it('names the members of an option that are wrong', () => {
    const input = {
      retry: { attempts: 0, backof: {}, backoff: { maxSeconds: 0 } },
      identity: { roleName: 1, name: 'me' },
    }
    expect(issuesOf(input).map(({ message }) => message)).toEqual([
      'retry.attempts is 0; it must be a whole number of 1 or more, or Infinity',
      'retry.backof is an object; there is no such member; the members are attempts and backoff',
      'retry.backoff is an object; its waits must be numbers of seconds above 0',
      'identity.roleName is 1; it must be a string',
      "identity.name is 'me'; it is not a name; the names are clusterName, machineName, memberName, processName, rackName, roleName, siteName",
    ])
    for (const backoff of [5, { first: 1 }]) {
      expect(issuesOf({ retry: { backoff } })[0]?.message).toMatch(
        / it must be an object with initialSeconds and maxSeconds$/,
      )
    }
  })

  it('names each of several addresses that is none', () => {
    expect(issuesOf({ address: ['a:1', 'b', 7] })).toEqual([
      { option: 'address.1', message: "address.1 is 'b'; it names no port, as in 'b:1408'" },
      {
        option: 'address.2',
        message: "address.2 is 7; it must be a string such as 'localhost:1408', or an array of them",
      },
    ])
    const variables = { COHERENCE_SERVER_ADDRESS: 'a:1,,b' }
    expect(issuesOf({}, variables).map(({ message }) => message)).toEqual([
      "COHERENCE_SERVER_ADDRESS is ''; it is empty; it must be 'host:port', '[IPv6 address]:port' or a gRPC target such as 'dns:///host:port'",
      "COHERENCE_SERVER_ADDRESS is 'b'; it names no port, as in 'b:1408'",
    ])
  })

  it('sends credentials to several servers only if all are on this machine', () => {
    const auth = { token: 'from-the-tests' }
    expect(new Options({ auth, address: ['localhost:1', '127.0.0.2:1'] }).address).toHaveLength(2)
    for (const address of [['localhost:1', 'grid:1'], 'coherence:///localhost']) {
      expect(issuesOf({ auth, address })[0]?.message).toContain(
        'without TLS, for everybody on the way to read',
      )
    }
  })

  it('holds no address that is none', () => {
    expect(issuesOf({}, { COHERENCE_SERVER_ADDRESS: 'localhost' })).toEqual([
      {
        option: 'COHERENCE_SERVER_ADDRESS',
        message: "COHERENCE_SERVER_ADDRESS is 'localhost'; it names no port, as in 'localhost:1408'",
      },
    ])
  })
})

describe('wrong options', () => {
  it.each([
    ['a string', 'localhost:1408', "'localhost:1408'"],
    ['a number', 1408, '1408'],
    ['null', null, 'null'],
    ['an array', ['localhost:1408'], 'an array'],
    ['a function', () => ({}), 'a function'],
    ['a promise', Promise.resolve({}), 'an object'],
    ['a Map', new Map([['address', 'localhost:1408']]), 'an object'],
  ])('%s is refused', (_, input, shown) => {
    expect(issuesOf(input)).toEqual([
      { option: 'options', message: `the options are ${shown}; they must be a plain object` },
    ])
  })

  it.each([
    ['address', 1408, "address is 1408; it must be a string such as 'localhost:1408', or an array of them"],
    ['address', [], "address is an array; it must be a string such as 'localhost:1408', or an array of them"],
    ['address', 'localhost', "address is 'localhost'; it names no port, as in 'localhost:1408'"],
    ['requestTimeoutSeconds', 0, 'requestTimeoutSeconds is 0; it must be a number of seconds, above 0'],
    ['requestTimeoutSeconds', -0, 'requestTimeoutSeconds is -0; it must be a number of seconds, above 0'],
    ['requestTimeoutSeconds', -1, 'requestTimeoutSeconds is -1; it must be a number of seconds, above 0'],
    ['requestTimeoutSeconds', NaN, 'requestTimeoutSeconds is NaN; it must be a number of seconds, above 0'],
    ['requestTimeoutSeconds', '30', "requestTimeoutSeconds is '30'; it must be a number of seconds, above 0"],
    ['requestTimeoutSeconds', 30n, 'requestTimeoutSeconds is 30n; it must be a number of seconds, above 0'],
    ['requestTimeoutSeconds', null, 'requestTimeoutSeconds is null; it must be a number of seconds, above 0'],
    ['readyTimeoutSeconds', -1, 'readyTimeoutSeconds is -1; it must be a number of seconds, 0 or more'],
    ['readyTimeoutSeconds', NaN, 'readyTimeoutSeconds is NaN; it must be a number of seconds, 0 or more'],
    ['disconnectTimeoutSeconds', 0, 'disconnectTimeoutSeconds is 0; it must be a number of seconds, above 0'],
    [
      'disconnectTimeoutSeconds',
      -Infinity,
      'disconnectTimeoutSeconds is -Infinity; it must be a number of seconds, above 0',
    ],
    ['maxPendingCalls', 0, 'maxPendingCalls is 0; it must be a whole number of 1 or more, or Infinity'],
    ['maxPendingBytes', 1.5, 'maxPendingBytes is 1.5; it must be a whole number of 1 or more, or Infinity'],
    [
      'logger',
      'console',
      "logger is 'console'; it must have the functions debug, info, warn and error, as console has",
    ],
    [
      'logger',
      { info: () => undefined },
      'logger is an object; it must have the functions debug, info, warn and error, as console has',
    ],
    ['retry', 3, 'retry is 3; it must be an object with attempts and backoff'],
    ['identity', 'orders', "identity is 'orders'; it must be an object with names"],
    ['scope', 1, 'scope is 1; it must be a string'],
    ['format', 1, "format is 1; it must be the name of a serializer, such as 'json'"],
    ['format', '', "format is ''; it must be the name of a serializer, such as 'json'"],
    ['format', 'pof', "format is 'pof'; this library encodes only 'json' by itself; give a codec too"],
    ['codec', 'json', "codec is 'json'; it must be an object with the functions encode and decode"],
    [
      'codec',
      { encode: CODEC.encode },
      'codec is an object; it must be an object with the functions encode and decode',
    ],
    [
      'channelOptions',
      'grpc.a',
      "channelOptions is 'grpc.a'; it must be an object with gRPC channel options",
    ],
    ['channelOptions', [], 'channelOptions is an array; it must be an object with gRPC channel options'],
    ['tlsOptions', true, 'tlsOptions is true; it must be a plain object or TlsOptions'],
    ['tlsOptions', null, 'tlsOptions is null; it must be a plain object or TlsOptions'],
    ['maxRequestBytes', 0, 'maxRequestBytes is 0; it must be a whole number of bytes from 1 to 2147483647'],
    [
      'maxRequestBytes',
      1.5,
      'maxRequestBytes is 1.5; it must be a whole number of bytes from 1 to 2147483647',
    ],
    [
      'maxRequestBytes',
      Infinity,
      'maxRequestBytes is Infinity; it must be a whole number of bytes from 1 to 2147483647',
    ],
    [
      'maxRequestBytes',
      '4MB',
      "maxRequestBytes is '4MB'; it must be a whole number of bytes from 1 to 2147483647",
    ],
  ])('%s cannot be %p', (option, value, message) => {
    expect(issuesOf({ [option]: value })).toEqual([{ option, message }])
  })

  it.each(['h2', 1, null])('transport %p', (transport) => {
    expect(issuesOf({ transport }).map(({ option }) => option)).toEqual(['transport'])
  })

  it.each([
    [
      'keepalive',
      1,
      "channelOptions.keepalive is 1; names of channel options begin with 'grpc.' or 'grpc-node.'",
    ],
    ['grpc.x', {}, 'channelOptions.grpc.x is an object; it must be a string, a number or a boolean'],
    ['grpc.x', null, 'channelOptions.grpc.x is null; it must be a string, a number or a boolean'],
    ['grpc.x', NaN, 'channelOptions.grpc.x is NaN; it must be a string, a number or a boolean'],
  ])('the channel option %s cannot be %p', (key, value, message) => {
    expect(issuesOf({ channelOptions: { [key]: value } })).toEqual([
      { option: `channelOptions.${key}`, message },
    ])
  })

  it.each([
    ['adress', "'adress' is not an option; did you mean 'address'?"],
    [
      'requestTimeoutSecond',
      "'requestTimeoutSecond' is not an option; did you mean 'requestTimeoutSeconds'?",
    ],
    ['Scope', "'Scope' is not an option; did you mean 'scope'?"],
    ['tls', "'tls' is not an option; did you mean 'tlsOptions'?"],
    [
      'requestTimeoutInMillis',
      "'requestTimeoutInMillis' is not an option; use 'requestTimeoutSeconds', in seconds",
    ],
    ['callOptions', "'callOptions' is not an option"],
    ['constructor', "'constructor' is not an option"],
    ['colour', "'colour' is not an option"],
  ])('%s is unknown', (key, message) => {
    expect(issuesOf({ [key]: 'sesame' })).toEqual([{ option: key, message }])
  })

  it('are reported all at once, in the order of the options, with variables where their options stand', () => {
    const input = {
      colour: 1,
      tlsOptions: { enabled: 'yes', color: 1 },
      format: 'pof',
      address: 'localhost',
      scope: 1,
    }
    const environment = { COHERENCE_READY_TIMEOUT: 'soon', COHERENCE_TLS_CERTS_PATH: ' ' }
    expect(issuesOf(input, environment).map(({ option }) => option)).toEqual([
      'address',
      'COHERENCE_READY_TIMEOUT',
      'scope',
      'format',
      'tlsOptions.enabled',
      'tlsOptions.color',
      'COHERENCE_TLS_CERTS_PATH',
      'colour',
    ])
  })

  it('are one error, whose message has every issue', () => {
    expect(() => resolveOptions({ scope: 1, maxRequestBytes: 0 }, {})).toThrow(
      'Invalid options: scope is 1; it must be a string; ' +
        'maxRequestBytes is 0; it must be a whole number of bytes from 1 to 2147483647',
    )
  })

  it('are refused by the constructor too', () => {
    expect(() => new Options({ address: 'localhost' })).toThrow(InvalidOptionsError)
  })

  it('are reported without passwords in addresses, and cut short', () => {
    expect(issuesOf({ address: 'http://me:sesame@host:1' })[0]?.message).toContain(
      "address is 'http://***@host:1'; ",
    )
    expect(issuesOf({ address: 'x'.repeat(1_000) })[0]?.message).toContain(
      `address is '${'x'.repeat(80)}...'; `,
    )
  })
})

function membersOf(options: Options): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options))
}

function issuesOf(input: unknown, environment = {}): readonly OptionIssue[] {
  return thrown(InvalidOptionsError, () => resolveOptions(input, environment)).issues
}
