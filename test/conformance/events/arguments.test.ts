// Wrong arguments of listen and events, maps that are not active, and calls that are given up.
import { CodecError, Extractors, type Filter, Filters, SessionClosedError } from 'coherence-ts'
import { serverAddress, uniqueName } from '../../support/conformance'
import { describeMaps, openSession } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { startTcpProxy } from '../../support/tcp-proxy'
import { wrongArgument } from '../../support/wrong-argument'
import { inserted, Notes } from './noted'

function ofEvents(
  className: string,
  members: object = { extractor: Extractors.identity() },
): Filter<unknown> {
  return Filters.custom(className, members)
}

const WRONG_OPTIONS: readonly (readonly [what: string, options: object, reason: string])[] = [
  ['a key and a filter', { key: 1, filter: Filters.always() }, 'key excludes filter and kinds; '],
  ['a key and kinds', { key: 1, kinds: ['insert'] }, 'key excludes filter and kinds; '],
  ['a filter that is a function', { filter: () => true }, 'filter is a function; '],
  ['a filter that is a string', { filter: 'age > 1' }, "filter is 'age > 1'; "],
  ['kinds that are no array', { kinds: 'insert' }, "kinds is 'insert'; "],
  ['no kinds', { kinds: [] }, 'kinds is an array; '],
  ['a kind that there is not', { kinds: ['insert', 'expired'] }, "there is no kind 'expired'; "],
  ['a kind of Object.prototype', { kinds: ['toString'] }, "there is no kind 'toString'; "],
  [
    'kinds and a filter of events',
    { filter: ofEvents('filter.MapEventFilter', { mask: 7 }), kinds: ['insert'] },
    'kinds excludes a filter that is an event filter; ',
  ],
  [
    'a filter of events that lets nothing through',
    { filter: ofEvents('filter.MapEventFilter', {}) },
    'mask of the filter.MapEventFilter is ',
  ],
  [
    'priming of unknown entries',
    { filter: ofEvents('filter.ValueChangeEventFilter'), priming: true },
    'priming and resync exclude this event filter, ',
  ],
  [
    'resync of unknown entries',
    { filter: ofEvents('filter.ValueChangeEventFilter'), resync: true },
    'priming and resync exclude this event filter, ',
  ],
  ['lite that is a number', { lite: 1 }, 'lite is 1; '],
  ['priming that is a string', { priming: 'yes' }, "priming is 'yes'; "],
  ['resync that is null', { resync: null }, 'resync is null; '],
  ['synchronous that is an object', { synchronous: {} }, 'synchronous is an object; '],
]

const WRONG_LISTENERS: readonly (readonly [what: string, listener: unknown, reason: string])[] = [
  ['null', null, 'the listener is null; '],
  ['undefined', undefined, 'the listener is undefined; '],
  ['a string', 'listener', "the listener is 'listener'; "],
  ['an object without functions', {}, 'the listener has none of '],
  ['an object with others', { onUpdated: () => undefined }, 'the listener has none of '],
  [
    'an object with one that is no function',
    { onInsert: () => undefined, onDelete: 'delete' },
    "onDelete of the listener is 'delete'; ",
  ],
]

