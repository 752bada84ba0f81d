// replaceMapping and its like where the stored value has another form: which requests they take, and what becomes of
// them when one of those fails, takes too long, or is given up.
import {
  CodecError,
  ConnectionError,
  type NamedMap,
  RequestTimeoutError,
  ServerError,
  Session,
} from 'coherence-ts'
import {
  ExecuteRequest,
  NamedCacheRequestType as Type,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { boolPayload, bytesPayload, entryPayload, json, optionalPayload } from '../../support/fake-caches'
import { FakeProxy, type FakeRequest, noAnswer } from '../../support/fake-proxy'

type AnyMap = NamedMap<string, unknown>

const STORED = { a: 1, note: null }
const GIVEN = { a: 1 }
const FINGERPRINT = ['[a fingerprint]', 7]
const WRITES = [
  ['replaceMapping', (map: AnyMap, options?: object) => map.replaceMapping('k', GIVEN, 'new', options)],
  ['removeMapping', (map: AnyMap, options?: object) => map.removeMapping('k', GIVEN, options)],
] as const

interface World extends AsyncDisposable {
  readonly proxy: FakeProxy
  readonly session: Session
  readonly map: AnyMap
  /** The types of the requests of the map that arrived. */
  arrived(): string[]
}

/** A map whose key `k` has a value in another form, on a server that has its processors answered by a test. */
async function openWorld(options: object = {}): Promise<World> {
  const proxy = await FakeProxy.start()
  const session = await Session.create({ address: proxy.address, ...options })
  const map = await session.getMap<string>('m')
  proxy.caches.fill('m', [['k', STORED]])
  return {
    proxy,
    session,
    map,
    arrived: () => proxy.requests.map(({ type }) => Type[type]).filter((name) => name !== 'EnsureCache'),
    async [Symbol.asyncDispose]() {
      await session.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

/** Answers the look at the value, and then the write, by turns. */
function answerProcessors(proxy: FakeProxy, write: (request: FakeRequest) => void): void {
  let looks = true
  proxy.on(Type.Invoke, (request) => {
    if (looks) request.answer(entryPayload(json('k'), json([GIVEN, FINGERPRINT])))
    else write(request)
    looks = !looks
  })
}

function answerWrite(answer: unknown): (request: FakeRequest) => void {
  return (request) => request.answer(entryPayload(json('k'), json(answer)))
}

/** What a processor was sent as. */
function processorOf(request: FakeRequest | undefined): unknown {
  const { agent } = request?.read(ExecuteRequest) ?? {}
  return agent === undefined ? undefined : JSON.parse(agent.subarray(1).toString())
}

describe.each(WRITES)('%s', (operation, write) => {
  const plain = operation === 'replaceMapping' ? 'ReplaceMapping' : 'RemoveMapping'

  it('takes one request where the server finds the values equal', async () => {
    await using world = await openWorld()
    world.proxy.caches.fill('m', [['k', GIVEN]])
    expect(await write(world.map)).toBe(true)
    expect(world.arrived()).toEqual([plain])
  })

  it('takes another where they differ', async () => {
    await using world = await openWorld()
    world.proxy.caches.fill('m', [['k', { a: 2 }]])
    expect(await write(world.map)).toBe(false)
    expect(world.arrived()).toEqual([plain, 'Get'])
  })

  it('takes two more where they are equal in another form, the last of which writes', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, answerWrite([null]))
    expect(await write(world.map)).toBe(true)
    expect(world.arrived()).toEqual([plain, 'Get', 'Invoke', 'Invoke'])
    expect(processorOf(world.proxy.received(Type.Invoke)[1])).toMatchObject({
      '@class': 'processor.ConditionalProcessor',
      filter: { '@class': 'filter.EqualsFilter', value: FINGERPRINT },
    })
  })

  it('is false where another value came before the write', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, answerWrite(null))
    expect(await write(world.map)).toBe(false)
  })

  it('is false where another value came before the look at it, and writes nothing', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.Invoke, (request) =>
      request.answer(entryPayload(json('k'), json([{ a: 2 }, FINGERPRINT]))),
    )
    expect(await write(world.map)).toBe(false)
    expect(world.arrived()).toEqual([plain, 'Get', 'Invoke'])
  })

  it('reads the value again where it may be the server that prints it in another way', async () => {
    await using world = await openWorld()
    const double = { a: 0.1 + 0.2 }
    world.proxy.caches.fill('m', [['k', { ...double, note: null }]])
    const answers = [[{ a: 0.3 }, FINGERPRINT], [null]]
    world.proxy.on(Type.Invoke, (request) => request.answer(entryPayload(json('k'), json(answers.shift()))))
    const done =
      operation === 'replaceMapping'
        ? world.map.replaceMapping('k', double, 'new')
        : world.map.removeMapping('k', double)
    expect(await done).toBe(true)
    expect(world.arrived()).toEqual([plain, 'Get', 'Invoke', 'Get', 'Invoke'])
  })

  it('looks at the whole where the server cannot look at the parts', async () => {
    await using world = await openWorld()
    const answers = [[GIVEN, FINGERPRINT], [null]]
    world.proxy.once(Type.Invoke, (request) => {
      request.error('Missing or inaccessible method: java.util.HashSet.get')
      world.proxy.on(Type.Invoke, (next) => next.answer(entryPayload(json('k'), json(answers.shift()))))
    })
    expect(await write(world.map)).toBe(true)
    expect(world.arrived()).toEqual([plain, 'Get', 'Invoke', 'Invoke', 'Invoke'])
  })

  it('fails where the server refuses to look', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.Invoke, (request) => request.error('not permitted'))
    await expect(write(world.map)).rejects.toBeInstanceOf(ServerError)
  })

  it('is false where no value can be had', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.Get, (request) =>
      request.error('Failed to serialize object of type class java.lang.Object'),
    )
    expect(await write(world.map)).toBe(false)
  })

  it('is false where the stored value is not JSON', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.Get, (request) => request.answer(optionalPayload(Buffer.from('\u0015{'))))
    expect(await write(world.map)).toBe(false)
  })

  it('has its time for all requests together', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, noAnswer)
    await expect(write(world.map, { timeoutSeconds: 0.2 })).rejects.toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
      operation,
      timeoutSeconds: 0.2,
      outcome: 'unknown',
    })
  })

  it('keeps its place before later writes until the server is done with its last request', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, noAnswer)
    await expect(write(world.map, { timeoutSeconds: 0.2 })).rejects.toBeInstanceOf(RequestTimeoutError)
    const later = world.map.set('k', 'later')
    await world.session.ping()
    expect(world.proxy.received(Type.Put)).toEqual([])

    world.proxy.received(Type.Invoke)[1]?.answer(entryPayload(json('k'), json([null])))

    await later
    expect(world.proxy.caches.valueOf('m', 'k')).toBe('later')
  })

  it('lets no later write between its requests', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, answerWrite([null]))
    await Promise.all([write(world.map), world.map.set('k', 'later')])
    expect(world.arrived()).toEqual([plain, 'Get', 'Invoke', 'Invoke', 'Put'])
  })

  it('ends with the reason of its signal, whichever request it waits for', async () => {
    await using world = await openWorld()
    const reason = new Error('enough')
    for (const type of [Type.Get, Type.Invoke]) {
      const abort = new AbortController()
      world.proxy.on(type, () => abort.abort(reason))
      await expect(write(world.map, { signal: abort.signal })).rejects.toBe(reason)
      world.proxy.on(type)
      world.proxy.received(type).at(-1)?.answerAsUsual()
    }
  })

  it('has an unknown outcome where the connection is lost while it writes', async () => {
    await using world = await openWorld()
    answerProcessors(world.proxy, () => void world.proxy.cut())
    const error: unknown = await write(world.map).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ outcome: 'unknown' })
  })

  it('is refused where its condition does not fit in a request', async () => {
    await using world = await openWorld({ maxRequestBytes: 1_000 })
    answerProcessors(world.proxy, answerWrite([null]))
    world.proxy.on(Type.Invoke, (request) =>
      request.answer(entryPayload(json('k'), json([GIVEN, ['x'.repeat(1_000), 7]]))),
    )
    await expect(write(world.map)).rejects.toMatchObject({
      code: 'ERR_COHERENCE_CODEC',
      message: expect.stringContaining(`${operation} on map 'm' for key "k"`) as unknown,
      outcome: 'not-sent',
    })
    await world.map.set('k', 'later')
    expect(world.proxy.caches.valueOf('m', 'k')).toBe('later')
  })

  it('compares null in one request', async () => {
    await using world = await openWorld()
    const done =
      operation === 'replaceMapping'
        ? world.map.replaceMapping('k', null, 1)
        : world.map.removeMapping('k', null)
    expect(await done).toBe(false)
    expect(world.arrived()).toEqual([plain])
  })
})

