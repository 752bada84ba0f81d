// What can be seen of a session: statistics, the log, and the channels of `node:diagnostics_channel`.
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import {
  type ConnectionMessage,
  Filters,
  type RequestMessage,
  Session,
  type SessionLogger,
  type SessionOptions,
} from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { arrivalAt } from '../../support/embedded-arrivals'
import { eventually } from '../../support/eventually'
import { failureOf } from '../../support/failures'
import { endedOf, publishedDuring } from '../../support/published-requests'
import { warningsDuring } from '../../support/warnings'
import { SessionDiary } from '../../support/session-events'

const SECRET = 'sesame-7319'

let server: EmbeddedCoherence

beforeEach(async () => {
  server = await EmbeddedCoherence.start()
})

afterEach(async () => {
  await server.stop()
})

function open(options: SessionOptions = {}): Promise<Session> {
  return Session.create({ address: server.address, ...options })
}

async function reconnected(session: Session): Promise<void> {
  const back = new Promise((resolve) => session.once('reconnected', resolve))
  server.dropConnections()
  await back
}

/** A logger that keeps its lines, each with its level. */
function keepingLogger(): { logger: SessionLogger; lines: string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => lines.push(`${level} ${message}`)
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines }
}

describe('statistics', () => {
  it('count calls, failures, what is pending, and reconnects', async () => {
    await using session = await open()
    const map = await session.getMap<string, number>('m')
    const before = session.stats()
    expect(before).toMatchObject({
      failedCalls: 0,
      pendingCalls: 0,
      pendingBytes: 0,
      reconnects: 0,
      lastFailure: undefined,
    })

    await map.set('a', 1)
    server.failNext('Get', 'no')
    await failureOf(() => map.get('a'))
    server.pause()
    const waiting = [map.get('a'), map.set('b', 2)]
    const { calls, failedCalls, pendingCalls, pendingBytes } = session.stats()
    expect([calls - before.calls, failedCalls, pendingCalls]).toEqual([4, 1, 2])
    expect(pendingBytes).toBeGreaterThan(0)
    server.resume()
    await Promise.all(waiting)
    await reconnected(session)
    expect(await session.ping()).toBe(session.stats().roundTripSeconds)
    expect(session.stats()).toMatchObject({ pendingCalls: 0, pendingBytes: 0, reconnects: 1 })
    expect(session.stats().lastFailure?.at).toBeInstanceOf(Date)
    expect(session.stats().lastFailure?.error).toMatchObject({ code: 'ERR_COHERENCE_CONNECTION' })
  })

  it('count the requests that were sent again', async () => {
    await using session = await open()
    const map = await session.getMap<string, number>('m')
    server.pause()
    const reading = map.get('a')
    await eventually(() => session.stats().pendingBytes > 0)
    await new Promise(setImmediate)
    server.resume()
    await reading
    expect(session.stats().resentRequests).toBe(0)

    server.delayNext('Get', 60)
    const arrival = arrivalAt(server, 'Get')
    const again = map.get('a')
    await arrival
    await reconnected(session)
    await again
    expect(session.stats().resentRequests).toBe(1)
  })
})

describe('bounds of what is pending:', () => {
  it('a call over maxPendingCalls is refused at once, and those before it are answered', async () => {
    await using session = await open({ maxPendingCalls: 3 })
    const map = await session.getMap<string, number>('m')
    server.pause()
    const pending = [map.set('a', 1), map.set('a', 2), map.get('a')]
    const failure = await failureOf(() => map.get('a'))
    server.resume()

    expect(failure).toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      outcome: 'not-sent',
      message:
        `get on map 'm' was not sent: ${server.address} has not answered 3 calls, which is maxPendingCalls; ` +
        'make fewer calls at a time, or raise the limit',
    })
    expect(await Promise.all(pending)).toEqual([undefined, 1, 2])
    expect(await map.get('a')).toBe(2)
  })

  it('a call is refused while the requests of others have maxPendingBytes', async () => {
    await using session = await open({ maxPendingBytes: 1_000 })
    const map = await session.getMap<string, string>('m')
    server.pause()
    const pending = map.set('a', 'x'.repeat(1_000))
    await eventually(() => session.stats().pendingBytes > 1_000)
    const failure = await failureOf(() => map.get('a'))
    server.resume()

    expect(failure).toMatchObject({
      outcome: 'not-sent',
      message: expect.stringContaining('; maxPendingBytes is 1000; ') as string,
    })
    await pending
    expect(await map.get('a')).toHaveLength(1_000)
  })

  it('a session that is disconnected refuses what is too much', async () => {
    await using session = await open({ maxPendingCalls: 100 })
    const diary = new SessionDiary(session)
    const map = await session.getMap<string, number>('m')
    await server.stop()
    await diary.first('disconnected')
    const calls = Array.from({ length: 150 }, (_, key) =>
      map.set(`k${key}`, key).then(
        () => 'done',
        (error: unknown) => String(error),
      ),
    )
    await server.restart()
    const results = await Promise.all(calls)
    expect(results.filter((result) => result === 'done')).toHaveLength(100)
    expect(results.filter((result) => result.includes('has not answered 100 calls'))).toHaveLength(50)
  })
})

