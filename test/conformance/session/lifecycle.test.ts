// A session on a real server: what it knows of itself, of its server and of its maps, and what it tells.
import { type MapLifecycleEvent, Options, Session } from 'coherence-ts'
import { describeConformance, serverAddress, uniqueName } from '../../support/conformance'
import { closedPort } from '../../support/odd-servers'
import { SessionDiary } from '../../support/session-events'
import { startTcpProxy } from '../../support/tcp-proxy'
import { wrongArgument } from '../../support/wrong-argument'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function create(options: { readonly requestTimeoutSeconds?: number } = {}): Promise<Session> {
  return Session.create({ address: serverAddress(), ...options })
}

/** The life-cycle events that the session tells of, as `type name`. */
function mapEvents(session: Session): string[] {
  const told: string[] = []
  const tell = ({ type, mapName }: MapLifecycleEvent): void => void told.push(`${type} ${mapName}`)
  session.on('truncated', tell).on('destroyed', tell).on('released', tell)
  return told
}

describeConformance('a session', () => {
  it('knows its server', async () => {
    await using session = await create()

    expect(session.serverInfo).toEqual({
      protocol: 'v1',
      proxyVersion: expect.stringMatching(/^\d+\.\d+/) as string,
      memberId: expect.any(Number) as number,
    })
    expect(session.serverInfo.memberId).toBeGreaterThan(0)
  })

  it('has an id of its own', async () => {
    await using one = await create()
    await using another = await create()

    expect(one.id).toMatch(UUID)
    expect(another.id).not.toBe(one.id)
  })

  it('measures the time of a round trip in seconds', async () => {
    await using session = await create()
    const start = performance.now()

    const seconds = await session.ping()

    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual((performance.now() - start) / 1_000)
  })

  it('is connected until it is closed', async () => {
    await using session = await create()
    expect(session.connected).toBe(true)

    await session.close()

    expect(session.connected).toBe(false)
  })

  it('connects to where an Options object says', async () => {
    const options = new Options({ address: serverAddress(), requestTimeoutSeconds: 12 })
    await using session = await Session.create(options)

    expect(session.options).toBe(options)
    expect(session.options.requestTimeoutSeconds).toBe(12)
    expect(await session.ping()).toBeGreaterThan(0)
  })

  it('does not connect elsewhere where an Options object names an address without a server', async () => {
    const { address } = await closedPort()

    await expect(Session.create(new Options({ address }))).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      address,
    })
  })

  it('knows which of its maps are active', async () => {
    await using session = await create()
    const names = [uniqueName('map'), uniqueName('map'), uniqueName('map')] as const
    const released = await session.getMap(names[0])
    const destroyed = await session.getMap(names[1])
    const kept = await session.getMap(names[2])
    expect(session.activeMaps).toEqual(names)

    await released.release()
    await destroyed.destroy()

    expect(session.activeMaps).toEqual([kept.name])
  })

  it('gives the same map for the same name, as a map and as a cache', async () => {
    await using session = await create()
    const name = uniqueName('map')
    const [map, again, cache] = await Promise.all([
      session.getMap(name),
      session.getMap(name),
      session.getCache(name),
    ])

    expect(again).toBe(map)
    expect(cache).toBe(map)
  })

  it.each(['release', 'destroy'] as const)('gives a new map after a %s', async (how) => {
    await using session = await create()
    const name = uniqueName('map')
    const map = await session.getMap(name)
    await map[how]()

    const another = await session.getMap(name)

    expect(another).not.toBe(map)
    expect([map.isActive, another.isActive, session.activeMaps]).toEqual([false, true, [name]])
  })

  it('refuses an open name with other options', async () => {
    await using session = await create()
    const name = uniqueName('map')
    const cache = await session.getCache(name, { defaultTtlSeconds: 60 })

    await expect(session.getCache(name, { defaultTtlSeconds: 61 })).rejects.toEqual(
      wrongArgument(`'${name}' is open with another defaultTtlSeconds; `),
    )
    expect(await session.getCache(name, { defaultTtlSeconds: 60 })).toBe(cache)
    expect(await session.getCache(name)).toBe(cache)
  })

  it('reports everything that happens to its maps', async () => {
    await using session = await create()
    const told = mapEvents(session)
    const [one, two] = [await session.getMap(uniqueName('map')), await session.getMap(uniqueName('map'))]

    await one.truncate()
    await one.destroy()
    await two.release()

    expect(told).toEqual([`truncated ${one.name}`, `destroyed ${one.name}`, `released ${two.name}`])
  })

  it('reports what another session does to a map', async () => {
    await using session = await create()
    await using other = await create()
    const told = mapEvents(session)
    const name = uniqueName('map')
    const map = await session.getMap(name)
    const destroyed = new Promise((resolve) => map.on('destroyed', resolve))
    const theirs = await other.getMap(name)

    await theirs.truncate()
    await theirs.destroy()
    await destroyed

    expect(told).toEqual([`truncated ${name}`, `destroyed ${name}`])
    expect(map.isActive).toBe(false)
  })

  it('reports each event of its life once', async () => {
    const proxy = await startTcpProxy(serverAddress())
    const session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    const told = mapEvents(session)
    const names = [uniqueName('map'), uniqueName('map')]
    for (const name of names) await session.getMap(name)

    proxy.cut()
    await diary.first('reconnected')
    await session.close()
    await proxy.close()

    expect(diary.types).toEqual(['connected', 'disconnected', 'reconnected', 'closed'])
    expect(told).toEqual(names.map((name) => `released ${name}`))
    expect(session.activeMaps).toEqual([])
  })

  it('with many maps causes no warning of a listener leak, and reconnects all of them', async () => {
    const proxy = await startTcpProxy(serverAddress())
    const session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    const maps = await Promise.all(Array.from({ length: 30 }, () => session.getMap(uniqueName('map'))))

    proxy.cut()
    await diary.first('reconnected')
    await Promise.all(maps.map((map) => map.set('k', map.name)))

    expect(await Promise.all(maps.map((map) => map.get('k')))).toEqual(maps.map(({ name }) => name))
    await session.close()
    await proxy.close()
  })

  it('lets calls in progress be answered before it is closed', async () => {
    await using reader = await create()
    const session = await create()
    const name = uniqueName('map')
    const map = await session.getMap<number, number>(name)
    const writes = Promise.all(Array.from({ length: 40 }, (_, key) => map.set(key, key)))

    await session.close()
    await writes

    expect(await (await reader.getMap(name)).size()).toBe(40)
  })

  it('refuses calls after its close', async () => {
    const session = await create()
    const map = await session.getMap(uniqueName('map'))
    await session.close()

    const closed = { code: 'ERR_COHERENCE_SESSION_CLOSED', outcome: 'not-sent' }
    await expect(map.get('k')).rejects.toMatchObject(closed)
    await expect(map.entries().toArray()).rejects.toMatchObject(closed)
    await expect(session.getMap('another')).rejects.toMatchObject(closed)
    await expect(session.ping()).rejects.toMatchObject(closed)
  })
})
