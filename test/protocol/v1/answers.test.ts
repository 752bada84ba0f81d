// The grammar of responses: which messages make an answer, which end a call with an error, and which are nobody's.
import { CoherenceError, Filters, type NamedMap, ProtocolError, ServerError, Session } from 'coherence-ts'
import {
  NamedCacheRequestType as Type,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { bytesPayload, entryPayload, json, optionalPayload, payload } from '../../support/fake-caches'
import { FakeProxy, type FakeRequest } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'

const RESPONSE = 'type.googleapis.com/coherence.cache.v1.NamedCacheResponse'
// Fields of a response, as on the wire.
const ID = 0x08
const ID_AS_BYTES = 0x0a
const UNKNOWN = 0x58
const INIT = 0x22
const MESSAGE = 0x2a
const ERROR = 0x32
const COMPLETE = 0x3a
const WRONG_TYPE = payload('google.protobuf.StringValue', Buffer.alloc(0))

describe('an answer', () => {
  it('is the message before its completion', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, (request) => request.answer(optionalPayload(json('value'))))

    expect(await map.get('k')).toBe('value')
  })

  it('of many items is all of them', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.caches.fill('m', [
      ['a', 1],
      ['b', 2],
    ])

    expect(await map.getAll(['a', 'absent', 'b'])).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    )
  })

  it('goes to the call whose id it has, in whatever order answers come', async () => {
    await using world = await fakeWorld<number, string>('m')
    const { proxy, map } = world
    const held: FakeRequest[] = []
    proxy.on(Type.Get, (request) => held.push(request))
    const values = [1, 2, 3].map((key) => map.get(key))
    await proxy.arrival(Type.Get, 3)

    held.toReversed().forEach((request) => request.answer(optionalPayload(json(`for ${request.id}`))))

    expect(await Promise.all(values)).toEqual(held.map((request) => `for ${request.id}`))
  })

  it('may be interleaved with the answers of other calls', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.on(Type.GetAll)
    proxy.on(Type.GetAll, () => undefined)
    const first = map.getAll(['a', 'b'])
    const second = map.getAll(['a', 'b'])
    const [one, two] = (await proxy.arrival(Type.GetAll, 2)) as [FakeRequest, FakeRequest]

    one.item(entryPayload(json('a'), json(1)))
    two.item(entryPayload(json('a'), json(10)))
    one.item(entryPayload(json('b'), json(2)))
    one.complete()
    two.item(entryPayload(json('b'), json(20)))
    two.complete()

    expect([await first, await second].map((found) => [...found.values()])).toEqual([
      [1, 2],
      [10, 20],
    ])
  })

  it('that is an error names the call, the map and the reason of the server', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, (request) => request.error('it is broken'))

    const error = await map.get('k').catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({
      message: "it is broken (get on map 'm' failed on the server)",
      operation: 'get',
      mapName: 'm',
    })
  })

  it('that is an error begins with the cause, and has the rest in fields', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    const serverMessage =
      '(Wrapped: Failed request execution for PartitionedCache service on Member(Id=1, Address=127.0.0.1:45381)) no more'
    proxy.once(Type.Get, (request) =>
      request.error(serverMessage, json({ name: 'com.acme.NoMore', message: serverMessage })),
    )

    await expect(map.get('k')).rejects.toMatchObject({
      message: "no more (get on map 'm' failed on the server)",
      serverMessage,
      javaClass: 'com.acme.NoMore',
    })
  })

  it.each([
    ['is none', Buffer.alloc(0)],
    ['is in another format', Buffer.from('name')],
    ['is not what its marker says', Buffer.from('\u0015{"name"')],
    ['is null', json(null)],
    ['has no name', json({ message: 'no' })],
    ['has a name that is no text', json({ name: 5 })],
    ['has a name that no class can have', json({ name: ' ' })],
    ['has a name without end', json({ name: 'x'.repeat(100_000) })],
  ])('that is an error rejects the call as well where the exception beside it %s', async (_, exception) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, (request) => request.error('no more', exception))

    await expect(map.get('k')).rejects.toMatchObject({ serverMessage: 'no more', javaClass: undefined })
  })

  it('that ends with an error after messages is the error alone', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.GetAll, (request) => {
      request.item(entryPayload(json('k'), json(1)))
      request.error('half-way')
    })

    await expect(map.getAll(['k', 'l'])).rejects.toThrow("half-way (getAll on map 'm' failed on the server)")
  })

  it.each<[what: string, answer: (request: FakeRequest) => void, text: string]>([
    [
      'of another type',
      (request) => request.answer(WRONG_TYPE),
      "The server sent 'type.googleapis.com/google.protobuf.StringValue' where " +
        "'type.googleapis.com/coherence.common.v1.OptionalValue' is due",
    ],
    [
      'without what was asked for',
      (request) => {
        request.item(undefined)
        request.complete()
      },
      "The server sent 'nothing' where 'type.googleapis.com/coherence.common.v1.OptionalValue' is due",
    ],
    ['of no message at all', (request) => request.complete(), 'The server sent no answer'],
    [
      'of another service',
      (request) => {
        request.stream.send(request.id, { $case: 'message', value: WRONG_TYPE })
        request.complete()
      },
      "The server sent 'type.googleapis.com/google.protobuf.StringValue' where " +
        "'type.googleapis.com/coherence.cache.v1.NamedCacheResponse' is due",
    ],
    [
      'that is not Protobuf',
      (request) => request.answer(payload('coherence.common.v1.OptionalValue', Buffer.from([0xff]))),
      'The server sent an answer that cannot be read',
    ],
    [
      'that is not Protobuf behind its id',
      ({ stream, id }) => stream.sendBytes(Buffer.from([ID, id, 0xff])),
      'The server sent an answer that cannot be read',
    ],
    [
      'whose message is not Protobuf',
      ({ stream, id }) => stream.sendBytes(Buffer.from([ID, id, MESSAGE, 1, 0xff])),
      'The server sent an answer that cannot be read',
    ],
    [
      'whose message has no type',
      ({ stream, id }) => stream.sendBytes(Buffer.from([ID, id, MESSAGE, 0])),
      'The server sent an answer that cannot be read',
    ],
  ])('%s is a ProtocolError of its call, and of no other', async (_what, answer, text) => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    await map.set('other', 1)
    proxy.once(Type.Get, answer)

    const error: unknown = await map.get('k').catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ProtocolError)
    expect((error as Error).message).toBe(text)
    expect(await map.get('other')).toBe(1)
    expect(proxy.streams).toHaveLength(1)
  })

  it('that is an error which is not Protobuf is one without a text, and concerns no other call', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.Get, ({ stream, id }) => stream.sendBytes(Buffer.from([ID, id, ERROR, 1, 0xff])))

    await expect(map.get('k')).rejects.toMatchObject({
      code: 'ERR_COHERENCE_SERVER',
      message: "The server tells no reason (get on map 'm' failed on the server)",
    })
    expect(await map.get('k')).toBeUndefined()
    expect(proxy.streams).toHaveLength(1)
  })

  it('of a write that is never completed does not hold up the next one of its key', async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.once(Type.Put, (request) => request.item(bytesPayload(json(1))))

    expect(await map.set('k', 2)).toBe(1)
    expect(await map.set('k', 3)).toBeUndefined()
  })

  it('that comes twice is taken once', async () => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.Get, (request) => {
      request.answer(optionalPayload(json('first')))
      request.answer(optionalPayload(json('second')))
      request.error('third')
    })

    expect(await map.get('k')).toBe('first')
    expect(await map.get('k')).toBeUndefined()
  })
})

