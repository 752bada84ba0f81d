// How a lost connection is replaced, without any network.
import type { Call } from '../../../src/calls/call'
import type { ConnectionEvents, ConnectionSettings } from '../../../src/protocol/port'
import { type Connecting, Reconnecting } from '../../../src/protocol/reconnecting'

const CALL: Call = {
  operation: 'create',
  mapName: undefined,
  timeoutSeconds: 30,
  deadline: Infinity,
  signal: undefined,
  sent: undefined,
}
/** Longer than a test: the first wait of all is one of half an hour at the least. */
const HOUR = 3_600
const SETTINGS = {
  address: 'host:1',
  requestTimeoutSeconds: 30,
  readyTimeoutSeconds: undefined,
  endpoint: { addresses: ['host:1'], tls: undefined, channelOptions: {}, transport: 'http2' },
  disconnectTimeoutSeconds: Infinity,
  retry: { attempts: Infinity, backoff: { initialSeconds: HOUR, maxSeconds: HOUR } },
} as Partial<ConnectionSettings> as ConnectionSettings

/** Connections are numbers, in the order in which they are made. */
class Connections implements Connecting<number> {
  made = 0
  /** With which lost connection each attempt began. */
  readonly attempts: (number | undefined)[] = []
  readonly closings: (number | undefined)[] = []

  connect(lost: number | undefined, _call: Call, ready: (connection: number) => void): Promise<void> {
    this.attempts.push(lost)
    this.made += 1
    ready(this.made)
    return Promise.resolve()
  }

  connected(): void {
    // Nothing uses it.
  }

  lost(): void {
    // Nothing uses it.
  }

  refused(): void {
    throw new Error('No server refuses')
  }

  closed(connection: number | undefined): void {
    this.closings.push(connection)
  }
}

interface World {
  readonly connections: Connections
  readonly reconnecting: Reconnecting<number>
  /** Resolves at the next connection in place of a lost one. */
  readonly reconnected: () => Promise<void>
}

async function connected(): Promise<World> {
  const waiting: (() => void)[] = []
  const nothing = (): void => undefined
  const events: ConnectionEvents = {
    disconnected: nothing,
    reconnected: () => waiting.splice(0).forEach((resolve) => resolve()),
    attemptFailed: nothing,
    unreadable: nothing,
    gaveUp: nothing,
  }
  const connections = new Connections()
  const reconnecting = new Reconnecting(SETTINGS, events, connections)
  await reconnecting.start(CALL)
  return { connections, reconnecting, reconnected: () => new Promise((resolve) => waiting.push(resolve)) }
}

describe('a connection that is lost', () => {
  it('is replaced at once', async () => {
    const { connections, reconnecting, reconnected } = await connected()

    reconnecting.reportLoss(1, 'cut')
    await reconnected()

    expect([reconnecting.connection, connections.attempts]).toEqual([2, [undefined, 1]])
    reconnecting.close('the test is over')
  })

  it('as soon as it was made in place of another is replaced after a wait', async () => {
    const { connections, reconnecting, reconnected } = await connected()
    reconnecting.reportLoss(1, 'cut')
    await reconnected()

    reconnecting.reportLoss(2, 'cut')
    await new Promise((resolve) => setImmediate(resolve))

    expect([reconnecting.connection, connections.attempts]).toEqual([undefined, [undefined, 1]])
    reconnecting.close('the test is over')
  })

  it('and is kept for the next attempt ends with a close', async () => {
    const { connections, reconnecting, reconnected } = await connected()
    reconnecting.reportLoss(1, 'cut')
    await reconnected()
    reconnecting.reportLoss(2, 'cut')

    reconnecting.close('the test is over')

    expect(connections.closings).toEqual([2])
  })
})
