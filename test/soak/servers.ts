// What a soak runs on: servers, each behind a proxy, and what can go wrong with them.
import { EmbeddedCoherence } from '../../src/testing/embedded-coherence'
import { startCoherence } from '../support/coherence-server'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy'
import { embeddedFaults, type Fault, memberFaults, networkFaults } from './faults'

export interface SoakServers extends AsyncDisposable {
  readonly description: string
  /** The addresses of the servers. */
  readonly direct: readonly string[]
  /** The addresses of the proxies. */
  readonly proxied: readonly string[]
  /** How many connections the proxies have. */
  connections(): number
  readonly faults: readonly Fault[]
}

/** A cluster of two members with backups. */
export async function startCluster(): Promise<SoakServers> {
  // With JSON between its members, Coherence has no member that stores entries.
  const server = await startCoherence({ members: 2, mode: 'default' })
  try {
    const faults = memberFaults(server.members)
    return await behindProxies(`Coherence ${server.version}, two members`, server.addresses, faults, () =>
      server.stop(),
    )
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** One server in this process. */
export async function startEmbedded(): Promise<SoakServers> {
  const server = await EmbeddedCoherence.start()
  return behindProxies('embedded server', [server.address, server.address], embeddedFaults(server), () =>
    server.stop(),
  )
}

async function behindProxies(
  description: string,
  direct: readonly string[],
  faults: readonly Fault[],
  stop: () => Promise<unknown>,
): Promise<SoakServers> {
  const proxies: TcpProxy[] = []
  for (const address of direct) proxies.push(await startTcpProxy(address))
  return {
    description,
    direct: [...new Set(direct)],
    proxied: proxies.map(({ address }) => address),
    connections: () => proxies.reduce((sum, { connections }) => sum + connections, 0),
    faults: [...networkFaults(proxies), ...faults],
    async [Symbol.asyncDispose]() {
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await stop()
    },
  }
}
