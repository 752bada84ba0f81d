// Wrong arguments of listen and events, maps that are not active, and calls that are given up.
import { CodecError, Extractors, type Filter, Filters, SessionClosedError } from 'coherence-ts'
import { serverAddress, uniqueName } from '../../support/conformance'
import { describeMaps, openSession } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'
import { startTcpProxy } from '../../support/tcp-proxy'
import { inserted, Notes } from './noted'

function ofEvents(
  className: string,
  members: object = { extractor: Extractors.identity() },
): Filter<unknown> {
  return Filters.custom(className, members)
}

const WRONG_OPTIONS: readonly (readonly [string, object])[] = [
  ['a key and a filter', { key: 1, filter: Filters.always() }],
  ['a key and kinds', { key: 1, kinds: ['insert'] }],
  ['a filter that is a function', { filter: () => true }],
  ['a filter that is a string', { filter: 'age > 1' }],
  ['kinds that are no array', { kinds: 'insert' }],
  ['no kinds', { kinds: [] }],
  ['a kind that there is not', { kinds: ['insert', 'expired'] }],
  ['a kind of Object.prototype', { kinds: ['toString'] }],
  [
    'kinds and a filter of events',
    { filter: ofEvents('filter.MapEventFilter', { mask: 7 }), kinds: ['insert'] },
  ],
  ['a filter of events that lets nothing through', { filter: ofEvents('filter.MapEventFilter', {}) }],
  ['priming of unknown entries', { filter: ofEvents('filter.ValueChangeEventFilter'), priming: true }],
  ['resync of unknown entries', { filter: ofEvents('filter.ValueChangeEventFilter'), resync: true }],
  ['lite that is a number', { lite: 1 }],
  ['priming that is a string', { priming: 'yes' }],
  ['resync that is null', { resync: null }],
  ['synchronous that is an object', { synchronous: {} }],
]

const WRONG_LISTENERS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a string', 'listener'],
  ['an object without functions', {}],
  ['an object with others', { onUpdated: () => undefined }],
  ['an object with one that is no function', { onInsert: () => undefined, onDelete: 'delete' }],
]

describeMaps('listen and events refuse', (open) => {
  it.each(WRONG_OPTIONS)('%s', async (_what, options) => {
    const map = await open<number, number>()
    await expect(map.listen(() => undefined, options)).rejects.toBeInstanceOf(TypeError)
    expect(() => map.events(options)).toThrow(TypeError)
  })

  it('a kind in the spelling of old, with the one of today', async () => {
    const map = await open<number, number>()
    const options = { kinds: ['insert', 'updated'] } as never
    await expect(map.listen(() => undefined, options)).rejects.toThrow(
      "listen: there is no kind 'updated'; pass 'update', which is the type of such an event",
    )
  })

  it.each(WRONG_LISTENERS)('a listener that is %s', async (_what, listener) => {
    const map = await open<number, number>()
    await expect(map.listen(listener as never)).rejects.toBeInstanceOf(TypeError)
  })

  it.each([
    ['a policy that there is not', { overflow: 'drop' }],
    ['a bound of 0', { maxBufferedEvents: 0 }],
    ['a bound that is no whole number', { maxBufferedEvents: 1.5 }],
    ['a bound without end', { maxBufferedEvents: Infinity }],
  ])('%s', async (_what, options) => {
    const map = await open<number, number>()
    expect(() => map.events(options as never)).toThrow(TypeError)
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

  it('takes a registration back that was given up while it was made', async () => {
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

  it('gives up telling what is there when its signal aborts', async () => {
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

  it('gives up telling what is there where its listener does not settle in time', async () => {
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