describe('a cache that gets no id', () => {
  it.each<[what: string, answer: (request: FakeRequest) => void]>([
    ['as there is no message', (request) => request.complete()],
    [
      'as the message has none',
      (request) => {
        request.item(undefined)
        request.complete()
      },
    ],
  ])('fails getMap, %s', async (_what, answer) => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })
    proxy.once(Type.EnsureCache, answer)

    await expect(session.getMap('m')).rejects.toThrow(new ProtocolError("The server gave no id for map 'm'"))
  })

  it.each<[what: string, read: (map: NamedMap<unknown, unknown>) => Promise<unknown>]>([
    ['a streamed read', (map) => map.keys({ filter: Filters.always() }).toArray()],
    ['an event stream', (map) => map.events()[Symbol.asyncIterator]().next()],
  ])('on the stream of its own fails %s', async (_what, read) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.EnsureCache, (request) => request.complete())

    await expect(read(map)).rejects.toThrow(new ProtocolError("The server gave no id for map 'm'"))
  })
})

describe('a response that answers nothing', () => {
  it.each<[what: string, respond: (request: FakeRequest) => void]>([
    ['a message with an unknown id', ({ stream }) => stream.message(987, 1, bytesPayload(json(1)))],
    ['a completion with an unknown id', ({ stream }) => stream.complete(987)],
    ['an error with an unknown id', ({ stream }) => stream.error(987, 'nobody asked')],
    ['a negative id', ({ stream }) => stream.complete(-1)],
    [
      'a heartbeat with an unknown id',
      ({ stream }) => stream.send(987, { $case: 'heartbeat', value: { uuid: undefined, ack: false } }),
    ],
    [
      'a heartbeat of the server with the id 0',
      ({ stream }) => stream.send(0, { $case: 'heartbeat', value: { uuid: undefined, ack: true } }),
    ],
    ['a second answer to the handshake', ({ stream }) => stream.acceptInit(1)],
    ['an event of an unknown cache', ({ stream }) => stream.event(987, ResponseType.Destroyed)],
    [
      'an event of an unknown type',
      // A response of type 99 that names no cache.
      ({ stream }) =>
        stream.send(0, { $case: 'message', value: { typeUrl: RESPONSE, value: Buffer.from([16, 99]) } }),
    ],
    ['an event of another service', ({ stream }) => stream.send(0, { $case: 'message', value: WRONG_TYPE })],
    [
      'an event that is not Protobuf',
      ({ stream }) =>
        stream.send(0, { $case: 'message', value: { typeUrl: RESPONSE, value: Buffer.from([0xff]) } }),
    ],
    ['a completion with the id 0', ({ stream }) => stream.complete(0)],
    [
      'a completion whose id is of another kind',
      ({ stream, id }) => stream.sendBytes(Buffer.from([UNKNOWN, id, ID_AS_BYTES, 0, COMPLETE, 0])),
    ],
    [
      'a second answer to the handshake that is not Protobuf',
      ({ stream, id }) => stream.sendBytes(Buffer.from([ID, id, INIT, 1, 0xff])),
    ],
    ['an event that has no type', ({ stream }) => stream.sendBytes(Buffer.from([MESSAGE, 0]))],
    ['a message of no bytes', ({ stream }) => stream.sendBytes(Buffer.alloc(0))],
    ['a response of a kind that is not known', ({ stream, id }) => stream.send(id, undefined)],
  ])('does no harm: %s', async (_what, respond) => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.once(Type.Get, (request) => {
      respond(request)
      request.answer(optionalPayload(json('value')))
    })

    expect(await map.get('k')).toBe('value')
    expect([map.isActive, session.closed, proxy.streams.length]).toEqual([true, false, 1])
  })
})

