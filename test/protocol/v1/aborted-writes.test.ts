// A write that is given up tells whether it was sent: `not-sent` is said only where the server can have done nothing.
import { Extractors, Filters, type NamedCache, Processors, type WriteOptions } from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { noAnswer } from '../../support/fake-proxy'
import { fakeWorld, type FakeWorld } from '../../support/fake-world'

type Cache = NamedCache<string, unknown>
type Write = (cache: Cache, options: WriteOptions) => Promise<unknown>

const EXTRACTOR = Extractors.identity<unknown>()
const PROCESSOR = Processors.extract(EXTRACTOR)
const REASON = new Error('no longer wanted')

/** Every method that changes something, and the request that it makes. */
const WRITES: readonly (readonly [operation: string, type: Type, write: Write])[] = [
  ['set', Type.Put, (cache, options) => cache.set('k', 1, options)],
  ['set with a life', Type.Put, (cache, options) => cache.set('k', 1, { ...options, ttlSeconds: 5 })],
  ['setAll', Type.PutAll, (cache, options) => cache.setAll([['k', 1]], options)],
  [
    'setAll with a life',
    Type.Put,
    (cache, options) => cache.setAll([['k', 1]], { ...options, ttlSeconds: 5 }),
  ],
  ['setIfAbsent', Type.PutIfAbsent, (cache, options) => cache.setIfAbsent('k', 1, options)],
  [
    'setIfAbsent with a life',
    Type.Invoke,
    (cache, options) => cache.setIfAbsent('k', 1, { ...options, ttlSeconds: 5 }),
  ],
  ['replace', Type.Replace, (cache, options) => cache.replace('k', 1, options)],
  ['replaceMapping', Type.ReplaceMapping, (cache, options) => cache.replaceMapping('k', 1, 2, options)],
  ['delete', Type.Remove, (cache, options) => cache.delete('k', options)],
  ['removeMapping', Type.RemoveMapping, (cache, options) => cache.removeMapping('k', 1, options)],
  ['clear', Type.Clear, (cache, options) => cache.clear(options)],
  ['truncate', Type.Truncate, (cache, options) => cache.truncate(options)],
  ['destroy', Type.Destroy, (cache, options) => cache.destroy(options)],
  ['invoke', Type.Invoke, (cache, options) => cache.invoke('k', PROCESSOR, options)],
  ['invokeAll', Type.Invoke, (cache, options) => cache.invokeAll(PROCESSOR, options)],
  [
    'invokeAll of keys',
    Type.Invoke,
    (cache, options) => cache.invokeAll(PROCESSOR, { ...options, keys: ['k'], discardResults: true }),
  ],
  [
    'invokeAll in a stream',
    Type.Invoke,
    async (cache, options) => cache.invokeAll(PROCESSOR, { ...options, stream: true }).toArray(),
  ],
  ['addIndex', Type.Index, (cache, options) => cache.addIndex(EXTRACTOR, options)],
  ['removeIndex', Type.Index, (cache, options) => cache.removeIndex(EXTRACTOR, options)],
]

interface World extends FakeWorld<string, unknown> {
  readonly cache: Cache
  readonly errors: unknown[]
}

async function world(): Promise<World> {
  const made = await fakeWorld<string>('m')
  const errors: unknown[] = []
  made.session.on('error', (error) => errors.push(error))
  return { ...made, cache: made.map, errors }
}

/** A write that can be given up, and what became of it, in order. */
class Attempt {
  readonly told: unknown[] = []
  readonly settled: Promise<void>
  readonly #controller: AbortController

  constructor(write: (options: WriteOptions) => Promise<unknown>, controller = new AbortController()) {
    this.#controller = controller
    const onAborted = (outcome: unknown): void => void this.told.push(outcome)
    const written = write({ signal: controller.signal, onAborted })
    // What is told while the call is made would come before.
    this.told.push('called')
    this.settled = written.then(
      () => void this.told.push('done'),
      (error: unknown) => void this.told.push(error),
    )
  }