describeMaps('listen and events refuse', (open) => {
  it.each(WRONG_OPTIONS)('%s', async (_what, options, reason) => {
    const map = await open<number, number>()
    await expect(map.listen(() => undefined, options)).rejects.toEqual(wrongArgument(`listen: ${reason}`))
    expect(() => map.events(options)).toThrow(wrongArgument(`events: ${reason}`))
  })

  it('a kind in its former spelling, and names the present one', async () => {
    const map = await open<number, number>()
    const options = { kinds: ['insert', 'updated'] } as never
    await expect(map.listen(() => undefined, options)).rejects.toThrow(
      "listen: there is no kind 'updated'; pass 'update', which is the type of such an event",
    )
  })

  it.each(WRONG_LISTENERS)('a listener that is %s', async (_what, listener, reason) => {
    const map = await open<number, number>()
    await expect(map.listen(listener as never)).rejects.toEqual(wrongArgument(`listen: ${reason}`))
  })

  it.each([
    ['a policy that there is not', { overflow: 'drop' }, "overflow is 'drop'; "],
    ['a bound of 0', { maxBufferedEvents: 0 }, 'maxBufferedEvents is 0; '],
    ['a bound that is no whole number', { maxBufferedEvents: 1.5 }, 'maxBufferedEvents is 1.5; '],
    ['a bound without end', { maxBufferedEvents: Infinity }, 'maxBufferedEvents is Infinity; '],
  ])('%s', async (_what, options, reason) => {
    const map = await open<number, number>()
    expect(() => map.events(options as never)).toThrow(wrongArgument(`events: ${reason}`))
  })

  it('a key that has no form, without asking the server', async () => {
    const map = await open<unknown, number>()
    await expect(map.listen(() => undefined, { key: () => 1 })).rejects.toMatchObject({ name: 'CodecError' })
    expect(() => map.events({ key: Symbol('key') })).toThrow(CodecError)
  })

  it('nothing where synchronous is asked for, which is what they are anyway', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note, { synchronous: true })
    await map.set('a', 1)
    expect(notes.all).toEqual([inserted('a', 1)])
  })
})

describeMaps('listen', (open) => {
  describeReceiver('listen', (map, options) => map.listen(() => undefined, options))

  it('ends what it registered when its signal aborts', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    const controller = new AbortController()
    const subscription = await map.listen(notes.note, { signal: controller.signal })
    await map.set('a', 1)
    controller.abort()
    expect(subscription.isActive).toBe(false)
    await map.set('a', 2)
    expect(notes.all).toEqual([inserted('a', 1)])
  })

  it('removes a registration whose call is aborted while it is made', async () => {
    const proxy = await startTcpProxy(serverAddress())
    const session = await openSession({ address: proxy.address })
    const map = await session.getMap<string, number>(uniqueName('given-up'))
    const notes = new Notes()
    const controller = new AbortController()
    proxy.pause()
    const givenUp = map.listen(notes.note, { signal: controller.signal })
    const timedOut = map.listen(notes.note, { timeoutSeconds: 0.05, key: 'a' })
    await expect(timedOut).rejects.toMatchObject({ name: 'RequestTimeoutError', operation: 'listen' })
    controller.abort('given up')
    await expect(givenUp).rejects.toBe('given up')
    proxy.resume()
    await map.set('a', 1)
    const again = new Notes()
    await map.listen(again.note)
    await map.listen(again.note, { key: 'a' })
    await map.set('a', 2)
    expect([notes.all, again.all.length]).toEqual([[], 2])
    await session.close()
    await proxy.close()
  })

  it('stops reporting the entries of the map when its signal aborts', async () => {
    const map = await open(Array.from({ length: 1_000 }, (_, key) => [key, key] as const))
    const controller = new AbortController()
    let told = 0
    const listening = map.listen(
      () => {
        if (++told === 10) controller.abort('enough')
      },
      { priming: true, signal: controller.signal },
    )
    await expect(listening).rejects.toBe('enough')
    await map.set(1, 2)
    expect(told).toBe(10)
  })

  it('stops reporting the entries of the map where its listener does not settle in time', async () => {
    const map = await open([
      ['a', 1],
      ['b', 2],
    ])
    const never = map.listen(() => new Promise(() => undefined), { priming: true, timeoutSeconds: 0.1 })
    await expect(never).rejects.toMatchObject({ name: 'RequestTimeoutError', operation: 'listen' })
  })
})

describeMaps('events', () => {
  describeReceiver('events', (map, options) => map.events(options).ready)
})

describeMaps('a subscription', (open) => {
  it('is closed with its map, and may be closed again', async () => {
    const session = await openSession()
    const map = await session.getMap<string, number>((await open()).name)
    const subscription = await map.listen(() => undefined)
    await map.release()
    expect(subscription.isActive).toBe(false)
    await subscription.close()
    await session.close()
    await subscription.close()
    await expect(map.listen(() => undefined)).rejects.toBeInstanceOf(SessionClosedError)
  })
})