describe('retry', () => {
  it('of one attempt means that nothing is sent again', async () => {
    await using session = await open({ retry: { attempts: 1 } })
    const map = await session.getMap<string, number>('m')
    const arrival = arrivalAt(server, 'Get')
    server.delayNext('Get', 60)
    const failure = failureOf(() => map.get('a'))
    await arrival
    server.dropConnections()
    expect(await failure).toMatchObject({ code: 'ERR_COHERENCE_CONNECTION', outcome: 'unknown' })
    expect(await map.get('a')).toBeUndefined()
  })
})

describe('retry of streamed reads', () => {
  it.each([1, 2])('sends them %d times at the most', async (attempts) => {
    await using session = await open({ retry: { attempts } })
    const map = await session.getMap<string, number>('m')
    await map.setAll([['a', 1]])
    const arrival = arrivalAt(server, 'QueryEntries')
    server.delayNext('QueryEntries', 60)
    const reading = map.entries({ filter: Filters.always() }).toArray()
    const settled = reading.then(
      (entries) => entries,
      (error: unknown) => error,
    )
    await arrival
    server.dropConnections()
    const lost = { code: 'ERR_COHERENCE_CONNECTION', outcome: 'unknown' }
    if (attempts === 1) expect(await settled).toMatchObject(lost)
    else expect(await settled).toEqual([['a', 1]])
    expect(session.stats()).toMatchObject({ resentRequests: attempts - 1, pendingBytes: 0 })
  })
})

