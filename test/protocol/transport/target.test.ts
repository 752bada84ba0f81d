// What gRPC targets name, and what they do not.
import { parseTarget } from '../../../src/transport/http2/dial/target'
import { wrongArgument } from '../../support/wrong-argument'

describe('a target', () => {
  it.each([
    ['localhost:1408', 'dns:localhost:1408', 'localhost:1408', 'localhost', 1408],
    ['dns:localhost:1408', 'dns:localhost:1408', 'localhost:1408', 'localhost', 1408],
    ['dns:///example.com:4444', 'dns:example.com:4444', 'example.com:4444', 'example.com', 4444],
    ['example.com', 'dns:example.com', 'example.com', 'example.com', 443],
    ['under_score:1', 'dns:under_score:1', 'under_score:1', 'under_score', 1],
  ])('%s names a host to look up', (target, name, authority, host, port) => {
    expect(parseTarget(target)).toEqual({ kind: 'dns', name, authority, host, port })
  })

  it.each([
    ['127.0.0.1:1408', 'dns:127.0.0.1:1408', '127.0.0.1:1408', [['127.0.0.1', 1408]]],
    ['[::1]:1408', 'dns:[::1]:1408', '[::1]:1408', [['::1', 1408]]],
    ['[::1]', 'dns:[::1]', '[::1]', [['::1', 443]]],
    ['::1', 'dns:::1', '::1', [['::1', 443]]],
    ['dns:///[fe80::1]:1', 'dns:[fe80::1]:1', '[fe80::1]:1', [['fe80::1', 1]]],
    ['ipv4:10.0.0.1:1', 'ipv4:10.0.0.1:1', '10.0.0.1:1', [['10.0.0.1', 1]]],
    [
      'ipv4:10.0.0.1:1,10.0.0.2',
      'ipv4:10.0.0.1:1,10.0.0.2',
      '10.0.0.1:1',
      [
        ['10.0.0.1', 1],
        ['10.0.0.2', 443],
      ],
    ],
    [
      'ipv6:[::1]:1,[::2]:2',
      'ipv6:[::1]:1,[::2]:2',
      '[::1]:1',
      [
        ['::1', 1],
        ['::2', 2],
      ],
    ],
  ] as [string, string, string, [string, number][]][])(
    '%s names addresses',
    (target, name, authority, addresses) => {
      expect(parseTarget(target)).toEqual({
        kind: 'fixed',
        name,
        authority,
        host: addresses[0]?.[0],
        addresses: addresses.map(([host, port]) => ({ host, port })),
      })
    },
  )

  it.each([
    ['unix:/run/socket', '/run/socket'],
    ['unix:///run/socket', '/run/socket'],
    ['unix:relative', 'relative'],
  ])('%s names a socket file', (target, path) => {
    expect(parseTarget(target)).toEqual({
      kind: 'fixed',
      name: target,
      authority: 'localhost',
      host: 'localhost',
      addresses: [{ path }],
    })
  })

  it.each([
    '',
    ':1',
    'host:',
    'host:port',
    'host:65536',
    'host:-1',
    'a b:1',
    '[::1',
    '[host]:1',
    'http://host:1',
    'xds:///service',
    'dns://8.8.8.8/host:1',
    'ipv4:host:1',
    'ipv4:[::1]:1',
    'ipv6:127.0.0.1:1',
    'ipv4:',
  ])("'%s' is refused", (target) => {
    expect(() => parseTarget(target)).toThrow(wrongArgument(`Target '${target}' `))
  })
})
