// The ways to a server: straight to each of its addresses, or through the proxy that the environment names.
import type { Socket } from 'node:net'
import { isIPv6Address } from '../address'
import { errorText } from './error-text'
import type { Proxy } from './proxy'
import { proxyVariable } from './proxy-variable'
import { isAddress, parseTarget, textOf, type Address, type HostPort, type Target } from './target'

export interface Route {
  /** What is connected to: the server, or its proxy. */
  readonly address: Address
  /** The server, by `host:port` or the path of a socket. */
  readonly peer: string
  /** The way through a proxy; `undefined` where there is none between. */
  readonly tunnel: Tunnel | undefined
}

export interface Tunnel {
  /** `host:port` of the proxy as the environment has it. */
  readonly proxy: string
  /** A socket to the server. */
  open(signal: AbortSignal): Promise<Socket>
}

/**
 * Looks up what has to be: the server's host name, or only that of its proxy, which looks up the server's.
 *
 * @param byProxy Whether a proxy is used where the environment names one. A socket file is never reached by one.
 */
export async function routesTo(target: Target, byProxy: boolean): Promise<readonly Route[]> {
  const proxies = byProxy && proxyVariable() !== undefined ? await import('./proxy') : undefined
  const routes = serversOf(target).map((server) => {
    const proxy = 'path' in server ? undefined : proxies?.proxyFor(server)
    return proxy === undefined || 'path' in server ? directly(server) : through(proxy, textOf(server))
  })
  return (await Promise.all(routes)).flat()
}

/** The proxy by which a server is reached, as `host:port`; `undefined` where none is. */
export async function proxyOf(target: string, byProxy: boolean): Promise<string | undefined> {
  if (!byProxy || proxyVariable() === undefined) return undefined
  const { proxyFor } = await import('./proxy')
  try {
    const server = serversOf(parseTarget(target))[0]
    return server === undefined || 'path' in server ? undefined : proxyFor(server)?.name
  } catch {
    // A target or a proxy that is wrong: who connects to it gets the error.
    return undefined
  }
}

function serversOf(target: Target): readonly Address[] {
  return target.kind === 'dns' ? [target] : target.addresses
}

async function directly(server: Address): Promise<Route[]> {
  const addresses = 'path' in server ? [server] : await addressesOf(server)
  return addresses.map((address) => ({ address, peer: textOf(address), tunnel: undefined }))
}

async function through(proxy: Proxy, server: string): Promise<Route[]> {
  const { openTunnel } = await import('./tunnel')
  const addresses = await addressesOf(proxy).catch((error: unknown) => {
    throw new Error(`The proxy at ${proxy.name} cannot be found: ${errorText(error)}`)
  })
  return addresses.map((address) => ({
    address,
    peer: server,
    tunnel: { proxy: proxy.name, open: (signal) => openTunnel(address, proxy, server, signal) },
  }))
}

async function addressesOf({ host, port }: HostPort): Promise<HostPort[]> {
  if (isAddress(host)) return [{ host, port }]
  const { lookup } = await import('node:dns/promises')
  const found = await lookup(host, { all: true })
  return alternating(found.map(({ address }) => ({ host: address, port })))
}

/** The addresses with their families in turn, so that one family that does not work costs one attempt. */
function alternating(addresses: readonly HostPort[]): HostPort[] {
  const isFirstKind = (address: HostPort): boolean =>
    isIPv6Address(address.host) === isIPv6Address(addresses[0]?.host ?? '')
  const first = addresses.filter(isFirstKind)
  const second = addresses.filter((address) => !isFirstKind(address))
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length))
}