  /** Gives it up; what became of it. */
  async abort(): Promise<unknown[]> {
    this.#controller.abort(REASON)
    await this.settled
    return this.told
  }
}

function aborted(): AbortController {
  const controller = new AbortController()
  controller.abort(REASON)
  return controller
}

const notSent = ['called', 'not-sent', REASON]
const unknown = ['called', 'unknown', REASON]

describe('a write whose signal aborts', () => {
  it.each(WRITES.filter(([operation]) => operation !== 'invokeAll in a stream'))(
    'before it is made was not sent: %s',
    async (_operation, type, write) => {
      await using here = await world()
      const attempt = new Attempt((options) => write(here.cache, options), aborted())

      expect(await attempt.abort()).toEqual(notSent)
      expect(here.proxy.received(type)).toEqual([])
    },
  )

  it.each(WRITES)(
    'while its answer is awaited may have been carried out: %s',
    async (_operation, type, write) => {
      await using here = await world()
      here.proxy.on(type, noAnswer)
      const attempt = new Attempt((options) => write(here.cache, options))
      await here.proxy.arrival(type)

      expect(await attempt.abort()).toEqual(unknown)
    },
  )

  it.each(WRITES.filter(([, type]) => type !== Type.Index))(
    'while it waits for its turn was not sent: %s',
    async (_operation, type, write) => {
      await using here = await world()
      here.proxy.on(Type.PutAll, noAnswer)
      void here.cache.setAll([['k', 0]]).catch(() => undefined)
      const [first] = await here.proxy.arrival(Type.PutAll)
      const attempt = new Attempt((options) => write(here.cache, options))

      expect(await attempt.abort()).toEqual(notSent)
      first?.complete()
      await here.cache.get('k')
      expect(here.proxy.received(type).filter((request) => request !== first)).toEqual([])
    },
  )

  it.each(WRITES)('while it waits for a connection was not sent: %s', async (_operation, type, write) => {
    await using here = await world()
    const lost = new Promise((resolve) => here.session.on('disconnected', resolve))
    here.proxy.stop()
    await lost
    const attempt = new Attempt((options) => write(here.cache, options))

    expect(await attempt.abort()).toEqual(notSent)
    await here.proxy.start()
    await here.cache.get('k')
    expect(here.proxy.received(type)).toEqual([])
  })

  it.each(WRITES)(
    'after the server did not know its map was not carried out: %s',
    async (_operation, type, write) => {
      await using here = await world()
      const asksAgain = new Promise<void>((resolve) => {
        here.proxy.on(type, (request) => {
          here.proxy.on(Type.EnsureCache, () => resolve())
          request.error(`No cache proxy exist for id 1 request=${Type[type]}`)
        })
      })
      const attempt = new Attempt((options) => write(here.cache, options))
      await asksAgain

      expect(await attempt.abort()).toEqual(notSent)
    },
  )

  it('in a stream is reported at once where its signal is aborted before the call', async () => {
    await using here = await world()
    const told: unknown[] = []
    const onAborted = (outcome: unknown): void => void told.push(outcome)
    const { signal } = aborted()

    expect(() => here.cache.invokeAll(PROCESSOR, { signal, onAborted, stream: true })).toThrow(REASON)
    expect([told, here.proxy.received(Type.Invoke)]).toEqual([['not-sent'], []])
  })

  it('in the turn in which it is made may be carried out, as it goes out all the same', async () => {
    await using here = await world()
    const attempt = new Attempt((options) => here.cache.set('k', 1, options))

    expect(await attempt.abort()).toEqual(unknown)
    await here.proxy.arrival(Type.Put)
    expect(here.proxy.caches.valueOf('m', 'k')).toBe(1)
  })

  it('while its stream is opened was not sent', async () => {
    await using here = await world()
    here.proxy.onInit(noAnswer)
    const attempt = new Attempt((options) => here.cache.invokeAll(PROCESSOR, options))
    await here.proxy.until(() => here.proxy.inits.length === 2)

    expect(await attempt.abort()).toEqual(notSent)
  })
})

