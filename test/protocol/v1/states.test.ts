// What a session and its maps show of their state: whether they are connected or active, to code and in logs.
import { inspect } from 'node:util'
import { NamedMap, Session } from 'coherence-ts'
import { NamedCacheRequestType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { FakeProxy } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import { SessionDiary } from '../../support/session-events'

describe('a session', () => {
  it('is connected until it is closed', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    expect(session.connected).toBe(true)

    const closing = session.close()

    expect(session.connected).toBe(false)
    await closing
    expect(session.connected).toBe(false)
  })

  it('is not connected while a lost connection is made again', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const diary = new SessionDiary(session)
    const seen: [string, boolean][] = []
    for (const type of ['connected', 'disconnected', 'reconnected', 'closed'] as const) {
      session.on(type, () => seen.push([type, session.connected]))
    }
    await diary.first('connected')

    await proxy.cut()
    await diary.first('reconnected')
    await session.close()

    expect(seen).toEqual([
      ['connected', true],
      ['disconnected', false],
      ['reconnected', true],
      ['closed', false],
    ])
  })

  it('calls a listener once that asks for it', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const told: string[] = []
    const removed = (): void => void told.push('removed')
    session.once('released', ({ mapName }) => void told.push(mapName)).once('released', removed)
    session.off('released', removed)

    for (const name of ['first', 'second']) await (await session.getMap(name)).release()

    expect(told).toEqual(['first'])
  })

  it('shows its address and its state, and nothing else', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const shown = (): string => inspect(session, { depth: 10, showHidden: true, getters: true })
    const id = `id: '${session.id}' }`
    expect(shown()).toBe(`Session '${proxy.address}' { connected, ${id}`)

    const disconnected = new Promise((resolve) => session.once('disconnected', resolve))
    proxy.stop()
    await disconnected
    expect(shown()).toBe(`Session '${proxy.address}' { disconnected, ${id}`)

    await session.close()
    expect(shown()).toBe(`Session '${proxy.address}' { closed, ${id}`)
  })

  it('is its id and its options as JSON', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })

    expect(JSON.parse(JSON.stringify(session))).toEqual({
      id: session.id,
      options: JSON.parse(JSON.stringify(session.options)) as unknown,
    })
  })
})

describe('a map', () => {
  it('shows its class, its name and its state, and nothing else', async () => {
    await using world = await fakeWorld<number, object>('orders')
    const { map: orders } = world
    const shown = (): string =>
      inspect({ orders }, { depth: 10, showHidden: true, getters: true, breakLength: 200 })
    await orders.set(1, { card: 4711 })
    expect(shown()).toBe("{ orders: NamedCache 'orders' { active } }")

    await orders.release()
    expect(shown()).toBe("{ orders: NamedCache 'orders' { released } }")
  })

  it.each(['destroyed', 'session closed'])('shows that it is %s', async (state) => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    const orders = await session.getCache("it's")

    if (state === 'destroyed') await orders.destroy()
    else void session.close()

    expect(inspect(orders)).toBe(`NamedCache "it's" { ${state} }`)
    expect(orders).toBeInstanceOf(NamedMap)
  })

  it('has nothing to show as JSON', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })

    expect(JSON.stringify(await session.getMap('orders'))).toBe('{}')
  })

  it('calls a listener once that asks for it', async () => {
    await using world = await fakeWorld('m')
    const { map } = world
    const told: string[] = []
    const removed = (): void => void told.push('removed')
    map.once('released', ({ type }) => void told.push(type)).once('released', removed)
    map.off('released', removed)

    await map.release()

    expect(told).toEqual(['released'])
  })
})

it('a call that the server refuses because the map is being destroyed says so, whether the news has come or not', async () => {
  await using world = await fakeWorld<string, number>('m')
  world.proxy.on(NamedCacheRequestType.Put, (request) =>
    request.error('SafeNamedCache was explicitly released'),
  )

  await expect(world.map.set('k', 1)).rejects.toMatchObject({
    code: 'ERR_COHERENCE_MAP_INACTIVE',
    reason: 'destroyed',
    outcome: 'unknown',
  })
})
