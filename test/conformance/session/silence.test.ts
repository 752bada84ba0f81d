// Connections that died without anybody closing them: nothing comes any more, or one side is gone. They are replaced in
// the default time, and do not hold up the end of the session.
import { type NamedMap, RequestTimeoutError, type Session, SessionClosedError } from 'coherence-ts'
import { serverAddress } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { type Counter, Increments } from '../../support/increments'
import { describeMaps, openSession } from '../../support/maps'
import { SessionDiary } from '../../support/session-events'
import { settledIn } from '../../support/settled-in'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'
import { WORKERS } from '../../support/traffic'

/** What things may take longer on a machine that is busy. */
const BUSY_SECONDS = 10
/** With the default options: the time until the server is asked, and the time for its answer. */
const REPLACED_SECONDS = 20

describeMaps('a connection', (open) => {
  let proxy: TcpProxy
  let session: Session
  let diary: SessionDiary
  let map: NamedMap<string, Counter>
  /** The same map through a connection that works. */
  let direct: NamedMap<string, Counter>

  beforeEach(async () => {
    proxy = await startTcpProxy(serverAddress())
    session = await openSession({ address: proxy.address })
    diary = new SessionDiary(session)
    direct = await open<string, Counter>()
    map = await session.getMap(direct.name)
  })

  afterEach(async () => {
    await session.close({ timeoutSeconds: 0 })
    await proxy.close()
  })

  describe.each([
    ['is silent', () => proxy.silence()],
    ['is half open', () => proxy.halfOpen('server')],
  ])('that %s', (_, fail) => {
    it('is replaced within 20 s under load', async () => {
      const load = await Increments.start(map)
      await eventually(() => load.answered > 2 * WORKERS)

      fail()
      const { seconds } = await settledIn(diary.first('reconnected'))
      await eventually(load.allGoOn())
      await load.stop()

      expect(seconds).toBeLessThan(REPLACED_SECONDS + BUSY_SECONDS)
      load.expectOnlyLostIncrements()
      await load.expectCountsFit(direct)
    })

    it('lets the session be closed as soon as its calls have no more time', async () => {
      const load = await Increments.start(map, { timeoutSeconds: 2 })
      await eventually(() => load.answered > 2 * WORKERS)

      fail()
      const closing = settledIn(session.close())
      await load.stop()

      expect((await closing).seconds).toBeLessThan(2 + 1 + BUSY_SECONDS)
      const errors = load.failures.map(({ error }) => error)
      expect(errors.length).toBeGreaterThan(0)
      expect(errors.filter((error) => !isOfTheEnd(error))).toEqual([])
    })

    it('lets the session be closed as soon as it is asked to', async () => {
      const load = await Increments.start(map)
      await eventually(() => load.answered > 2 * WORKERS)

      fail()
      const closing = settledIn(session.close({ timeoutSeconds: 0.5 }))
      await load.stop()

      expect((await closing).seconds).toBeLessThan(0.5 + 1 + BUSY_SECONDS)
      const errors = load.failures.map(({ error }) => error)
      expect(errors.length).toBeGreaterThan(0)
      expect(errors.filter((error) => !(error instanceof SessionClosedError))).toEqual([])
    })
  })

  it('that only the server still has is replaced at once, and events come once', async () => {
    const heard: string[] = []
    await map.listen(({ key, newValue }) => heard.push(`${key} ${String(newValue?.count)}`))
    await map.set('a', { count: 1 })
    await eventually(() => heard.length === 1)

    proxy.halfOpen('client')
    await diary.first('reconnected')
    await direct.set('a', { count: 2 })
    await map.set('b', { count: 3 })

    await eventually(() => heard.includes('b 3'))
    expect(heard).toEqual(['a 1', 'a 2', 'b 3'])
    expect([proxy.connections, proxy.accepted]).toEqual([2, 2])
  })
})

function isOfTheEnd(error: unknown): boolean {
  return error instanceof RequestTimeoutError || error instanceof SessionClosedError
}
