// Parses server addresses, so that wrong ones are refused before a connection, and converts them to gRPC targets.
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'

/** A name service of Coherence, which knows the servers of its cluster. */
export interface NameService {
  readonly host: string
  readonly port: number
  /** The cluster whose servers are asked for; `undefined` for the one that the name service belongs to. */
  readonly cluster: string | undefined
}

/** The result of parsing an address. */
export type ParsedAddress =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'target'; readonly target: string }
  | ({ readonly kind: 'name-service' } & NameService)
  | { readonly kind: 'invalid'; readonly reason: string }

const WANTED = "it must be 'host:port', '[IPv6 address]:port' or a gRPC target such as 'dns:///host:port'"
const NAME_SERVICE_WANTED =
  "a name service is written 'coherence:///host', or with a port and a cluster 'coherence:///host:7574/cluster'"
const NAME_SERVICE_PORT = 7_574
const LARGEST_PORT = 65_535

/** Parses an address, without a name lookup. */
export function parseAddress(address: string): ParsedAddress {
  if (address === '') return invalid(`it is empty; ${WANTED}`)
  if (/\s/.test(address)) return invalid(`it has white space in it; ${WANTED}`)
  if (/^coherence:\//i.test(address)) return parseNameService(address)
  const [, scheme, rest] = /^(dns|ipv4|ipv6|unix):(.*)$/i.exec(address) ?? []
  if (scheme !== undefined && rest !== undefined) {
    const reason = targetProblem(scheme.toLowerCase(), rest)
    return reason === undefined
      ? { kind: 'target', target: `${scheme.toLowerCase()}:${rest}` }
      : invalid(reason)
  }
  const [, unknownScheme] = /^([^:/]*):\//.exec(address) ?? []
  if (unknownScheme !== undefined) return invalid(`'${unknownScheme}:' is not a known scheme; ${WANTED}`)
  if (address.includes(','))
    return invalid("several addresses are written as an array, as in ['a:1408', 'b:1408']")
  return parseHostAndPort(address)
}

/** Node's own check compiles a regular expression, which takes milliseconds and which most processes never need. */
export function isIPv6Address(text: string): boolean {
  return text.indexOf(':') !== text.lastIndexOf(':') && isIPv6(text)
}

/**
 * Returns the gRPC target for `address`, or the name service that knows it. A target always has a scheme, so that a host
 * whose name is also a scheme is read as a host.
 *
 * @throws {TypeError} the text is not an address. The options were checked before.
 */
export function channelTarget(address: string): string | NameService {
  const parsed = parseAddress(address)
  switch (parsed.kind) {
    case 'host':
      return hostTarget(parsed)
    case 'target':
      return parsed.target
    case 'name-service':
      return parsed
    case 'invalid':
      throw new TypeError(`'${address}' is not an address: ${parsed.reason}`)
  }
}

/** Returns the gRPC target of a host name or IP address and a port. */
export function hostTarget(server: { readonly host: string; readonly port: number }): string {
  return `dns:///${hostText(server)}`
}

/** Whether a target says which DNS server is to be asked, as in `dns://10.0.0.1/host:port`. */
export function namesDnsServer(target: string): boolean {
  return /^dns:\/\/[^/]/i.test(target)
}

/** Returns `host:port`. */
export function hostText({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${isIPv6Address(host) ? `[${host}]` : host}:${port}`
}

/** Whether what is sent to the address stays on this machine. */
export function isOnThisMachine(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed.kind === 'host') return isLoopback(parsed.host)
  // The name service tells which machines the servers are on.
  if (parsed.kind !== 'target') return false
  const [, scheme = '', rest = ''] = /^(\w+):(?:\/\/[^/]*\/)?(.*)$/s.exec(parsed.target) ?? []
  if (scheme === 'unix') return true
  return rest.split(',').every((text) => {
    const one = parseHostAndPort(text)
    return one.kind === 'host' && isLoopback(one.host)
  })
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.')
  return isIPv6Address(host) ? /^(?:0*:)*0*1$/.test(host) : /^(?:.*\.)?localhost\.?$/i.test(host)
}

function parseNameService(address: string): ParsedAddress {
  const [, place, cluster] = /^coherence:\/\/\/([^/]+)(?:\/(.*))?$/is.exec(address) ?? []
  if (place === undefined) return invalid(NAME_SERVICE_WANTED)
  const parsed = parseHostAndPort(
    /^\[[^\]]*\]$|^[^:]*$/.test(place) ? `${place}:${NAME_SERVICE_PORT}` : place,
  )
  if (parsed.kind === 'invalid') return parsed
  if (cluster === undefined) return { ...parsed, kind: 'name-service', cluster }
  const decoded = decodedText(cluster)
  if (decoded === undefined || decoded === '' || cluster.includes('/')) {
    return invalid(`its cluster is '${cluster}'; ${NAME_SERVICE_WANTED}`)
  }
  return { ...parsed, kind: 'name-service', cluster: decoded }
}

function decodedText(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function targetProblem(scheme: string, rest: string): string | undefined {
  switch (scheme) {
    case 'unix':
      return /^(?:\/\/)?\/[^/]|^[^/]/.test(rest) ? undefined : "a Unix domain socket is written 'unix:/path'"
    case 'ipv4':
      return firstProblem(rest.split(','), (host) => isIPv4(host) || `'${host}' is not an IPv4 address`)
    case 'ipv6':
      return firstProblem(
        rest.split(','),
        (host) => isIPv6Address(host) || `'${host}' is not an IPv6 address`,
      )
    default:
      return dnsProblem(rest)
  }
}

function dnsProblem(rest: string): string | undefined {
  if (!rest.startsWith('//')) return firstProblem([rest])
  const [, nameServer, hostAndPort] = /^\/\/([^/]*)\/(.*)$/s.exec(rest) ?? []
  if (nameServer === undefined || hostAndPort === undefined)
    return "a DNS target is written 'dns:///host:port'"
  if (nameServer !== '' && isIP(nameServer.replace(/^\[(.*)\](?::\d+)?$|^([^:]*):\d+$/, '$1$2')) === 0) {
    return `'${nameServer}' is not the IP address of a name server; a DNS target is written 'dns:///host:port'`
  }
  return firstProblem([hostAndPort])
}

function firstProblem(
  addresses: readonly string[],
  checkHost: (host: string) => true | string = () => true,
): string | undefined {
  for (const address of addresses) {
    const parsed = parseHostAndPort(address)
    if (parsed.kind === 'invalid') return parsed.reason
    const checked = checkHost(parsed.host)
    if (checked !== true) return checked
  }
  return undefined
}

function parseHostAndPort(text: string): Extract<ParsedAddress, { kind: 'host' | 'invalid' }> {
  if (isIPv6Address(text)) return invalid(`an IPv6 address needs brackets and a port, as in '[${text}]:1408'`)
  const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(text) ?? []
  const host = bracketed ?? (plain === undefined ? undefined : asciiHost(plain))
  if (host === undefined) return invalid(WANTED)
  if (plain === '') return invalid(`it names no host; ${WANTED}`)
  if (bracketed !== undefined && !isIPv6Address(bracketed))
    return invalid(`'${bracketed}' is not an IPv6 address`)
  if (host === '' || /[/@?#\\,]/.test(host)) return invalid(`'${plain ?? host}' is not a host; ${WANTED}`)
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) return invalid(`'${host}' is not an IPv4 address`)
  if (portText === undefined || portText === '')
    return invalid(`it names no port, as in '${text.replace(/:$/, '')}:1408'`)
  const port = portOf(portText)
  if (port === undefined) {
    return invalid(`its port is '${portText}', which is not a number from 1 to ${LARGEST_PORT}`)
  }
  return { kind: 'host', host, port }
}

/** Reads a port; returns `undefined` for any other text. */
export function portOf(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= LARGEST_PORT ? port : undefined
}

/** Returns the form of a host name that is sent; an empty text if it has none. */
function asciiHost(host: string): string {
  return /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host)
}

function invalid(reason: string): { readonly kind: 'invalid'; readonly reason: string } {
  return { kind: 'invalid', reason }
}
