import { channelTarget, namesDnsServer, parseAddress } from '../../../src/transport/address'
import { wrongArgument } from '../../support/wrong-argument'

describe('parseAddress', () => {
  it.each([
    ['localhost:1408', 'localhost', 1408],
    ['example.com:1', 'example.com', 1],
    ['10.0.0.7:65535', '10.0.0.7', 65535],
    ['[::1]:1408', '::1', 1408],
    ['[fe80::1%eth0]:1408', 'fe80::1%eth0', 1408],
    ['coherence:1408', 'coherence', 1408],
    ['my_service-1:4444', 'my_service-1', 4444],
    ['münchen.example:1408', 'xn--mnchen-3ya.example', 1408],
  ])('takes %s for a host and a port', (address, host, port) => {
    expect(parseAddress(address)).toEqual({ kind: 'host', host, port })
  })

  it.each([
    'dns:///example.com:1408',
    'dns:example.com:1408',
    'dns://10.0.0.1/example.com:1408',
    'dns://10.0.0.1:53/example.com:1408',
    'dns://[::1]:53/example.com:1408',
    'ipv4:1.2.3.4:1408',
    'ipv4:1.2.3.4:1408,1.2.3.5:1408',
    'ipv6:[::1]:1408',
    'unix:/run/coherence.sock',
    'unix:///run/coherence.sock',
    'unix:coherence.sock',
  ])('takes %s for a gRPC target', (address) => {
    expect(parseAddress(address)).toEqual({ kind: 'target', target: address })
  })

  it.each([
    ['', 'it is empty'],
    [' ', 'white space'],
    ['localhost: 1408', 'white space'],
    ['localhost:1408\n', 'white space'],
    ['localhost', "it names no port, as in 'localhost:1408'"],
    ['coherence', "it names no port, as in 'coherence:1408'"],
    ['localhost:', "it names no port, as in 'localhost:1408'"],
    ['[::1]', "it names no port, as in '[::1]:1408'"],
    [':1408', 'it names no host'],
    ['localhost:801a', "its port is '801a', which is not a number from 1 to 65535"],
    ['localhost:0', "its port is '0'"],
    ['localhost:-1', "its port is '-1'"],
    ['localhost:65536', "its port is '65536'"],
    ['localhost:800000', "its port is '800000'"],
    ['localhost:8000:', "its port is '8000:'"],
    ['localhost:1408/', "its port is '1408/'"],
    ['::1', "an IPv6 address needs brackets and a port, as in '[::1]:1408'"],
    ['[localhost]:1408', "'localhost' is not an IPv6 address"],
    ['256.0.0.1:1408', "'256.0.0.1' is not an IPv4 address"],
    ['99999:1408', "'99999' is not an IPv4 address"],
    ['user@host:1408', "'user@host' is not a host"],
    ['a:1,b:2', "several addresses are written as an array, as in ['a:1408', 'b:1408']"],
    ['http://host:1', "'http:' is not a known scheme"],
    ['xds:///service', "'xds:' is not a known scheme"],
    ['coherence:/', "a name service is written 'coherence:///host'"],
    ['coherence://', "a name service is written 'coherence:///host'"],
    ['coherence://localhost', "a name service is written 'coherence:///host'"],
    ['coherence:///localhost/', "its cluster is ''"],
    ['coherence:///localhost/a/b', "its cluster is 'a/b'"],
    ['coherence:///localhost/%', "its cluster is '%'"],
    ['coherence:///localhost:0', "its port is '0'"],
    ['coherence:///::1', 'an IPv6 address needs brackets'],
    ['dns:///example.com', "it names no port, as in 'example.com:1408'"],
    ['dns://example.com:1408', "a DNS target is written 'dns:///host:port'"],
    ['dns://name-server/example.com:1408', "'name-server' is not the IP address of a name server"],
    ['dns:', 'it names no host'],
    ['ipv4:localhost:1408', "'localhost' is not an IPv4 address"],
    ['ipv4:1.2.3.4:1408,::1', 'an IPv6 address needs brackets'],
    ['ipv6:1.2.3.4:1408', "'1.2.3.4' is not an IPv6 address"],
    ['unix:', "a Unix domain socket is written 'unix:/path'"],
    ['unix://host/socket', "a Unix domain socket is written 'unix:/path'"],
  ])('refuses %j: %s', (address, reason) => {
    expect(parseAddress(address)).toEqual({
      kind: 'invalid',
      reason: expect.stringContaining(reason) as string,
    })
  })
})

describe('parseAddress finds name services:', () => {
  it.each([
    ['coherence:///localhost', 'localhost', 7574, undefined],
    ['coherence:///10.0.0.7:7575', '10.0.0.7', 7575, undefined],
    ['COHERENCE:///[::1]', '::1', 7574, undefined],
    ['coherence:///[::1]:7575/storage', '::1', 7575, 'storage'],
    ['coherence:///grid.example.com/my%20cluster', 'grid.example.com', 7574, 'my cluster'],
  ])('%s', (address, host, port, cluster) => {
    const found = { kind: 'name-service', host, port, cluster }
    expect(parseAddress(address)).toEqual(found)
    expect(channelTarget(address)).toEqual(found)
  })
})

it.each([
  ['dns://10.0.0.1/host:1408', true],
  ['dns:///host:1408', false],
  ['dns:host:1408', false],
  ['unix:///run/socket', false],
])('%s names a DNS server: %s', (target, expected) => {
  expect(namesDnsServer(target)).toBe(expected)
})

describe('channelTarget', () => {
  it.each([
    ['localhost:1408', 'dns:///localhost:1408'],
    ['coherence:1408', 'dns:///coherence:1408'],
    ['10.0.0.7:1408', 'dns:///10.0.0.7:1408'],
    ['[::1]:1408', 'dns:///[::1]:1408'],
    ['dns:example.com:1408', 'dns:example.com:1408'],
    ['DNS:///example.com:1408', 'dns:///example.com:1408'],
    ['unix:/run/coherence.sock', 'unix:/run/coherence.sock'],
  ])('makes of %s the target %s', (address, target) => {
    expect(channelTarget(address)).toBe(target)
  })

  it('throws on what is no address', () => {
    expect(() => channelTarget('localhost')).toThrow(wrongArgument("'localhost' is not an address: "))
  })
})
