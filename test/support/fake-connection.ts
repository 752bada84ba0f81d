// A connection to the fake proxy at the level of the port, for tests of what goes over the wire.
import { connect } from '../../src/protocol/connect'
import { now } from '../../src/async/real-time'
import type { Call } from '../../src/calls/call'
import type { CacheConnection, ConnectionSettings, RemoteCache } from '../../src/protocol/port'
import { Traffic } from '../../src/calls/traffic'
import { retryOf } from '../../src/session/options/retry'
import { StreamHeaders } from '../../src/protocol/stream-headers'
import type { FakeProxy } from './fake-proxy'

export const CLIENT_ID = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

/** Connects; whatever the connection tells of itself is dropped. */
export function connectTo(
  proxy: FakeProxy,
  settings: Partial<ConnectionSettings> = {},
): Promise<CacheConnection> {
  const nothing = (): void => undefined
  return connect(
    {
      endpoint: { addresses: [proxy.address], tls: undefined, channelOptions: {}, transport: 'http2' },
      address: proxy.address,
      headers: new StreamHeaders({}, undefined),
      identity: {},
      scope: '',
      format: 'json',
      clientId: CLIENT_ID,
      requestTimeoutSeconds: 5,
      retry: retryOf(undefined),
      traffic: new Traffic(proxy.address, { maxPendingCalls: Infinity, maxPendingBytes: Infinity }),
      heartbeatSeconds: 0,
      maxRequestBytes: 4 * 1024 * 1024,
      readyTimeoutSeconds: undefined,
      disconnectTimeoutSeconds: Infinity,
      ...settings,
    },
    {
      disconnected: nothing,
      reconnected: nothing,
      attemptFailed: nothing,
      unreadable: nothing,
      gaveUp: nothing,
    },
    callTo('create'),
  )
}

/** A cache of the proxy. */
export function openCache(connection: CacheConnection, name: string): Promise<RemoteCache> {
  const nothing = (): void => undefined
  return connection.openCache(name, { truncated: nothing, destroyed: nothing }, callTo('getMap'))
}

/** A call that has five seconds. */
export function callTo(operation: string, more: Partial<Call> = {}): Call {
  const timeoutSeconds = more.timeoutSeconds ?? 5
  return {
    operation,
    mapName: 'm',
    timeoutSeconds,
    deadline: now() + timeoutSeconds * 1_000,
    signal: undefined,
    ...more,
  }
}
