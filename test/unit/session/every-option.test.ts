// Every option of a session, and each member of those that are objects, with a value of every kind: what is wrong is refused
// with the name of the option, and the message says what is wanted.
import { InvalidOptionsError, type OptionIssue } from '../../../src/errors'
import { Options } from '../../../src/session/options/options'
import { OPTION_NAMES, type SessionOptions } from '../../../src/session/options/options-schema'
import type { SessionTlsOptions } from '../../../src/session/options/tls-options-schema'
import { TlsOptions } from '../../../src/session/options/tls-options'
import { HTTP2_CHANNEL_OPTIONS } from '../../../src/transport/http2/channel-options'
import {
  EMPTY_OPTIONS,
  FLAGS,
  FUNCTIONS,
  NAMES,
  NUMBERS,
  type ValueName,
  VALUES,
} from '../../support/wrong-values'

/** The kinds of values that an option takes; `undefined` is for one that is left out. */
type Takes = readonly ValueName[]

const SECONDS: Takes = ['the number 5', 'a fraction', 'Infinity']
const SECONDS_OR_NONE: Takes = [...SECONDS, 'the number 0']
const COUNT: Takes = ['the number 5', 'Infinity']
const TEXT: Takes = ['a text', 'an empty text']

const TAKES: Readonly<Record<keyof Required<SessionOptions>, Takes>> = {
  address: [],
  requestTimeoutSeconds: SECONDS,
  readyTimeoutSeconds: SECONDS_OR_NONE,
  disconnectTimeoutSeconds: SECONDS,
  heartbeatSeconds: SECONDS_OR_NONE,
  scope: TEXT,
  format: [],
  codec: [],
  auth: FUNCTIONS,
  allowInsecureAuth: FLAGS,
  metadata: EMPTY_OPTIONS,
  maxPendingCalls: COUNT,
  maxPendingBytes: COUNT,
  retry: EMPTY_OPTIONS,
  logger: [],
  identity: EMPTY_OPTIONS,
  channelOptions: EMPTY_OPTIONS,
  transport: [],
  tlsOptions: EMPTY_OPTIONS,
  maxRequestBytes: ['the number 5'],
}

const TLS_TAKES: Readonly<Record<keyof Required<SessionTlsOptions>, Takes>> = {
  enabled: FLAGS,
  caCertPath: ['a text'],
  clientCertPath: ['a text'],
  clientKeyPath: ['a text'],
  caCert: [],
  clientCert: [],
  clientKey: [],
  clientKeyPassphrase: ['a text'],
}

interface Member {
  /** As the error names it. */
  readonly path: string
  readonly takes: Takes
  readonly options: (value: unknown) => object
}

const NAMES_OF_CLIENT = [
  'clusterName',
  'machineName',
  'memberName',
  'processName',
  'rackName',
  'roleName',
  'siteName',
]
const WAIT: Takes = ['undefined', 'the number 5', 'a fraction']

const CHANNEL_TEXTS = [
  'grpc.default_authority',
  'grpc.ssl_target_name_override',
  'grpc.primary_user_agent',
  'grpc.secondary_user_agent',
]

function takesOf(channelOptionName: string): Takes {
  if (CHANNEL_TEXTS.includes(channelOptionName)) return TEXT
  return channelOptionName === 'grpc-node.flow_control_window' ? ['the number 5'] : [...NUMBERS, 'Infinity']
}

function channelOption(name: string, takes: Takes): Member {
  return {
    path: `channelOptions.${name}`,
    takes: ['undefined', ...takes],
    options: (value) => ({ channelOptions: { [name]: value } }),
  }
}

const MEMBERS: readonly Member[] = [
  {
    path: 'retry.attempts',
    takes: ['undefined', ...COUNT],
    options: (attempts) => ({ retry: { attempts } }),
  },
  {
    path: 'retry.backoff',
    takes: ['undefined', ...EMPTY_OPTIONS],
    options: (backoff) => ({ retry: { backoff } }),
  },
  ...['initialSeconds', 'maxSeconds'].map((name): Member => ({
    path: 'retry.backoff',
    takes: WAIT,
    options: (value) => ({ retry: { backoff: { [name]: value } } }),
  })),
  ...NAMES_OF_CLIENT.map((name): Member => ({
    path: `identity.${name}`,
    takes: ['undefined', ...TEXT],
    options: (value) => ({ identity: { [name]: value } }),
  })),
  ...[...HTTP2_CHANNEL_OPTIONS].map((name) => channelOption(name, takesOf(name))),
  channelOption('grpc.lb_policy_name', [...NUMBERS, 'Infinity', ...TEXT, ...FLAGS]),
  { path: 'address.0', takes: [], options: (value) => ({ address: [value] }) },
]

/** What is wrong with these options; none if they are taken. */
function issuesOf(make: () => unknown): readonly OptionIssue[] {
  try {
    make()
    return []
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.issues
    throw error
  }
}

/** The kinds of values that are taken, or are refused without the name of the option, or without what is wanted. */
function oddOnes(path: string, takes: Takes, make: (value: unknown) => unknown): object {
  const odd: Record<string, readonly OptionIssue[]> = {}
  for (const name of NAMES) {
    const issues = issuesOf(() => make(VALUES[name]))
    const isRefused =
      issues.length > 0 &&
      issues.every(({ option, message }) => option.startsWith(path) && /; |is not an option$/.test(message))
    if (takes.includes(name) ? issues.length > 0 : !isRefused) odd[name] = issues
  }
  return odd
}

describe('a wrong value', () => {
  it('is looked for in every option', () => {
    expect(Object.keys(TAKES).sort()).toEqual([...OPTION_NAMES].sort())
  })

  it.each(Object.entries(TAKES))('is refused with the name of the option: %s', (name, takes) => {
    expect(oddOnes(name, ['undefined', ...takes], (value) => new Options({ [name]: value }, {}))).toEqual({})
  })

  it('is looked for in every option of TLS', () => {
    const names = [new TlsOptions({}, {}), TlsOptions.prototype].flatMap((object) =>
      Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(([name, { value }]) =>
        typeof value === 'function' ? [] : [name],
      ),
    )

    expect(Object.keys(TLS_TAKES).sort()).toEqual(names.sort())
  })

  it.each(Object.entries(TLS_TAKES))(
    'is refused with the name of the option: tlsOptions.%s',
    (name, takes) => {
      // A certificate and its key go together.
      const other = { clientCertPath: 'clientKeyPath', clientKeyPath: 'clientCertPath' }[name]
      const optionsWith = (value: unknown): object => ({
        ...(other !== undefined && value !== undefined ? { [other]: 'other.pem' } : {}),
        [name]: value,
      })

      expect(
        oddOnes(
          `tlsOptions.${name}`,
          ['undefined', ...takes],
          (value) => new TlsOptions(optionsWith(value), {}),
        ),
      ).toEqual({})
    },
  )

  it.each(MEMBERS)('is refused with the name of the member: $path', ({ path, takes, options }) => {
    expect(oddOnes(path, takes, (value) => new Options(options(value), {}))).toEqual({})
  })
})
