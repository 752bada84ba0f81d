// A server, or a proxy in between, that asks its clients to leave (GOAWAY of HTTP/2): nothing is lost, and the session takes
// another connection at once.
import { type MapEvent, Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { arrivalAt } from '../../support/embedded-arrivals'
import { eventually } from '../../support/eventually'
import { SessionDiary } from '../../support/session-events'

let server: EmbeddedCoherence
let session: Session
let diary: SessionDiary

beforeEach(async () => {
  server = await EmbeddedCoherence.start()
  session = await Session.create({ address: server.address, retry: { attempts: 1 } })
  diary = new SessionDiary(session)
})

afterEach(async () => {
  await session.close()
  await server.stop()
})

it('calls in flight are answered, and later ones take the next connection', async () => {
  const map = await session.getMap<string, number>('m')
  server.delayNext('Put', 0.2)
  const arrival = arrivalAt(server, 'Put')
  const write = map.set('a', 1)
  await arrival
  server.goAway()
  await diary.first('reconnected')

  const later = map.get('b')
  expect(await later).toBeUndefined()
  // With one attempt only, each of them would fail if it were lost.
  expect(await write).toBeUndefined()
  expect(await map.get('a')).toBe(1)
  expect(diary.types.filter((type) => type !== 'connected')).toEqual(['disconnected', 'reconnected'])
  expect(session.stats().resentRequests).toBe(0)
})

it('nothing fails under load, however often it happens', async () => {
  const map = await session.getMap<string, number>('m')
  const written: Promise<unknown>[] = []
  for (let round = 0; round < 20; round++) {
    const back = new Promise((resolve) => session.once('reconnected', resolve))
    for (let key = 0; key < 50; key++) written.push(map.set(`k${key}`, round), map.get(`k${key}`))
    server.goAway()
    for (let key = 0; key < 50; key++) written.push(map.set(`k${key}`, round))
    await back
  }
  await Promise.all(written)
  expect(new Set(await map.values().toArray())).toEqual(new Set([19]))
})

it('listeners hear of a gap, and of each event after it once', async () => {
  const map = await session.getMap<string, number>('m')
  const events: [string, unknown][] = []
  const gaps: unknown[] = []
  await map.listen({
    onAny: (event: MapEvent<string, number>) => events.push([event.type, event.key]),
    onGap: (gap) => gaps.push(gap),
  })
  await map.set('a', 1)
  server.goAway()
  await diary.first('reconnected')
  await map.set('b', 1)
  await eventually(() => events.length === 2)
  expect(events).toEqual([
    ['insert', 'a'],
    ['insert', 'b'],
  ])
  expect(gaps).toHaveLength(1)
})

it('a streamed read that has begun goes on to its end', async () => {
  const map = await session.getMap<number, number>('m')
  await map.setAll(Array.from({ length: 5_000 }, (_, key) => [key, key] as const))
  const keys = new Set<number>()
  for await (const key of map.keys()) {
    if (keys.size === 10) {
      server.goAway()
      await diary.first('reconnected')
    }
    keys.add(key)
  }
  expect(keys.size).toBe(5_000)
})

it.each(['EnsureCache', 'MapListener'] as const)(
  'a map that is being opened, or listened to, is made known on the next connection: %s',
  async (operation) => {
    const map = await session.getMap<string, number>('m')
    const events: unknown[] = []
    server.delayNext(operation, 0.2)
    const arrival = arrivalAt(server, operation)
    const opened =
      operation === 'EnsureCache' ? session.getMap<string, number>('other') : Promise.resolve(map)
    const listening = opened.then((one) => one.listen((event) => events.push(event.type)))
    await arrival
    server.goAway()
    await listening

    const one = await opened
    await one.set('a', 1)
    await one.set('a', 2)
    await eventually(() => events.includes('update'))
    expect(await one.get('a')).toBe(2)
  },
)

it('a session that is closed meanwhile leaves nothing open', async () => {
  const map = await session.getMap<string, number>('m')
  server.delayNext('Put', 60)
  const arrival = arrivalAt(server, 'Put')
  const write = map.set('a', 1).catch((error: unknown) => error)
  await arrival
  server.goAway()
  await diary.first('reconnected')
  await session.close({ timeoutSeconds: 0 })
  expect(await write).toMatchObject({ code: 'ERR_COHERENCE_SESSION_CLOSED', outcome: 'unknown' })
})
