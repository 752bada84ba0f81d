// Whatever a server sends in place of an answer: the call has a value or an error of this library, other calls have their
// values, and the session goes on.
import {
  Aggregators,
  type CallOptions,
  CoherenceError,
  Extractors,
  Filters,
  type NamedMap,
  Processors,
  RequestTimeoutError,
  Session,
} from 'coherence-ts'
import fc from 'fast-check'
import {
  EnsureCacheRequest,
  NamedCacheRequestType as Type,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { FakeProxy, type FakeRequest } from '../../support/fake-proxy'
import { anyOddAnswer, type OddAnswer, sendOdd } from '../../support/odd-answers'

interface Call {
  readonly name: string
  /** The request whose answer is odd. */
  readonly type: Type
  readonly make: (map: NamedMap<unknown, unknown>, options: CallOptions) => Promise<unknown>
}

const filter = Filters.always()
const value = Processors.extract(Extractors.identity())
const nothing = (): void => undefined

const CALLS: readonly Call[] = [
  { name: 'get', type: Type.Get, make: (map, options) => map.get('k', options) },
  { name: 'getAll', type: Type.GetAll, make: (map, options) => map.getAll(['k', 'l'], options) },
  { name: 'set', type: Type.Put, make: (map, options) => map.set('k', 1, options) },
  { name: 'setAll', type: Type.PutAll, make: (map, options) => map.setAll([['k', 1]], options) },
  { name: 'setIfAbsent', type: Type.PutIfAbsent, make: (map, options) => map.setIfAbsent('k', 1, options) },
  { name: 'delete', type: Type.Remove, make: (map, options) => map.delete('k', options) },
  { name: 'has', type: Type.ContainsKey, make: (map, options) => map.has('k', options) },
  { name: 'size', type: Type.Size, make: (map, options) => map.size(options) },
  { name: 'clear', type: Type.Clear, make: (map, options) => map.clear(options) },
  { name: 'invoke', type: Type.Invoke, make: (map, options) => map.invoke('k', value, options) },
  {
    name: 'invokeAll',
    type: Type.Invoke,
    make: (map, options) => map.invokeAll(value, { filter, ...options }),
  },
  {
    name: 'aggregate',
    type: Type.Aggregate,
    make: (map, options) => map.aggregate(Aggregators.sum('a'), options),
  },
  { name: 'addIndex', type: Type.Index, make: (map, options) => map.addIndex('a', options) },
  { name: 'keys', type: Type.PageOfKeys, make: (map, options) => map.keys(options).toArray() },
  { name: 'entries', type: Type.PageOfEntries, make: (map, options) => map.entries(options).toArray() },
  {
    name: 'keys of a filter',
    type: Type.QueryKeys,
    make: (map, options) => map.keys({ filter, ...options }).toArray(),
  },
  {
    name: 'values of a filter',
    type: Type.QueryValues,
    make: (map, options) => map.values({ filter, ...options }).toArray(),
  },
  {
    name: 'entries of a filter',
    type: Type.QueryEntries,
    make: (map, options) => map.entries({ filter, ...options }).toArray(),
  },
  {
    name: 'listen',
    type: Type.MapListener,
    make: async (map, options) => (await map.listen(nothing, options)).close(),
  },
  {
    name: 'events',
    type: Type.MapListener,
    make: async (map, options) => {
      const events = map.events(options)
      await events.ready
      await events.close()
    },
  },
]

/** Connections that are lost are replaced at once. */
const RETRY = { backoff: { initialSeconds: 0.001, maxSeconds: 0.001 } }
const SOON = { timeoutSeconds: 0.05 }
const answers = fc.array(anyOddAnswer, { minLength: 1, maxLength: 4 })

/** Whether the ends of the messages can be told, and whose they are: then they concern one call at the most. */
function isReadable(answer: OddAnswer): boolean {
  if (answer.sends === 'bytes' || answer.sends === 'an odd error') return false
  return answer.sends !== 'an odd message' || answer.layer !== 'response'
}

describe('a call with an odd answer', () => {
  let proxy: FakeProxy
  let session: Session
  let other: NamedMap<unknown, unknown>
  const reported: unknown[] = []
  let losses = 0

  beforeAll(async () => {
    proxy = await FakeProxy.start()
    session = await Session.create({ address: proxy.address, retry: RETRY })
    session.on('error', (error) => reported.push(error))
    session.on('disconnected', () => (losses += 1))
    other = await session.getMap('other')
    await other.set('key', 'value')
  })
  afterAll(async () => {
    await session.close()
    await proxy[Symbol.asyncDispose]()
  })

  /** Answers the next request of this type, which is not one of the other map, with `script`. */
  function onNext(type: Type, script: (request: FakeRequest) => void): void {
    proxy.on(type, (request) => {
      if (request.cacheName === 'other') {
        request.answerAsUsual()
        return
      }
      proxy.on(type)
      script(request)
    })
  }

  /** What comes of the call: nothing, or the error that it rejects with. */
  async function errorOf(call: Promise<unknown>): Promise<unknown> {
    try {
      await call
      return undefined
    } catch (error) {
      expect(error).toBeInstanceOf(CoherenceError)
      return error
    }
  }

  async function expectSessionGoesOn(): Promise<void> {
    expect(await other.get('key')).toBe('value')
    const { pendingCalls, pendingBytes } = session.stats()
    expect({ pendingCalls, pendingBytes, closed: session.closed }).toEqual({
      pendingCalls: 0,
      pendingBytes: 0,
      closed: false,
    })
    expect(reported.splice(0).filter((error) => !(error instanceof CoherenceError))).toEqual([])
  }

  it.each(CALLS)('has a value, or an error of this library: $name', async ({ type, make }) => {
    const seen = { value: 0, error: 0 }
    await fc.assert(
      fc.asyncProperty(answers, async (odd) => {
        // The server may have destroyed the one before.
        const map = await session.getMap('m')
        onNext(type, (request) => {
          for (const answer of odd) sendOdd(answer, request)
          request.answerAsUsual()
        })
        const neighbour = other.get('key')
        const lossesBefore = losses

        const error = await errorOf(make(map, {}))

        seen[error === undefined ? 'value' : 'error'] += 1
        proxy.on(type)
        expect(await neighbour).toBe('value')
        await expectSessionGoesOn()
        if (odd.every(isReadable)) expect(losses).toBe(lossesBefore)
      }),
      { numRuns: 60, seed: 7 },
    )
    expect(Math.min(seen.value, seen.error)).toBeGreaterThan(5)
  })

  it.each(CALLS)('has an error by its time where that comes too late: $name', async ({ type, make }) => {
    await fc.assert(
      fc.asyncProperty(answers, async (odd) => {
        const map = await session.getMap('m')
        const late: FakeRequest[] = []
        onNext(type, (request) => late.push(request))

        expect(await errorOf(make(map, SOON))).toBeInstanceOf(RequestTimeoutError)

        proxy.on(type)
        for (const request of late) {
          for (const answer of odd) sendOdd(answer, request)
          request.answerAsUsual()
        }
        await errorOf(make(map, {}))
        await expectSessionGoesOn()
      }),
      { numRuns: 4, seed: 7 },
    )
  })

  const asked = [
    'get',
    'getAll',
    'set',
    'clear',
    'invokeAll',
    'entries',
    'keys of a filter',
    'listen',
    'events',
  ]
  const some = CALLS.filter(({ name }) => asked.includes(name))
  it.each(some)('ends by its time where no other answer comes: $name', async ({ type, make }) => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(answers, async (odd) => {
        // A write without an answer holds up later ones on the same map.
        const map = await session.getMap(`m${++runs}`)
        const lossesBefore = losses
        proxy.on(type, (request) => {
          if (request.cacheName === 'other') request.answerAsUsual()
          else for (const answer of odd) sendOdd(answer, request)
        })

        await errorOf(make(map, { timeoutSeconds: 0.1 }))

        proxy.on(type)
        expect(losses - lossesBefore).toBeLessThan(10)
        await map.release()
        await expectSessionGoesOn()
      }),
      { numRuns: 20, seed: 7 },
    )
  })

  it('that is a map has the map, or an error of this library', async () => {
    const seen = { value: 0, error: 0 }
    await fc.assert(
      fc.asyncProperty(answers, async (odd) => {
        proxy.on(Type.EnsureCache, (request) => {
          const isWanted = request.read(EnsureCacheRequest).cache === 'new'
          if (isWanted) {
            proxy.on(Type.EnsureCache)
            for (const answer of odd) sendOdd(answer, request)
          }
          request.answerAsUsual()
        })

        const error = await errorOf(session.getMap('new'))

        seen[error === undefined ? 'value' : 'error'] += 1
        proxy.on(Type.EnsureCache)
        const map = await session.getMap('new')
        expect(await map.size()).toBe(0)
        await map.release()
        await expectSessionGoesOn()
      }),
      { numRuns: 100, seed: 7 },
    )
    expect(Math.min(seen.value, seen.error)).toBeGreaterThan(5)
  })
})

