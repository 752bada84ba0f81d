// Resolves the HTTP proxy for a host from the environment. It is loaded only if there is a proxy.
import { BlockList, isIP, isIPv6 } from 'node:net'
import { proxyVariable, valueOf, type ProxyVariable } from './proxy-variable'
import type { HostPort } from './target'

/** An HTTP proxy that opens tunnels (RFC 9110, section 9.3.6). */
export interface Proxy extends HostPort {
  /** `host:port`, for error texts. */
  readonly name: string
  readonly variable: ProxyVariable
  /** The value of `Proxy-Authorization`; `undefined` if the URL has no user. */
  readonly authorization: string | undefined
}

const HTTP_PORT = 80

/**
 * Returns the proxy for connections to a host; `undefined` if no variable names a proxy, or if `no_grpc_proxy`, or
 * without it `no_proxy`, exempts the host.
 *
 * @throws {TypeError} the variable is not the URL of an HTTP proxy.
 */
export function proxyFor(server: HostPort): Proxy | undefined {
  const variable = proxyVariable()
  if (variable === undefined) return undefined
  const exempt = valueOf('no_grpc_proxy') ?? valueOf('no_proxy') ?? ''
  return isExempt(server, exempt) ? undefined : parseProxy(variable, valueOf(variable) ?? '')
}

function parseProxy(variable: ProxyVariable, text: string): Proxy {
  // Other programs also accept a proxy without a scheme.
  const url = urlOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  // The text may contain a password, so the error does not show it.
  if (url === undefined) throw wrong(variable, 'is no URL')
  if (url.protocol !== 'http:')
    throw wrong(variable, `names a proxy for '${url.protocol}', which is not supported`)
  const { hostname, username, password } = url
  const port = url.port === '' ? HTTP_PORT : Number(url.port)
  const user = `${decoded(username)}:${decoded(password)}`
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    name: `${hostname}:${port}`,
    variable,
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Returns the text unchanged if it is not a valid encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function wrong(variable: ProxyVariable, problem: string): TypeError {
  return new TypeError(
    `The environment variable ${variable} ${problem}: it has to be 'http://host:port', ` +
      "or the channel option 'grpc.enable_http_proxy' 0",
  )
}

/**
 * Whether a list such as that of `no_proxy` names the host. The list contains `*`, host names, which include their
 * subdomains, IP addresses, and networks in CIDR notation, each with or without a port.
 */
export function isExempt(server: HostPort, list: string): boolean {
  const host = server.host.toLowerCase()
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && names(entry, { host, port: server.port }))
}

function names(entry: string, { host, port }: HostPort): boolean {
  if (entry === '*') return true
  const [network = '', prefix] = entry.split('/')
  if (prefix !== undefined) return isWithin(host, network, Number(prefix))
  const named = splitPort(entry)
  if (named.port !== undefined && named.port !== port) return false
  if (isIP(host) !== 0) return isWithin(host, named.host, isIPv6(host) ? 128 : 32)
  const domain = named.host.replace(/^\*?\./, '')
  return host === domain || host.endsWith(`.${domain}`)
}

function splitPort(entry: string): { readonly host: string; readonly port: number | undefined } {
  if (isIPv6(entry)) return { host: entry, port: undefined }
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? []
  return { host: bracketed ?? plain ?? entry, port: port === undefined ? undefined : Number(port) }
}

function isWithin(host: string, network: string, prefix: number): boolean {
  const family = isIP(network)
  const longest = family === 6 ? 128 : 32
  if (family === 0 || isIP(host) !== family || !(prefix >= 0 && prefix <= longest)) return false
  const type = family === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, prefix, type)
  return list.check(host, type)
}
