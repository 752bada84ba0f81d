// A fake server, a session on it and a map of the session: where most tests of the protocol begin.
import { type NamedCache, Session, type SessionOptions } from 'coherence-ts'
import { FakeProxy } from './fake-proxy'

/** When its block is left, the session is closed and the server stopped. */
export interface FakeWorld<K, V> extends AsyncDisposable {
  readonly proxy: FakeProxy
  readonly session: Session
  readonly map: NamedCache<K, V>
}

/** The map has the name `mapName`; the session has the `options` and the address of the server. */
export async function fakeWorld<K = unknown, V = unknown>(
  mapName: string,
  options: SessionOptions = {},
): Promise<FakeWorld<K, V>> {
  const proxy = await FakeProxy.start()
  const session = await Session.create({ address: proxy.address, ...options })
  return {
    proxy,
    session,
    map: await session.getCache<K, V>(mapName),
    async [Symbol.asyncDispose]() {
      await session.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
