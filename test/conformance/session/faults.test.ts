// Faults between a session and a real server, under load: bytes that come late, in pieces or changed, connections that are
// reset again and again, a server that is paused. A test fails as well if a rejection is handled by nobody.
import { CoherenceError, type MapEvent, RequestTimeoutError, Session } from 'coherence-ts'
import { type CoherenceServer, startCoherence } from '../../support/coherence-server'
import { describeWithJava, uniqueName } from '../../support/conformance'
import { eventually } from '../../support/eventually'
import { type Counter, Increments } from '../../support/increments'
import { seedOfRun, withSeed } from '../../support/random'
import { range } from '../../support/sequences'
import { SessionDiary } from '../../support/session-events'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'
import { Traffic, WORKERS } from '../../support/traffic'

const IS_SHORT = process.env['CI'] === 'true'
const START_MS = 90_000
/** What things may take longer on a machine that is busy. */
const BUSY_SECONDS = 5

const RESETS = IS_SHORT ? 6 : 60
const TIMEOUT_SECONDS = 2
/** How many calls time out, one after the other, while the server is paused. */
const PAUSED_CALLS = IS_SHORT ? 2 : 5
const FLIP_EVERY_BYTES = 20_000
/** How many calls fail while bits are flipped. */
const CORRUPTED_CALLS = 100

describeWithJava('under load', () => {
  let server: CoherenceServer
  let proxy: TcpProxy
  let session: Session
  let diary: SessionDiary
  /** A session past the proxy. */
  let direct: Session

  beforeAll(async () => {
    server = await startCoherence()
  }, START_MS)

  beforeEach(async () => {
    proxy = await startTcpProxy(server.address)
    direct = await Session.create({ address: server.address })
    session = await Session.create({ address: proxy.address })
    diary = new SessionDiary(session)
  })

  afterEach(async () => {
    server.resume()
    await proxy.close()
    await session.close()
    await direct.close()
  })

  afterAll(async () => {
    await server.stop()
  })

  it.each([
    ['0.2 s late', () => proxy.delay(0.2)],
    ['a few at a time', () => proxy.trickle(7)],
  ])('everything works where bytes come %s', async (_, begin) => {
    const map = await session.getMap<string, number>(uniqueName('faults'))
    const traffic = new Traffic(map)
    await traffic.listen()
    await eventually(() => traffic.answered > 2 * WORKERS)

    begin()
    const before = traffic.answered
    await eventually(() => traffic.answered > before + 4 * WORKERS, 30)
    await using another = await Session.create({ address: proxy.address })
    const keys = await (await another.getMap(map.name)).keys().toArray()
    await traffic.stop()

    expect([traffic.failures, keys.length]).toEqual([[], WORKERS])
    expect(diary.types).not.toContain('disconnected')
    await traffic.expectNothingLost()
  })

  it.each([
    ['by the network', () => proxy.pause(), () => proxy.resume()],
    ['as a process', () => server.suspend(), () => server.resume()],
  ])(
    'a server that is paused %s costs calls their time, and nothing is lost or done twice',
    async (_, pause, resume) => {
      const map = await session.getMap<string, Counter>(uniqueName('faults'))
      const load = await Increments.start(map, { timeoutSeconds: TIMEOUT_SECONDS })
      const seen: MapEvent<string, Counter>[] = []
      await map.listen({ onUpdate: (event) => seen.push(event) }, { key: 'w0' })
      await eventually(() => load.answered > 2 * WORKERS)

      pause()
      const paused = PAUSED_CALLS * (TIMEOUT_SECONDS + BUSY_SECONDS)
      await eventually(() => load.failures.length >= PAUSED_CALLS * WORKERS, paused)
      const goesOn = load.allGoOn()
      resume()
      await eventually(goesOn, 1 + BUSY_SECONDS)
      await load.stop()

      expect(load.failures.filter(({ error }) => !(error instanceof RequestTimeoutError))).toEqual([])
      const times = load.failures.map(({ seconds }) => seconds)
      expect(Math.min(...times)).toBeGreaterThan(TIMEOUT_SECONDS - 0.1)
      expect(Math.max(...times)).toBeLessThan(TIMEOUT_SECONDS + BUSY_SECONDS)
      expect(diary.types).not.toContain('disconnected')
      await load.expectAllCarriedOut(await direct.getMap(map.name))
      const { count = 0 } = (await map.get('w0')) ?? {}
      const first = seen[0]?.newValue?.count ?? 0
      await eventually(() => seen.at(-1)?.newValue?.count === count)
      expect(seen.map(({ newValue }) => newValue?.count)).toEqual(range(first, count + 1))
    },
    START_MS,
  )

  it(
    'connections that are reset each second: no read fails, and every increment was carried out, was not sent, or is reported unknown',
    async () => {
      const map = await session.getMap<string, Counter>(uniqueName('faults'))
      const load = await Increments.start(map)
      const over = new AbortController()
      const sizes = new Set<number>()
      const reading = (async () => {
        while (!over.signal.aborted) sizes.add((await map.keys().toArray()).length)
      })()

      await eachSecond(RESETS, () => proxy.cut())
      await eventually(load.allGoOn(), 10)
      over.abort()
      await Promise.all([load.stop(), reading])

      load.expectOnlyLostIncrements()
      await load.expectCountsFit(await direct.getMap(map.name))
      expect([...sizes]).toEqual([WORKERS])
      expect(session.stats().reconnects).toBeGreaterThanOrEqual(RESETS / 2)
    },
    START_MS + 2_000 * RESETS,
  )

  it.each(['client', 'server'] as const)(
    'bits that are flipped on their way to the %s fail calls in their time, and the session goes on afterwards',
    async (side) => {
      const seed = seedOfRun()
      await withSeed(seed, async () => {
        const options = { requestTimeoutSeconds: TIMEOUT_SECONDS, heartbeatSeconds: 1 }
        await using its = await Session.create({ address: proxy.address, ...options })
        const errors: unknown[] = []
        its.on('error', (error) => errors.push(error))
        const map = await its.getMap<string, Counter>(uniqueName('faults'))
        const heard = new Set<string>()
        await map.listen(({ key }) => heard.add(key))
        const load = await Increments.start(map)

        proxy.corrupt(side, FLIP_EVERY_BYTES, seed)
        await eventually(() => load.failures.length >= CORRUPTED_CALLS, 60)
        proxy.heal()
        // Where the id of an answer was hit, the writes after it on its key wait until the connection ends.
        proxy.cut()
        // What requests became on their way may have changed or destroyed all that the map has.
        if (side === 'client') await eventually(load.allGoOn(), 30)
        await load.stop()

        errors.push(...load.failures.map(({ error }) => error))
        expect(errors.filter((error) => !(error instanceof CoherenceError))).toEqual([])
        const longest = Math.max(...load.failures.map(({ seconds }) => seconds))
        expect(longest).toBeLessThan(TIMEOUT_SECONDS + BUSY_SECONDS)
        const another = await its.getMap<string, number>(uniqueName('faults'), { timeoutSeconds: 30 })
        await another.set('k', 1)
        expect(await another.get('k')).toBe(1)
        if (side === 'client') {
          const past = await direct.getMap<string, Counter>(map.name)
          await load.expectCountsFit(past)
          await past.set('after', { count: 0 })
          await eventually(() => heard.has('after'))
        }
      })
    },
    START_MS,
  )
})

/** Does it so many times, a second apart. */
async function eachSecond(times: number, act: () => void): Promise<void> {
  let count = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      act()
      count += 1
      if (count < times) return
      clearInterval(timer)
      resolve()
    }, 1_000)
  })
}
