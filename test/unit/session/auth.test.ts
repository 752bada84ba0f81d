// Credentials and metadata: what is taken, what is refused before anything is sent, and that nothing shows them.
import { inspect } from 'node:util'
import { InvalidOptionsError } from '../../../src/errors'
import { credentialsOf, type SessionAuth } from '../../../src/session/options/auth'
import { Options } from '../../../src/session/options/options'
import { thrown } from '../../support/failures'

const SECRET = 'sesame'

function options(more: object): Options {
  return new Options(more, {})
}

function problem(more: object): string {
  return thrown(InvalidOptionsError, () => options(more)).message.replace('Invalid options: ', '')
}

function authorization(auth: SessionAuth): Promise<string> | undefined {
  return credentialsOf(options({ auth }).auth)?.authorization()
}

describe('credentials', () => {
  it.each<[string, SessionAuth, string]>([
    ['a user', { username: 'Aladdin', password: 'open sesame' }, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    [
      'a user beyond ASCII',
      { username: 'Jörg', password: 'ü:' },
      `Basic ${Buffer.from('Jörg:ü:').toString('base64')}`,
    ],
    ['a user without a password', { username: 'ann', password: '' }, 'Basic YW5uOg=='],
    ['a token', { token: 'a.b-c' }, 'Bearer a.b-c'],
    ['a function', () => 'Custom 1', 'Custom 1'],
    ['an asynchronous function', () => Promise.resolve('Custom 2'), 'Custom 2'],
  ])('are sent as a header: %s', async (_what, auth, expected) => {
    expect(await authorization(auth)).toBe(expected)
  })

  it.each<[string, unknown, string]>([
    ['a text', SECRET, 'auth is a string; it must be { username, password }'],
    ['nothing of these', {}, 'it must be { username, password }'],
    ['half a user', { username: SECRET }, 'it must be { username, password }'],
    ['both', { username: SECRET, password: SECRET, token: SECRET }, 'it must be { username, password }'],
    [
      'a user with a colon',
      { username: `${SECRET}:`, password: SECRET },
      'its username must be a text without a colon',
    ],
    ['a password that is none', { username: SECRET, password: 1 }, 'its password must be a text'],
    ['an empty token', { token: '' }, 'its token must be a text of printable ASCII'],
    [
      'a token of two lines',
      { token: `${SECRET}\n${SECRET}` },
      'its token must be a text of printable ASCII',
    ],
  ])('are refused and not shown: %s', (_what, auth, expected) => {
    expect(problem({ auth })).toContain(expected)
    expect(problem({ auth })).not.toContain(SECRET)
  })

  it.each<[string, () => unknown, string]>([
    ['no text', () => 7, 'returned 7'],
    ['a promise of nothing', () => Promise.resolve(undefined), 'returned undefined'],
    ['a text of two lines', () => `${SECRET}\n`, 'returned a text that cannot be a header'],
  ])('are an error where the function returns %s', async (_what, auth, expected) => {
    await expect(authorization(auth as SessionAuth)).rejects.toThrow(expected)
    await expect(authorization(auth as SessionAuth)).rejects.toMatchObject({
      code: 'ERR_COHERENCE_AUTHENTICATION',
    })
  })

  it('are an error where the function fails, with its error as the cause', async () => {
    const cause = new Error('no token today')
    const failing = authorization(() => Promise.reject(cause))
    await expect(failing).rejects.toMatchObject({
      message: 'the function of the option auth failed: no token today',
      cause,
    })
  })
})

describe('metadata', () => {
  it('have no credentials beside those of auth', () => {
    expect(problem({ auth: { token: SECRET }, metadata: { Authorization: SECRET } })).toBe(
      'metadata.Authorization and auth are both given; only one of them may be',
    )
  })

  it.each<[string, object, string]>([
    ['a text', { 'x-tenant': 7 }, 'metadata.x-tenant is 7; it must be a text of printable ASCII'],
    ['one line', { 'x-tenant': `${SECRET}\n` }, 'metadata.x-tenant is a string; it must be a text'],
    ['bytes where the name says so', { 'x-tenant-bin': SECRET }, 'needs bytes, as a Buffer'],
    ['a name of a header', { 'x tenant': SECRET }, 'a name may have letters'],
    ['no header of gRPC', { 'grpc-timeout': '1S' }, 'gRPC sets this header itself'],
    ['no header of HTTP', { TE: 'x' }, 'gRPC sets this header itself'],
  ])('has to have %s', (_what, metadata, expected) => {
    expect(problem({ metadata })).toContain(expected)
    expect(problem({ metadata })).not.toContain(SECRET)
  })

  it('takes texts, bytes and several of them', () => {
    const metadata = { 'x-tenant': 'acme', 'x-roles': ['a', 'b'], 'x-trace-bin': Buffer.from([0, 255]) }
    expect(options({ metadata }).metadata).toEqual(metadata)
  })
})

describe('without TLS', () => {
  const auth = { token: SECRET }

  it.each([
    ...['localhost:1408', 'LOCALHOST:1408', 'db.localhost:1408', '127.0.0.1:1', '127.8.9.10:1', '[::1]:1'],
    ...['unix:/tmp/socket', 'dns:///localhost:1', 'ipv4:127.0.0.1:1,127.0.0.2:1', 'ipv6:[::1]:1'],
  ])('credentials are sent to this machine: %s', (address) => {
    expect(options({ address, auth }).auth?.kind).toBe('token')
  })

  it.each([
    ...['example.com:1408', 'localhost.example.com:1', '128.0.0.1:1', '[::2]:1', '0.0.0.0:1'],
    ...['dns:///example.com:1', 'dns://127.0.0.1/example.com:1', 'ipv4:127.0.0.1:1,10.0.0.1:1'],
  ])('credentials are not sent to another one: %s', (address) => {
    const message = `auth would be sent to ${address} without TLS`
    expect(problem({ address, auth })).toContain(message)
    expect(problem({ address, metadata: { Authorization: SECRET } })).toContain(
      'metadata.Authorization would be sent',
    )
    expect(options({ address, auth, allowInsecureAuth: true }).auth?.kind).toBe('token')
    expect(options({ address, auth, tlsOptions: { enabled: true } }).auth?.kind).toBe('token')
    expect(options({ address, metadata: { 'x-tenant': 'acme' } }).metadata).toEqual({ 'x-tenant': 'acme' })
  })
})

describe('no secret is shown', () => {
  const secret = options({
    auth: { username: 'ann', password: SECRET },
    metadata: { 'x-api-key': SECRET },
    tlsOptions: { clientKeyPassphrase: SECRET, enabled: false },
  })
  const encoded = Buffer.from(`ann:${SECRET}`).toString('base64')

  it.each<[string, (shown: unknown) => string]>([
    ['inspect', (shown) => inspect(shown, { depth: 9 })],
    ['inspect of what is hidden', (shown) => inspect(shown, { depth: 9, showHidden: true })],
    ['JSON', (shown) => JSON.stringify(shown)],
    ['text', (shown) => String(shown)],
  ])('by %s', (_what, print) => {
    const headers = options({ metadata: { authorization: SECRET } })
    for (const shown of [secret, secret.auth, secret.tlsOptions, { nested: secret }, headers]) {
      expect(print(shown)).not.toContain(SECRET)
      expect(print(shown)).not.toContain(encoded)
    }
  })

  it('and another session can have the options', () => {
    expect(new Options(secret)).toEqual(secret)
    const copied = Object.fromEntries(Object.entries(secret))
    expect(options({ ...copied, scope: 'other' }).auth).toBe(secret.auth)
  })
})
