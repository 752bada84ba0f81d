// The stack of what a call rejects with shows the code that made the call, on a real server.
import {
  Aggregators,
  Filters,
  type NamedCache,
  Processors,
  type Session,
  type SessionOptions,
} from 'coherence-ts'
import { type Call, CALLS, faultsOf } from '../../support/callers'
import { describeConformance, serverAddress, uniqueName } from '../../support/conformance'
import { openSession } from '../../support/maps'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'

describeConformance('the stack shows the code that made the call where', () => {
  let proxy: TcpProxy
  let session: Session
  let cache: NamedCache<unknown, unknown>

  async function open(options: SessionOptions = {}): Promise<void> {
    proxy = await startTcpProxy(serverAddress())
    session = await openSession({ address: proxy.address, ...options })
    cache = await session.getCache(uniqueName('callers'))
  }

  afterEach(async () => {
    proxy.resume()
    await session.close()
    await proxy.close()
  })

  /** All calls but some. */
  function calls(options: object, except: readonly string[] = []): Record<string, Call> {
    const chosen = Object.entries(CALLS).filter(([name]) => !except.includes(name))
    return Object.fromEntries(chosen.map(([name, call]) => [name, () => call(cache, options)]))
  }

  it('the server fails', async () => {
    await open()
    await cache.set('k', { count: 1 })
    const processor = Processors.custom('NoSuchProcessor')
    const filter = Filters.custom('NoSuchFilter')
    expect(
      await faultsOf('ServerError', {
        invoke: () => cache.invoke('k', processor),
        invokeAll: () => cache.invokeAll(processor),
        'invokeAll of keys': () => cache.invokeAll(processor, { keys: ['k'] }),
        'invokeAll without results': () => cache.invokeAll(processor, { discardResults: true }),
        'invokeAll as a stream': () => cache.invokeAll(processor, { stream: true }).toArray(),
        aggregate: () => cache.aggregate(Aggregators.custom('NoSuchAggregator')),
        keys: () => cache.keys({ filter }).toArray(),
        values: () => cache.values({ filter }).toArray(),
        entries: () => cache.entries({ filter }).toMap(),
        forEach: () => cache.forEach(() => undefined, { filter }),
      }),
    ).toEqual([])
  })

  it('no answer comes in time', async () => {
    await open()
    proxy.pause()
    expect(await faultsOf('RequestTimeoutError', calls({ timeoutSeconds: 0.5 }))).toEqual([])
  })

  it('the connection is lost', async () => {
    await open({ readyTimeoutSeconds: 0 })
    proxy.pause()
    const listening = ['events loop', 'events ready', 'events that are queued']
    expect(await faultsOf('ConnectionError', calls({}, listening), () => proxy.close())).toEqual([])
  })

  it('the session is closed', async () => {
    await open()
    await session.close()
    expect(await faultsOf('SessionClosedError', calls({}))).toEqual([])
  })

  it('the map is destroyed by another session', async () => {
    await open()
    await using other = await openSession()
    const destroyed = new Promise((resolve) => cache.on('destroyed', resolve))
    await (await other.getMap(cache.name)).destroy()
    await destroyed
    expect(await faultsOf('MapInactiveError', calls({}, ['destroy']))).toEqual([])
  })

  it('the server refuses the session', async () => {
    await open()
    expect(await faultsOf('ServerError', { create: () => openSession({ scope: 'no-such-scope' }) })).toEqual(
      [],
    )
  })
})