describe('a handshake with an odd answer', () => {
  const SETTINGS = { retry: RETRY, requestTimeoutSeconds: 5 }
  const reported: unknown[] = []

  afterEach(() => {
    expect(reported.splice(0).filter((error) => !(error instanceof CoherenceError))).toEqual([])
  })

  it('gives a session that works, or an error of this library', async () => {
    await using proxy = await FakeProxy.start()
    const seen = { value: 0, error: 0 }
    await fc.assert(
      fc.asyncProperty(answers, fc.boolean(), async (odd, isAccepted) => {
        proxy.onInit((stream, _init, id) => {
          for (const answer of odd) sendOdd(answer, { stream, id, cacheId: undefined })
          if (isAccepted) stream.acceptInit(id)
          else stream.end()
        })

        try {
          await using session = await Session.create({ address: proxy.address, ...SETTINGS })
          proxy.onInit()
          session.on('error', (error) => reported.push(error))
          expect(await (await session.getMap('m')).size()).toBe(0)
          seen.value += 1
        } catch (error) {
          expect(error).toBeInstanceOf(CoherenceError)
          seen.error += 1
        }
      }),
      { numRuns: 150, seed: 7 },
    )
    expect(Math.min(seen.value, seen.error)).toBeGreaterThan(20)
  })

  it('of a connection that was lost is followed by another', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address, ...SETTINGS })
    const map = await session.getMap('m')
    session.on('error', (error) => reported.push(error))
    await fc.assert(
      fc.asyncProperty(answers, async (odd) => {
        proxy.onInit((stream, _init, id) => {
          proxy.onInit()
          for (const answer of odd) sendOdd(answer, { stream, id, cacheId: undefined })
          stream.end()
        })

        await proxy.cut()

        expect(await map.size()).toBe(0)
      }),
      { numRuns: 30, seed: 7 },
    )
  })
})
