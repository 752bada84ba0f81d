// What can be seen of streamed reads and event streams: the channels of `node:diagnostics_channel`, and the statistics.
import { Extractors, Filters, type NamedMap, Processors, type RequestMessage, Session } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { arrivalAt } from '../../support/embedded-arrivals'
import { failureOf } from '../../support/failures'
import { endedOf, publishedDuring } from '../../support/published-requests'

let server: EmbeddedCoherence
let session: Session
let map: NamedMap<string, number>

beforeEach(async () => {
  server = await EmbeddedCoherence.start()
  session = await Session.create({ address: server.address })
  map = await session.getMap<string, number>('m')
  await map.setAll([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
})

afterEach(async () => {
  await session.close()
  await server.stop()
})

interface Told {
  /** The channel, the operation, and the outcome at that time. */
  readonly events: (readonly [event: string, operation: string, outcome: string | undefined])[]
  /** The messages of calls that have ended. */
  readonly ended: RequestMessage[]
}

/** What is published while `run` runs. */
async function published(run: () => unknown): Promise<Told> {
  const all = await publishedDuring(run)
  const events = all.map(({ event, message }) => [event, message.operation, message.outcome] as const)
  return { events, ended: endedOf(all) }
}

/** Reads the elements, and leaves the loop after some of them. */
async function consume(elements: AsyncIterable<unknown>, atMost = Infinity): Promise<void> {
  let left = atMost
  for await (const element of elements) {
    expect(element).toBeDefined()
    left -= 1
    if (left === 0) break
  }
}

const always = Filters.always()
const values = Processors.extract(Extractors.identity<number>())

describe('the channels tell of a streamed read', () => {
  it.each<[what: string, operation: string, read: () => Promise<unknown>]>([
    ['of all keys', 'keys', () => map.keys().toArray()],
    ['of some keys', 'keys', () => map.keys({ filter: always }).toArray()],
    ['of all values', 'values', () => map.values().toArray()],
    ['of some values', 'values', () => map.values({ filter: always, limit: 2 }).toArray()],
    ['of all entries', 'entries', () => map.entries().toMap()],
    ['of some entries', 'entries', () => map.entries({ filter: always }).toArray()],
    ['of the map', 'entries', () => consume(map)],
    ['by forEach', 'forEach', () => map.forEach(() => undefined)],
    ['of the results of a processor', 'invokeAll', () => map.invokeAll(values, { stream: true }).toArray()],
  ])('%s: its begin, its end, and what it sent', async (_what, operation, read) => {
    const { events, ended } = await published(read)
    expect(events).toEqual([
      ['start', operation, undefined],
      ['asyncEnd', operation, 'answered'],
    ])
    expect(ended[0]).toMatchObject({ operation, mapName: 'm', timeoutSeconds: 30 })
    expect(ended[0]?.attempts).toBeGreaterThan(0)
    expect(ended[0]?.durationSeconds).toBeGreaterThan(0)
  })

  it('with the bytes of its requests, as often as they were sent', async () => {
    await using retrying = await Session.create({ address: server.address, retry: { attempts: 2 } })
    const retryingMap = await retrying.getMap<string, number>('m')
    const once = await published(() => retryingMap.keys({ filter: always }).toArray())
    const twice = await published(async () => {
      server.delayNext('QueryKeys', 60)
      const arrival = arrivalAt(server, 'QueryKeys')
      const reading = retryingMap.keys({ filter: always }).toArray()
      await arrival
      server.dropConnections()
      await reading
    })
    const [first, second] = [once.ended[0], twice.ended[0]]
    expect([first?.attempts, second?.attempts]).toEqual([1, 2])
    expect(first?.bytes).toBeGreaterThan(0)
    expect(second?.bytes).toBe((first?.bytes ?? 0) * 2)
  })

  it('not before it is consumed, and for each loop', async () => {
    const { events, ended } = await published(async () => {
      const keys = map.keys({ filter: always })
      keys[Symbol.asyncIterator]()
      await Promise.all([keys.toArray(), keys.toArray()])
    })
    expect(events.map(([event]) => event).sort()).toEqual(['asyncEnd', 'asyncEnd', 'start', 'start'])
    expect(ended.map(({ attempts }) => attempts)).toEqual([1, 1])
  })

  it('that its consumer leaves', async () => {
    const { events } = await published(async () => {
      await consume(map.entries(), 1)
      const loop = map.forEach(() => {
        throw new Error('enough')
      })
      await failureOf(() => loop)
      await consume(map.invokeAll(values, { stream: true }), 1)
    })
    expect(events).toEqual([
      ['start', 'entries', undefined],
      ['asyncEnd', 'entries', 'left'],
      ['start', 'forEach', undefined],
      ['asyncEnd', 'forEach', 'left'],
      ['start', 'invokeAll', undefined],
      ['asyncEnd', 'invokeAll', 'left'],
    ])
  })

  it.each<[operation: 'keys' | 'invokeAll', request: 'QueryKeys' | 'Invoke', read: () => Promise<unknown>]>([
    ['keys', 'QueryKeys', () => map.keys({ filter: always }).toArray()],
    ['invokeAll', 'Invoke', () => map.invokeAll(values, { filter: always, stream: true }).toArray()],
  ])('that fails: %s', async (operation, request, read) => {
    let failure: unknown
    const { events, ended } = await published(async () => {
      server.failNext(request, 'no')
      failure = await failureOf(read)
    })
    expect(events).toEqual([
      ['start', operation, undefined],
      ['error', operation, 'failed'],
      ['asyncEnd', operation, 'failed'],
    ])
    expect(ended[0]?.error).toBe(failure)
    expect(failure).toMatchObject({ code: 'ERR_COHERENCE_SERVER' })
  })

  it('that is aborted before it begins, or ends with its session', async () => {
    const signal = AbortSignal.abort(new Error('no'))
    const { ended } = await published(async () => {
      await failureOf(() => map.keys({ signal }).toArray())
      await failureOf(() => map.invokeAll(values, { stream: true, signal }))
      server.delayNext('QueryKeys', 60)
      const arrival = arrivalAt(server, 'QueryKeys')
      const failing = failureOf(() => map.keys({ filter: always }).toArray())
      await arrival
      await session.close()
      await failing
    })
    expect(ended.map(({ operation, outcome, attempts }) => [operation, outcome, attempts])).toEqual([
      ['keys', 'failed', 0],
      ['invokeAll', 'failed', 0],
      ['keys', 'unknown', 1],
    ])
  })
})

describe('the channels tell of the registration of an event stream', () => {
  it.each(['pause', 'error'] as const)('with overflow %s', async (overflow) => {
    const { events } = await published(async () => {
      await using stream = map.events({ overflow })
      await stream.ready
      expect(session.stats().pendingCalls).toBe(0)
    })
    expect(events).toEqual([
      ['start', 'events', undefined],
      ['asyncEnd', 'events', 'answered'],
    ])
  })

  it('that fails, or is left before the server has it', async () => {
    const { events } = await published(async () => {
      const signal = AbortSignal.abort(new Error('no'))
      await failureOf(() => map.events({ signal }).ready)
      const stream = map.events()
      await stream.close()
      await stream.ready
    })
    expect(events).toEqual([
      ['start', 'events', undefined],
      ['error', 'events', 'failed'],
      ['asyncEnd', 'events', 'failed'],
      ['start', 'events', undefined],
      ['asyncEnd', 'events', 'left'],
    ])
  })
})

describe('statistics', () => {
  it('count each loop over a streamed read, as pending until it ends', async () => {
    const before = session.stats().calls
    const keys = map.keys()
    await keys.toArray()
    const loop = keys[Symbol.asyncIterator]()
    await loop.next()
    expect(session.stats()).toMatchObject({ calls: before + 2, pendingCalls: 1, failedCalls: 0 })
    await loop.return?.()
    server.failNext('QueryValues', 'no')
    await failureOf(() => map.values({ filter: always }).toArray())
    const results = map.invokeAll(values, { stream: true })
    expect(session.stats().pendingCalls).toBe(1)
    await results.toArray()
    expect(session.stats()).toMatchObject({ calls: before + 4, pendingCalls: 0, failedCalls: 1 })
  })

  it('count an event stream, as pending until it is registered', async () => {
    const before = session.stats().calls
    await using stream = map.events()
    expect(session.stats()).toMatchObject({ calls: before + 1, pendingCalls: 1 })
    await stream.ready
    expect(session.stats()).toMatchObject({ calls: before + 1, pendingCalls: 0, failedCalls: 0 })
  })

  it('streams leave room for calls: they do not count for maxPendingCalls', async () => {
    await using bounded = await Session.create({ address: server.address, maxPendingCalls: 1 })
    const boundedMap = await bounded.getMap<string, number>('m')
    const got: unknown[] = []
    for await (const key of boundedMap.keys()) got.push(await boundedMap.get(key))
    expect(got.sort()).toEqual([1, 2, 3])
  })
})
