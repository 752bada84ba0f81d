// Parses gRPC targets: a host to look up, fixed addresses, or a socket file, each with the name of the server. The
// forms are those of gRPC's naming document: `host:port`, `dns:`, `ipv4:`, `ipv6:` and `unix:`.
import { isIPv4 } from 'node:net'
import { hostText, isIPv6Address } from '../../address'

/** A host name or an IP address, without brackets, and a port. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** An endpoint to connect to: an IP address and port, or the path of a socket. */
export type Address = HostPort | { readonly path: string }

interface Named {
  /** The full target, with its scheme. */
  readonly name: string
  /** The value of `:authority`, unless an option sets it. */
  readonly authority: string
  /** The host name or IP address that a certificate must name, unless an option sets it. */
  readonly host: string
}

export type Target =
  | (Named & { readonly kind: 'dns'; readonly port: number })
  | (Named & { readonly kind: 'fixed'; readonly addresses: readonly Address[] })

const TARGET = /^(?:(?<scheme>[a-zA-Z0-9+.-]+):)?(?:\/\/(?<authority>[^/]*)\/)?(?<path>.+)$/
const BRACKETED = /^\[(?<host>[^\]]*:[^\]]*)\](?::(?<port>\d+))?$/
const PLAIN = /^(?<host>[^:/[\]\s]+)(?::(?<port>\d+))?$/
const DEFAULT_PORT = 443
const HIGHEST_PORT = 65_535

/** @throws {TypeError} `text` has none of the forms that this channel supports. */
export function parseTarget(text: string): Target {
  const { scheme, authority, path = '' } = TARGET.exec(text)?.groups ?? {}
  switch (scheme) {
    case 'dns':
      if (authority !== undefined && authority !== '') {
        throw new TypeError(`Target '${text}' names a DNS server, which is not supported`)
      }
      return dnsTarget(text, path)
    case 'ipv4':
      return ipTarget(text, path, isIPv4)
    case 'ipv6':
      return ipTarget(text, path, isIPv6Address)
    case 'unix':
      return unixTarget(text, authority === '' ? `/${path}` : path)
    case undefined:
    default:
      return dnsTarget(text, text)
  }
}

/** Whether `host` is an IP address and not a name. */
export function isAddress(host: string): boolean {
  return isIPv4(host) || isIPv6Address(host)
}

/** Returns `host:port`, or the path of a socket. */
export function textOf(address: Address): string {
  if ('path' in address) return address.path
  return hostText(address)
}

function dnsTarget(text: string, path: string): Target {
  const { host, port } = hostPort(text, path)
  const named = { name: `dns:${path}`, authority: path, host }
  return isAddress(host)
    ? { ...named, kind: 'fixed', addresses: [{ host, port }] }
    : { ...named, kind: 'dns', port }
}

function ipTarget(text: string, path: string, isOfFamily: (host: string) => boolean): Target {
  const parts = path.split(',')
  const addresses = parts.map((part) => hostPort(text, part))
  for (const { host } of addresses) {
    if (!isOfFamily(host))
      throw new TypeError(`Target '${text}' is wrong: '${host}' is no address of its kind`)
  }
  return {
    kind: 'fixed',
    name: text,
    authority: parts[0] ?? path,
    host: addresses[0]?.host ?? path,
    addresses,
  }
}

function unixTarget(text: string, path: string): Target {
  return { kind: 'fixed', name: text, authority: 'localhost', host: 'localhost', addresses: [{ path }] }
}

function hostPort(text: string, path: string): HostPort {
  if (isIPv6Address(path)) return { host: path, port: DEFAULT_PORT }
  const { host, port } = (BRACKETED.exec(path) ?? PLAIN.exec(path))?.groups ?? {}
  if (host === undefined) throw new TypeError(`Target '${text}' is wrong: '${path}' is not host:port`)
  if (port === undefined) return { host, port: DEFAULT_PORT }
  const number = Number(port)
  if (number > HIGHEST_PORT) throw new TypeError(`Target '${text}' is wrong: there is no port ${port}`)
  return { host, port: number }
}