describe('an event before the handshake of its stream', () => {
  it("is nobody's", async () => {
    await using world = await fakeWorld<string, number>('m')
    const { proxy, map } = world
    proxy.onInit((stream, _init, id) => {
      stream.event(1, ResponseType.Destroyed)
      stream.acceptInit(id)
    })
    const events = map.events()
    await events.ready

    await map.set('k', 1)

    expect(await events[Symbol.asyncIterator]().next()).toMatchObject({
      done: false,
      value: { type: 'insert', key: 'k' },
    })
    await events.close()
  })
})

describe('an error of a call', () => {
  it('is always one of this library', async () => {
    await using world = await fakeWorld('m')
    const { proxy, session, map } = world
    proxy.once(Type.EnsureCache, (request) => request.error('no such cache'))

    const error: unknown = await session.getMap('refused').catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(CoherenceError)
    expect(error).toMatchObject({ code: 'ERR_COHERENCE_SERVER', operation: 'getMap', mapName: 'refused' })
    expect(map.isActive).toBe(true)
    expect((await session.getMap('refused')).name).toBe('refused')
  })
})

describe('a registration that the server fails to make because it removes another one', () => {
  const RACE = 'Cannot invoke "java.util.Map.get(Object)" because "mapFilterId" is null'
  const REGISTER: readonly (readonly [string, (map: NamedMap<unknown, unknown>) => Promise<unknown>])[] = [
    ['listen', (map) => map.listen(() => undefined)],
    ['events', (map) => map.events().ready],
    ['events on a stream of its own', (map) => map.events({ overflow: 'error' }).ready],
  ]

  it.each(REGISTER)('is asked for again: %s', async (_what, register) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.once(Type.MapListener, (request) => request.error(RACE))

    await register(map)

    expect(proxy.received(Type.MapListener)).toHaveLength(2)
  })

  it.each(REGISTER)('is not asked for without end: %s', async (_what, register) => {
    await using world = await fakeWorld('m')
    const { proxy, map } = world
    proxy.on(Type.MapListener, (request) => request.error(RACE))

    await expect(register(map)).rejects.toThrow(RACE)

    expect(proxy.received(Type.MapListener)).toHaveLength(5)
  })
})
