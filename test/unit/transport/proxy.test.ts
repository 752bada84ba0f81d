// Which proxy the environment names, and for which hosts.
import { isExempt, proxyFor } from '../../../src/transport/http2/dial/proxy'
import { type ProxyVariables, setProxyVariables } from '../../support/proxy-variables'

const SERVER = { host: 'db.example.com', port: 1408 }

afterEach(() => {
  setProxyVariables()
})

function nameOf(variables: ProxyVariables): string | undefined {
  setProxyVariables(variables)
  return proxyFor(SERVER)?.name
}

it.each<[ProxyVariables, string | undefined]>([
  [{}, undefined],
  [{ http_proxy: 'http://c:3' }, 'c:3'],
  [{ https_proxy: 'http://b:2', http_proxy: 'http://c:3' }, 'b:2'],
  [{ grpc_proxy: 'http://a:1', https_proxy: 'http://b:2', http_proxy: 'http://c:3' }, 'a:1'],
  [{ grpc_proxy: '', http_proxy: 'http://c:3' }, 'c:3'],
  [{ http_proxy: 'http://c:3', no_proxy: 'db.example.com' }, undefined],
  [{ http_proxy: 'http://c:3', no_grpc_proxy: 'db.example.com' }, undefined],
  [{ http_proxy: 'http://c:3', no_grpc_proxy: 'other', no_proxy: 'db.example.com' }, 'c:3'],
  [{ http_proxy: 'http://c:3', no_grpc_proxy: '', no_proxy: 'db.example.com' }, undefined],
])('the variables %j name the proxy %s', (variables, name) => {
  expect(nameOf(variables)).toBe(name)
})

it.each([
  ['http://proxy', 'proxy', 80, undefined],
  ['http://proxy/', 'proxy', 80, undefined],
  ['http://10.0.0.1:3128', '10.0.0.1', 3128, undefined],
  ['http://[::1]:3128', '::1', 3128, undefined],
  ['proxy:3128', 'proxy', 3128, undefined],
  ['ada:secret@proxy:3128', 'proxy', 3128, 'ada:secret'],
  ['http://ada:se%40cret@proxy', 'proxy', 80, 'ada:se@cret'],
  ['http://ada:100%@proxy', 'proxy', 80, 'ada:100%'],
  ['http://ada@proxy', 'proxy', 80, 'ada:'],
])('the URL %s has host, port and credentials', (url, host, port, credentials) => {
  setProxyVariables({ http_proxy: url })
  const authorization =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
  expect(proxyFor(SERVER)).toMatchObject({ host, port, authorization })
})

it.each([
  ['socks5://ada:secret@proxy:1', "names a proxy for 'socks5:', which is not supported"],
  ['https://ada:secret@proxy:1', "names a proxy for 'https:', which is not supported"],
  ['http://ada:secret@proxy:port', 'is no URL'],
])('%s is refused without its password', (url, problem) => {
  setProxyVariables({ https_proxy: url })
  expect(() => proxyFor(SERVER)).toThrow(
    new TypeError(
      `The environment variable https_proxy ${problem}: it has to be 'http://host:port', ` +
        "or the channel option 'grpc.enable_http_proxy' 0",
    ),
  )
})

it.each([
  ['db.example.com', '*', true],
  ['db.example.com', 'db.example.com', true],
  ['DB.example.com', 'db.EXAMPLE.com', true],
  ['db.example.com', 'example.com', true],
  ['db.example.com', '.example.com', true],
  ['db.example.com', '*.example.com', true],
  ['db.example.com', 'other, example.com', true],
  ['db.example.com', 'example.com:1408', true],
  ['db.example.com', 'example.com:443', false],
  ['db.example.com', 'ample.com', false],
  ['db.example.com', 'b.example.com', false],
  ['db.example.com', '', false],
  ['db.example.com', ',', false],
  ['db.example.com', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '2.3', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['10.1.2.3', '10.1.2.3:1408', true],
  ['10.1.2.3', '11.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/x', false],
  ['10.1.2.3', '10.0.0.0/33', false],
  ['10.1.2.3', '::/0', false],
  ['::1', '::1', true],
  ['::1', '[::1]', true],
  ['::1', '[0:0::1]:1408', true],
  ['fd00::7', 'fd00::/8', true],
  ['fe80::7', 'fd00::/8', false],
  ['localhost', 'localhost', true],
])('%s is exempt by "%s": %s', (host, list, exempt) => {
  expect(isExempt({ host, port: 1408 }, list)).toBe(exempt)
})