describe('a bulk write whose signal aborts', () => {
  it('is not sent where its source has given nothing yet', async () => {
    await using here = await world()
    async function* nothing(): AsyncGenerator<[string, number]> {
      await new Promise(() => undefined)
      yield ['k', 1]
    }
    const attempt = new Attempt((options) => here.cache.setAll(nothing(), options))

    expect(await attempt.abort()).toEqual(notSent)
  })

  it('was carried out in part where some of it was answered', async () => {
    await using here = await world()
    async function* some(): AsyncGenerator<[string, number]> {
      // No key twice in one message: the first goes out.
      yield ['k', 1]
      yield ['k', 2]
      await new Promise(() => undefined)
    }
    let attempt: Attempt | undefined
    const stored = await new Promise((onProgress) => {
      attempt = new Attempt((options) => here.cache.setAll(some(), { ...options, onProgress }))
    })

    expect(stored).toBe(1)
    expect(await attempt?.abort()).toEqual(unknown)
    expect(here.proxy.caches.valueOf('m', 'k')).toBe(1)
  })

  it('may have been carried out in part where others of its messages wait', async () => {
    await using here = await world()
    here.proxy.on(Type.PutAll, noAnswer)
    const twice: [string, number][] = [
      ['k', 1],
      ['k', 2],
    ]
    const attempt = new Attempt((options) => here.cache.setAll(twice, options))
    await here.proxy.arrival(Type.PutAll)

    expect(await attempt.abort()).toEqual(unknown)
  })
})

describe('the report of an abort', () => {
  it('does not come where the call ends otherwise', async () => {
    await using here = await world()
    here.proxy.once(Type.Put, (request) => request.error('no'))
    const refused = new Attempt((options) => here.cache.set('k', 1, options))
    await refused.settled
    const done = new Attempt((options) => here.cache.set('k', 1, options))
    await done.settled
    here.proxy.once(Type.Put, noAnswer)
    const late = new Attempt((options) => here.cache.set('l', 1, { ...options, timeoutSeconds: 0.05 }))
    await late.settled

    const named = { name: 'ServerError' }
    expect(await refused.abort()).toEqual(['called', expect.objectContaining(named)])
    expect(await done.abort()).toEqual(['called', 'done'])
    expect(await late.abort()).toEqual(['called', expect.objectContaining({ name: 'RequestTimeoutError' })])
  })

  it.each<[does: string, onAborted: () => unknown]>([
    [
      'throws',
      () => {
        throw REASON
      },
    ],
    ['rejects', () => Promise.reject(REASON)],
  ])('is an error of the session where the callback %s, and the call ends as ever', async (_, onAborted) => {
    await using here = await world()
    here.proxy.on(Type.Put, noAnswer)
    const controller = new AbortController()
    const written = here.cache.set('k', 1, { signal: controller.signal, onAborted: onAborted })
    await here.proxy.arrival(Type.Put)
    controller.abort('enough')

    await expect(written).rejects.toBe('enough')
    expect(here.errors).toEqual([REASON])
  })

  it.each([5, 'unknown', {}])('goes to a function, not to %p', async (onAborted) => {
    await using here = await world()
    const options = { onAborted } as unknown as WriteOptions

    await expect(here.cache.set('k', 1, options)).rejects.toThrow(/^set: onAborted is .*; pass a function of/)
    expect(here.proxy.received(Type.Put)).toEqual([])
  })

  it.each<[string, (cache: Cache, options: object) => unknown]>([
    ['get', (cache, options) => cache.get('k', options)],
    ['getAll', (cache, options) => cache.getAll(['k'], options)],
    ['size', (cache, options) => cache.size(options)],
    ['keys', (cache, options) => cache.keys({ filter: Filters.always(), ...options }).toArray()],
  ])('is not for calls that change nothing: %s', async (operation, read) => {
    await using here = await world()
    const call = async (): Promise<unknown> => read(here.cache, { onAborted: () => undefined })

    await expect(call()).rejects.toThrow(`${operation}: there is no option 'onAborted'`)
  })
})
