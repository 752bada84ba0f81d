// Outages of a real server: killed, ended, suspended, cut off. Every call settles in its time, nothing acknowledged is
// told wrong, and the same session and maps go on afterwards.
import { ConnectionError, type NamedMap, RequestTimeoutError, Session } from 'coherence-ts'
import { type CoherenceServer, startCoherence } from '../../support/coherence-server'
import { describeWithJava, uniqueName } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { SessionDiary } from '../../support/session-events'
import { settledIn } from '../../support/settled-in'
import { Traffic, WORKERS } from '../../support/traffic'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'

/** What a start of a server may take on a machine that is busy. */
const RESTART_MS = 90_000

describeWithJava('a server', () => {
  let server: CoherenceServer
  let proxy: TcpProxy
  let session: Session
  let diary: SessionDiary
  let map: NamedMap<string, number>

  beforeAll(async () => {
    server = await startCoherence()
    proxy = await startTcpProxy(server.address)
  }, RESTART_MS)

  beforeEach(async () => {
    session = await Session.create({ address: proxy.address, requestTimeoutSeconds: 60 })
    diary = new SessionDiary(session)
    map = await session.getMap<string, number>(uniqueName('outage'))
  })

  afterEach(async () => {
    await session.close()
  })

  afterAll(async () => {
    await proxy.close()
    await server.stop()
  })

  async function expectAllWorks(): Promise<void> {
    await map.set('after', 1)
    expect(await map.get('after')).toBe(1)
    expect((await map.keys().toArray()).includes('after')).toBe(true)
    expect(await session.getMap(map.name)).toBe(map)
    expect((await session.getMap(uniqueName('outage'))).isActive).toBe(true)
    expect(session.closed).toBe(false)
  }

  // A server that ends in good order says so to calls that can be made again; that reaches none of them.
  it.each([
    ['killed', () => server.kill()],
    ['ended in good order', () => server.terminate()],
  ])(
    'that is %s and comes back is the same to the session and its maps; only writes of unknown fate fail',
    async (_, end) => {
      const traffic = new Traffic(map)
      await eventually(() => traffic.answered > 2 * WORKERS)

      await end()
      await diary.first('disconnected')
      await server.restart()
      await diary.first('reconnected')
      const before = traffic.answered
      await eventually(() => traffic.answered > before + WORKERS)
      await traffic.stop()

      traffic.expectOnlyUnknownWrites()
      await expectAllWorks()
    },
    RESTART_MS,
  )

  it(
    'that is killed and does not come back leaves no call waiting for longer than its time',
    async () => {
      const other = await Session.create({ address: server.address, requestTimeoutSeconds: 2 })
      const theirs = await other.getMap<string, number>(uniqueName('outage'))
      const calls = Array.from({ length: WORKERS }, (_, number) => [
        settledIn(theirs.set(`k${number}`, number)),
        settledIn(theirs.get(`k${number}`)),
        settledIn(theirs.keys().toArray()),
      ]).flat()

      await server.kill()
      const late = [settledIn(theirs.get('late')), settledIn(theirs.set('late', 1)), settledIn(other.ping())]
      const settled = await Promise.all([...calls, ...late])
      await other.close()
      await server.restart()

      expect(Math.max(...settled.map(({ seconds }) => seconds))).toBeLessThan(2 + 3)
      const errors = settled.flatMap(({ error }) => (error === undefined ? [] : [error]))
      expect(errors.length).toBeGreaterThanOrEqual(late.length)
      for (const error of errors) {
        expect(error instanceof ConnectionError || error instanceof RequestTimeoutError).toBe(true)
      }
    },
    RESTART_MS,
  )

  it('that is suspended makes calls time out, and answers them when it goes on', async () => {
    await map.set('k', 1)
    server.suspend()
    // On a machine that is busy, the process goes on for a moment after the signal.
    let error: unknown
    await eventually(async () => {
      error = (await settledIn(map.get('k', { timeoutSeconds: 0.5 }))).error
      return error !== undefined
    })
    const patient = map.get('k')
    server.resume()

    expect(error).toBeInstanceOf(RequestTimeoutError)
    expect(await patient).toBe(1)
    expect(diary.types).not.toContain('disconnected')
  })

  it('that is cut off is reached again at once', async () => {
    const traffic = new Traffic(map)
    await eventually(() => traffic.answered > 2 * WORKERS)

    proxy.cut()
    await diary.first('reconnected')
    const before = traffic.answered
    await eventually(() => traffic.answered > before + WORKERS)
    await traffic.stop()

    traffic.expectOnlyUnknownWrites()
    await expectAllWorks()
    expect(await map.size()).toBe(WORKERS + 1)
  })

  it('that refuses connections for a while is reached as soon as it takes them', async () => {
    await map.set('k', 1)
    proxy.refuse()
    proxy.cut()
    await diary.first('disconnected')
    const waiting = [
      map.get('k'),
      map.set('k2', 2),
      map.keys().toArray(),
      session.ping(),
      session.getMap('later'),
    ]
    const impatient = await settledIn(map.get('k', { timeoutSeconds: 0.3 }))

    await proxy.accept()

    expect(impatient.error).toMatchObject({ code: 'ERR_COHERENCE_CONNECTION', outcome: 'not-sent' })
    expect((impatient.error as Error).message).toMatch(/ECONNREFUSED|was lost/)
    expect((await Promise.all(waiting)).slice(0, 2)).toEqual([1, undefined])
    await expectAllWorks()
  })

  it('that falls silent makes calls time out, and late answers reach no other call', async () => {
    await map.set('k', 1)
    proxy.pause()
    const write = await settledIn(map.set('another', 1, { timeoutSeconds: 0.3 }))
    const next = await settledIn(map.set('another', 2, { timeoutSeconds: 0.3 }))
    const read = map.get('k')
    proxy.resume()

    expect(write.error).toMatchObject({ code: 'ERR_COHERENCE_TIMEOUT', outcome: 'unknown' })
    expect(next.error).toMatchObject({ code: 'ERR_COHERENCE_TIMEOUT', outcome: 'not-sent' })
    expect(await read).toBe(1)
    await map.set('another', 3)
    expect(await map.get('another')).toBe(3)
  })

  it('that is cut off in the midst of a streamed read ends it, or it begins again before its first element', async () => {
    await map.setAll(Array.from({ length: 2_000 }, (_, key) => [`key ${key}`, key] as const))
    const entries = map.entries()[Symbol.asyncIterator]()
    await entries.next()
    proxy.cut()
    let read = 1
    const { error } = await settledIn(
      (async () => {
        while ((await entries.next()).done !== true) read += 1
      })(),
    )

    if (error !== undefined) expect(error).toBeInstanceOf(ConnectionError)
    else expect(read).toBe(2_000)
    expect(await map.keys().toArray()).toHaveLength(2_000)
  })
})
