// Finds the routes to a server: direct connections to its addresses, or through the proxy that the environment names.
import type { Socket } from 'node:net'
import { isIPv6Address } from '../../address'
import { errorText } from '../error-text'
import type { Proxy } from './proxy'
import { proxyVariable } from './proxy-variable'
import { isAddress, parseTarget, textOf, type Address, type HostPort, type Target } from './target'

export interface Route {
  /** The target that the route leads to. */
  readonly target: Target
  /** The endpoint to connect to: the server or its proxy. */
  readonly address: Address
  /** The server, as `host:port` or the path of a socket. */
  readonly peer: string
  /** The tunnel through a proxy; `undefined` without a proxy. */
  readonly tunnel: Tunnel | undefined
}

export interface Tunnel {
  /** `host:port` of the proxy, as in the environment. */
  readonly proxy: string
  /** Opens a socket to the server. */
  open(signal: AbortSignal): Promise<Socket>
}

/**
 * Looks up the server's host name, or only that of the proxy, which looks up the server's.
 *
 * @param byProxy Whether to use a proxy if the environment names one. Socket files never use one.
 * @param startAt The number of the address to begin with where there are several of a family, counted beyond the last
 *   one from the first again.
 */
export async function routesTo(target: Target, byProxy: boolean, startAt: number): Promise<readonly Route[]> {
  const proxies = byProxy && proxyVariable() !== undefined ? await import('./proxy') : undefined
  const routes = rotated(serversOf(target), startAt).map((server) => {
    const proxy = 'path' in server ? undefined : proxies?.proxyFor(server)
    return proxy === undefined || 'path' in server
      ? directly(target, server, startAt)
      : through(target, proxy, textOf(server), startAt)
  })
  return (await Promise.all(routes)).flat()
}

/** Returns the list from one element on, counted beyond the last one from the first again, and then those before it. */
export function rotated<T>(list: readonly T[], startAt: number): readonly T[] {
  const first = list.length === 0 ? 0 : startAt % list.length
  return first === 0 ? list : [...list.slice(first), ...list.slice(0, first)]
}

/** Returns the proxy for a server, as `host:port`; `undefined` if there is none. */
export async function proxyOf(target: string, byProxy: boolean): Promise<string | undefined> {
  if (!byProxy || proxyVariable() === undefined) return undefined
  const { proxyFor } = await import('./proxy')
  try {
    const server = serversOf(parseTarget(target))[0]
    return server === undefined || 'path' in server ? undefined : proxyFor(server)?.name
  } catch {
    // The target or the proxy is wrong. The connection attempt reports the error.
    return undefined
  }
}

function serversOf(target: Target): readonly Address[] {
  return target.kind === 'dns' ? [target] : target.addresses
}

async function directly(target: Target, server: Address, startAt: number): Promise<Route[]> {
  const addresses = 'path' in server ? [server] : await addressesOf(server, startAt)
  return addresses.map((address) => ({ target, address, peer: textOf(address), tunnel: undefined }))
}

async function through(target: Target, proxy: Proxy, server: string, startAt: number): Promise<Route[]> {
  const { openTunnel } = await import('./tunnel')
  const addresses = await addressesOf(proxy, startAt).catch((error: unknown) => {
    throw new Error(`The proxy at ${proxy.name} cannot be found: ${errorText(error)}`)
  })
  return addresses.map((address) => ({
    target,
    address,
    peer: server,
    tunnel: { proxy: proxy.name, open: (signal) => openTunnel(address, proxy, server, signal) },
  }))
}

async function addressesOf({ host, port }: HostPort, startAt: number): Promise<HostPort[]> {
  if (isAddress(host)) return [{ host, port }]
  const { lookup } = await import('node:dns/promises')
  const found = await lookup(host, { all: true })
  return alternating(
    found.map(({ address }) => ({ host: address, port })),
    startAt,
  )
}

/**
 * Orders the addresses so that their families alternate: a family that does not work then costs only one attempt. The
 * family that the look-up prefers stays the first.
 */
function alternating(addresses: readonly HostPort[], startAt: number): HostPort[] {
  const isFirstKind = (address: HostPort): boolean =>
    isIPv6Address(address.host) === isIPv6Address(addresses[0]?.host ?? '')
  const first = rotated(addresses.filter(isFirstKind), startAt)
  const second = rotated(
    addresses.filter((address) => !isFirstKind(address)),
    startAt,
  )
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length))
}