describe('hasEntry', () => {
  it('takes one request where the server finds the values equal, else another', async () => {
    await using world = await openWorld()
    expect([await world.map.hasEntry('k', STORED), world.arrived()]).toEqual([true, ['ContainsEntry']])
    expect([await world.map.hasEntry('k', GIVEN), world.arrived().slice(1)]).toEqual([
      true,
      ['ContainsEntry', 'Get'],
    ])
  })
})

describe('hasValue', () => {
  it('takes one request where the server finds the value, else looks through those that may be it', async () => {
    await using world = await openWorld()
    expect([await world.map.hasValue(STORED), world.arrived()]).toEqual([true, ['ContainsValue']])
    expect([await world.map.hasValue(GIVEN), world.arrived().slice(1)]).toEqual([
      true,
      ['ContainsValue', 'QueryValues'],
    ])
  })

  it('has its time for all values together', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.QueryValues, noAnswer)
    await expect(world.map.hasValue(GIVEN, { timeoutSeconds: 0.2 })).rejects.toBeInstanceOf(
      RequestTimeoutError,
    )
  })

  it('passes over values that this client cannot read', async () => {
    await using world = await openWorld()
    world.proxy.on(Type.ContainsValue, (request) => request.answer(boolPayload(false)))
    world.proxy.on(Type.QueryValues, (request) =>
      request.answer(bytesPayload(Buffer.from('\u0015{')), bytesPayload(json(STORED))),
    )
    expect(await world.map.hasValue({ a: 3 })).toBe(false)
    expect(await world.map.hasValue(GIVEN)).toBe(true)
  })
})

it('a value that its codec refuses rejects the call before anything is sent', async () => {
  await using world = await openWorld()
  await expect(world.map.replaceMapping('k', NaN, 1)).rejects.toBeInstanceOf(CodecError)
  expect(world.arrived()).toEqual([])
})
