// Reads of all there is in a map: first from a page, then by a query or from more pages.
import { ConnectionError, ProtocolError, RequestTimeoutError } from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BytesValue } from '../../../gen/google/protobuf/wrappers'
import { bytesPayload, json } from '../../support/fake-caches'
import { noAnswer } from '../../support/fake-proxy'
import { fakeWorld, type FakeWorld } from '../../support/fake-world'

type Entries = readonly (readonly [number, string])[]

const entriesUpTo = (count: number): Entries =>
  Array.from({ length: count }, (_, index) => [index, `value ${index}`] as const)

interface Opened extends FakeWorld<number, string> {
  /** How many requests of a type came. */
  count(type: Type): number
}

async function open(entries: Entries, pageSize: number): Promise<Opened> {
  const world = await fakeWorld<number, string>('m')
  const { proxy } = world
  proxy.caches.fill('m', entries)
  proxy.caches.pageSize = pageSize
  return { ...world, count: (type) => proxy.received(type).length }
}

describe('a read of a whole map', () => {
  it.each([
    ['nothing', 0, 10],
    ['less than a page', 9, 10],
    ['one page', 10, 10],
    ['one more than a page', 11, 10],
    ['many pages', 500, 10],
    ['large pages', 3_500, 1_000],
  ])('gives each element once: %s', async (_what, size, pageSize) => {
    const entries = entriesUpTo(size)
    await using opened = await open(entries, pageSize)
    const { map } = opened

    expect(await map.keys().toArray()).toEqual(entries.map(([key]) => key))
    expect(await map.values().toArray()).toEqual(entries.map(([, value]) => value))
    expect(await map.entries().toArray()).toEqual(entries)
    const visited: [number, string][] = []
    await map.forEach((value, key) => visited.push([key, value]))
    expect(visited).toEqual(entries)
  })

  it.each([
    ['one page where that has all of it', 10, 10, [1, 0]],
    ['a query for the rest of a small map', 30, 10, [1, 1]],
    ['pages only where they are large', 2_500, 1_000, [3, 0]],
  ])('asks for %s', async (_what, size, pageSize, [pages, queries]) => {
    await using opened = await open(entriesUpTo(size), pageSize)
    await opened.map.keys().toArray()
    await opened.map.entries().toArray()

    expect([opened.count(Type.PageOfKeys), opened.count(Type.QueryKeys)]).toEqual([pages, queries])
    expect([opened.count(Type.PageOfEntries), opened.count(Type.QueryEntries)]).toEqual([pages, queries])
  })

  it('that is left within the first page asks for no more', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    expect(await opened.map.entries({ limit: 10 }).toArray()).toHaveLength(10)
    for await (const key of opened.map.keys()) if (key === 3) break
    await opened.map.size()

    expect([opened.count(Type.QueryEntries), opened.count(Type.QueryKeys)]).toEqual([0, 0])
  })

  it('uses one stream of its own', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    await opened.map.entries().toArray()

    expect(opened.proxy.streams).toHaveLength(2)
  })

  it('gives what came meanwhile, and nothing twice that was changed', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    const { map, proxy } = opened
    const found: [number, string][] = []
    for await (const entry of map.entries()) {
      if (found.push(entry) === 1) {
        proxy.caches.fill('m', [
          [5, 'changed'],
          [30, 'new'],
        ])
      }
    }

    expect(found).toEqual([...entriesUpTo(30), [30, 'new']])
  })

  it('gives each of several calls made at once an element of its own', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    const keys = opened.map.keys()[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 32 }, () => keys.next()))

    expect(results.map(({ value }): unknown => value)).toEqual([
      ...entriesUpTo(30).map(([key]) => key),
      undefined,
      undefined,
    ])
  })

  it('rejects with what its first page fails with', async () => {
    await using opened = await open(entriesUpTo(3), 10)
    opened.proxy.on(Type.PageOfKeys, (request) => request.error('no access'))

    await expect(opened.map.keys().toArray()).rejects.toThrow(
      "no access (keys on map 'm' failed on the server)",
    )
    expect(opened.count(Type.QueryKeys)).toBe(0)
  })

  it('rejects with what a page fails with after its first elements', async () => {
    await using opened = await open(entriesUpTo(3), 10)
    opened.proxy.on(Type.PageOfKeys, (request) => {
      request.item(bytesPayload(Buffer.alloc(0)))
      request.item(bytesPayload(json(0)))
      request.error('half-way')
    })
    const keys = opened.map.keys()[Symbol.asyncIterator]()

    expect(await keys.next()).toEqual({ done: false, value: 0 })
    await expect(keys.next()).rejects.toThrow("half-way (keys on map 'm' failed on the server)")
    expect(await keys.next()).toEqual({ done: true, value: undefined })
  })

  it('begins again where its first page is lost before an element', async () => {
    await using opened = await open(entriesUpTo(3), 10)
    opened.proxy.once(Type.PageOfKeys, (request) => request.item(bytesPayload(Buffer.from('7'))))
    const keys = opened.map.keys().toArray()
    await opened.proxy.arrival(Type.PageOfKeys)
    // What was sent before on this connection has arrived with the answer.
    await opened.map.size()
    await opened.proxy.cut()

    expect(await keys).toEqual([0, 1, 2])
  })

  it('lost in the middle of its query ends with ConnectionError', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    const keys = opened.map.keys()[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(10)) expect(await keys.next()).toEqual({ done: false, value: key })
    opened.proxy.once(Type.QueryKeys, (request) => request.item(bytesPayload(json(10))))
    expect(await keys.next()).toEqual({ done: false, value: 10 })
    await opened.proxy.cut()

    await expect(keys.next()).rejects.toThrow(ConnectionError)
  })

  it('lost between two pages goes on', async () => {
    await using opened = await open(entriesUpTo(2_500), 1_000)
    const found: number[] = []
    for await (const key of opened.map.keys()) {
      if (found.push(key) === 1_000) await opened.proxy.cut()
    }

    expect(found).toEqual(entriesUpTo(2_500).map(([key]) => key))
  })

  it('waits for an element as long as its time, whatever comes in between', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    const { proxy, map } = opened
    const keys = map.keys({ timeoutSeconds: 0.5 })[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(10)) expect(await keys.next()).toEqual({ done: false, value: key })
    // What the page gave comes again and again, and nothing else.
    const repeat = { timer: undefined as NodeJS.Timeout | undefined }
    proxy.on(Type.QueryKeys, (request) => {
      repeat.timer = setInterval(() => request.item(bytesPayload(json(3))), 50)
    })
    try {
      await expect(keys.next()).rejects.toThrow(RequestTimeoutError)
    } finally {
      clearInterval(repeat.timer)
    }
  })

  it('that waits longer than its time for a page ends', async () => {
    await using opened = await open(entriesUpTo(3), 10)
    opened.proxy.on(Type.PageOfKeys, noAnswer)

    await expect(opened.map.keys({ timeoutSeconds: 0.2 }).toArray()).rejects.toThrow(RequestTimeoutError)
    await opened.proxy.until(() => opened.proxy.open.length === 1)
  })

  it('that is aborted at rest between page and query ends with the reason', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    const abort = new AbortController()
    const keys = opened.map.keys({ signal: abort.signal })[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(10)) expect(await keys.next()).toEqual({ done: false, value: key })
    abort.abort('enough')

    await expect(keys.next()).rejects.toBe('enough')
  })

  it('that is left while it waits for a page or a query ends that wait', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    for (const [type, given] of [
      [Type.QueryKeys, 10],
      [Type.PageOfKeys, 0],
    ] as const) {
      const keys = opened.map.keys()[Symbol.asyncIterator]()
      for (const [key] of entriesUpTo(given)) expect(await keys.next()).toEqual({ done: false, value: key })
      opened.proxy.on(type, noAnswer)
      const next = keys.next()
      await opened.proxy.arrival(type)
      await keys.return?.()

      expect(await next).toEqual({ done: true, value: undefined })
      await opened.proxy.until(() => opened.proxy.open.length === 1)
    }
  })

  it('rejects with what a later page fails with', async () => {
    await using opened = await open(entriesUpTo(2_500), 1_000)
    const keys = opened.map.keys()[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(1_000)) expect(await keys.next()).toEqual({ done: false, value: key })
    opened.proxy.on(Type.PageOfKeys, (request) => request.error('half-way'))

    await expect(keys.next()).rejects.toThrow("half-way (keys on map 'm' failed on the server)")
  })

  it('rejects where the same page comes again and again', async () => {
    await using opened = await open(entriesUpTo(2_500), 1_000)
    const keys = opened.map.keys()[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(1_000)) expect(await keys.next()).toEqual({ done: false, value: key })
    opened.proxy.on(Type.PageOfKeys, (request) => {
      request.answer(bytesPayload(request.read(BytesValue).value))
    })

    await expect(keys.next()).rejects.toThrow(new ProtocolError('The server sent the same page again'))
  })

  it('that is aborted while its query is awaited ends with the reason', async () => {
    await using opened = await open(entriesUpTo(30), 10)
    opened.proxy.on(Type.QueryKeys, noAnswer)
    const abort = new AbortController()
    const keys = opened.map.keys({ signal: abort.signal })[Symbol.asyncIterator]()
    for (const [key] of entriesUpTo(10)) expect(await keys.next()).toEqual({ done: false, value: key })
    const next = keys.next()
    await opened.proxy.arrival(Type.QueryKeys)
    abort.abort('enough')

    await expect(next).rejects.toBe('enough')
  })
})