describe('the log', () => {
  it('tells of connections, losses, gaps, attempts and the end', async () => {
    const { logger, lines } = keepingLogger()
    const session = await open({ logger, retry: { backoff: { initialSeconds: 0.001, maxSeconds: 0.001 } } })
    const map = await session.getMap<string, number>('m')
    await map.listen(() => undefined)
    const back = new Promise((resolve) => session.once('reconnected', resolve))
    await server.stop()
    await eventually(() => lines.some((line) => line.startsWith('debug')))
    await server.restart()
    await back
    await session.close()

    const { address } = server
    const shown = lines
      .filter((line, index) => line !== lines[index - 1])
      .map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'))
    expect(shown[0]).toBe(`info Connected to ${address}, member 1 of Coherence 25.03.2`)
    expect(shown[1]).toMatch(`warn The connection to ${address} was lost: `)
    expect(shown[2]).toMatch(/^debug No connection to .*; the next attempt is in \d+ ms$/)
    expect(shown.slice(-3)).toEqual([
      "warn A listener to map 'm' missed the events from TIME to TIME",
      `info Connected again to ${address}, member 1 of Coherence 25.03.2`,
      `info The session of ${address} is closed`,
    ])
  })

  it('may fail later: the session goes on, and reports it', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('disk full'))
    const warnings = await warningsDuring(async () => {
      await using session = await open({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
      expect(await session.ping()).toBeGreaterThan(0)
    })
    expect(warnings.length).toBeGreaterThan(0)
    for (const warning of warnings) expect(warning).toContain('disk full')
  })

  it('may fail: the session goes on, and reports it', async () => {
    const fail = (): never => {
      throw new Error('disk full')
    }
    const warnings = await warningsDuring(async () => {
      await using session = await open({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
      expect(await session.ping()).toBeGreaterThan(0)
    })
    expect(warnings.length).toBeGreaterThan(0)
    for (const warning of warnings) expect(warning).toContain('disk full')
  })
})

describe('channels', () => {
  it('tell of every call, how it went, and what it sent', async () => {
    await using session = await open()
    const map = await session.getMap<string, number>('m')
    const published = await publishedDuring(async () => {
      await map.set('a', 1)
      server.failNext('Get', 'no such thing')
      await failureOf(() => map.get('a'))
      await session.ping()
    })
    await map.get('a')

    const told = published.map(({ event, message }) => {
      const { operation, mapName, outcome, attempts } = message
      return [event, operation, mapName, outcome, attempts]
    })
    expect(told).toEqual([
      ['start', 'set', 'm', undefined, 0],
      ['asyncEnd', 'set', 'm', 'answered', 1],
      ['start', 'get', 'm', undefined, 0],
      ['error', 'get', 'm', 'failed', 0],
      ['asyncEnd', 'get', 'm', 'failed', 1],
      ['start', 'ping', undefined, undefined, 0],
      ['asyncEnd', 'ping', undefined, 'answered', 0],
    ])
    const [first, second] = endedOf(published)
    expect(first?.bytes).toBeGreaterThan(4)
    expect(first?.durationSeconds).toBeGreaterThan(0)
    expect(second?.error).toMatchObject({ code: 'ERR_COHERENCE_SERVER' })
  })

  it('tell of calls that fail before anything is sent, and of a session that is not created', async () => {
    await using session = await open({ maxPendingCalls: 1 })
    const map = await session.getMap<string, number>('m')
    const published = await publishedDuring(async () => {
      await failureOf(() => map.get('a', { signal: AbortSignal.abort(new Error('no')) }))
      server.delayNext('Put', 0.05)
      const pending = map.set('a', 1)
      await failureOf(() => map.get('a'))
      await pending
      await failureOf(() => Session.create({ address: '127.0.0.1:1' }))
    })
    const told = published.map(({ event, message: { operation, outcome, error } }) => {
      return [event, operation, outcome, (error as Error | undefined)?.name]
    })
    expect(told).toEqual([
      ['start', 'get', undefined, undefined],
      ['error', 'get', 'failed', 'Error'],
      ['asyncEnd', 'get', 'failed', 'Error'],
      ['start', 'set', undefined, undefined],
      ['start', 'get', undefined, undefined],
      ['error', 'get', 'not-sent', 'ConnectionError'],
      ['asyncEnd', 'get', 'not-sent', 'ConnectionError'],
      ['asyncEnd', 'set', 'answered', undefined],
      ['start', 'create', undefined, undefined],
      ['error', 'create', 'not-sent', 'ConnectionError'],
      ['asyncEnd', 'create', 'not-sent', 'ConnectionError'],
    ])
    expect(session.stats()).toMatchObject({ failedCalls: 1, pendingCalls: 0 })
  })

  it.each(['start', 'end', 'asyncStart', 'asyncEnd'])('tell those who listen to %s alone', async (event) => {
    const told: unknown[] = []
    const tell = (message: unknown): void => void told.push((message as RequestMessage).operation)
    await using session = await open()
    subscribe(`tracing:coherence-ts:request:${event}`, tell)
    await session.ping()
    unsubscribe(`tracing:coherence-ts:request:${event}`, tell)
    expect(told).toEqual(['ping'])
  })

  it('tell of connections', async () => {
    const told: unknown[] = []
    const tell = (message: unknown, name: string | symbol): void => {
      const { address, sessionId, reason } = message as ConnectionMessage
      told.push([name, address, sessionId, (reason as Error | undefined)?.name])
    }
    const names = ['coherence-ts:connect', 'coherence-ts:disconnect', 'coherence-ts:reconnect']
    for (const name of names) subscribe(name, tell)
    try {
      await using session = await open()
      await reconnected(session)
      expect(told).toEqual([
        [names[0], server.address, session.id, undefined],
        [names[1], server.address, session.id, 'ConnectionError'],
        [names[2], server.address, session.id, undefined],
      ])
    } finally {
      for (const name of names) unsubscribe(name, tell)
    }
  })
})

it('no secret of the options is in anything that can be seen', async () => {
  const seen: unknown[] = []
  const watch = (message: unknown): void => void seen.push(message)
  const requests = tracingChannel<string, RequestMessage>('coherence-ts:request')
  const subscribers = { start: watch, end: watch, asyncStart: watch, asyncEnd: watch, error: watch }
  const { logger, lines } = keepingLogger()
  for (const name of ['connect', 'disconnect', 'reconnect']) subscribe(`coherence-ts:${name}`, watch)
  requests.subscribe(subscribers)
  try {
    const auth = { username: 'ann', password: SECRET }
    const session = await open({ auth: auth, metadata: { 'x-key': SECRET }, logger })
    const map = await session.getMap<string, number>('m')
    for (const event of ['disconnected', 'reconnected', 'closed', 'error'] as const) session.on(event, watch)
    await reconnected(session)
    server.failNext('Get', 'no')
    seen.push(await failureOf(() => map.get('a')))
    seen.push(
      session,
      session.options,
      session.stats(),
      map,
      session.options.toJSON(),
      String(session.options),
    )
    await session.close()
    seen.push(await failureOf(() => map.get('a')))
  } finally {
    requests.unsubscribe(subscribers)
    for (const name of ['connect', 'disconnect', 'reconnect']) unsubscribe(`coherence-ts:${name}`, watch)
  }
  const all = [
    ...seen.map((value) => inspect(value, { depth: 12, showHidden: true, getters: true })),
    ...lines,
  ].join('\n')
  expect(all).toContain('coherence')
  const base64 = Buffer.from(`ann:${SECRET}`).toString('base64')
  expect([all.includes(SECRET), all.includes(base64)]).toEqual([false, false])
})
