// Writing any number of entries from any source: messages of bounded size, a bounded number of them under way, and
// an end that nothing can hold up.
import { getEventListeners } from 'node:events'
import { BulkMessage } from '../../../src/cache/bulk/bulk-message'
import { type BulkTarget, type Entries, writeInBulk } from '../../../src/cache/bulk/bulk-write'
import { EntryCodec } from '../../../src/cache/entries/entry-codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { wrongArgument } from '../../support/wrong-argument'
import { turns } from '../../support/turns'

type Settings = Partial<BulkTarget<string, string>> & { readonly room?: number }

/** A target that keeps messages until the test says how they end. */
class Target {
  /** The keys of each message. */
  readonly messages: string[][] = []
  readonly progress: number[] = []
  /** What was said of the keys that are not in a message yet. */
  readonly said: string[] = []
  /** What is said of each message as soon as it arrives; without it the test says so later. */
  atOnce: (() => Promise<void>) | undefined
  readonly #ends: { resolve: () => void; reject: (error: unknown) => void }[] = []
  #stop: ((reason: unknown) => void) | undefined

  store(entries: Entries<string, string>, { room = 1_000_000, ...more }: Settings = {}): Promise<void> {
    const codec = new EntryCodec<string, string>(jsonCodec(), 'm', room, (bytes) => bytes)
    return writeInBulk('setAll', entries, {
      message: () => new BulkMessage('setAll', codec, 10),
      write: ({ keys }) => {
        this.messages.push([...keys])
        if (this.atOnce !== undefined) return this.atOnce()
        return new Promise((resolve, reject) => this.#ends.push({ resolve, reject }))
      },
      keysStillUnknown: () => this.said.push('keys still unknown'),
      allKeysKnown: () => this.said.push('all keys known'),
      signal: undefined,
      onProgress: (stored) => this.progress.push(stored),
      onStop: (stop) => {
        this.#stop = stop
        return () => (this.#stop = undefined)
      },
      ...more,
    })
  }

  get canStop(): boolean {
    return this.#stop !== undefined
  }

  stop(reason: unknown): void {
    this.#stop?.(reason)
  }

  async stored(message: number): Promise<void> {
    this.#ends[message]?.resolve()
    await turns()
  }

  async failed(message: number, error: unknown): Promise<void> {
    this.#ends[message]?.reject(error)
    await turns()
  }
}

const numbered = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`key ${index}`, 'value'])

async function* asyncOf<T>(source: Iterable<T>): AsyncGenerator<T> {
  for (const element of source) yield element
}

/** Gives the entries and then nothing more, for ever. */
function stalled(
  entries: Iterable<[string, string]>,
): AsyncIterable<[string, string]> & { returned: number } {
  const given = entries[Symbol.iterator]()
  const source = {
    returned: 0,
    [Symbol.asyncIterator]: () => ({
      next: (): Promise<IteratorResult<[string, string]>> => {
        const next = given.next()
        return next.done === true ? new Promise(() => undefined) : Promise.resolve(next)
      },
      return: (): Promise<IteratorResult<[string, string]>> => {
        source.returned += 1
        return new Promise(() => undefined)
      },
    }),
  }
  return source
}

describe('messages', () => {
  it('hold no more than 2,000 entries', async () => {
    const target = new Target()
    target.atOnce = () => Promise.resolve()
    await target.store(numbered(4_500))
    expect(target.messages.map((message) => message.length)).toEqual([2_000, 2_000, 500])
    expect(target.messages.flat()).toEqual(numbered(4_500).map(([key]) => key))
  })

  it('hold no more bytes than there is room for', async () => {
    const target = new Target()
    target.atOnce = () => Promise.resolve()
    await target.store(
      Array.from({ length: 10 }, (_, index) => [`${index}`, 'x'.repeat(300)]),
      { room: 1_000 },
    )
    expect(target.messages.map((message) => message.length)).toEqual([3, 3, 3, 1])
  })

  it('never hold a key twice, which would have no order', async () => {
    const target = new Target()
    target.atOnce = () => Promise.resolve()
    await target.store([
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['c', '1'],
    ])
    expect(target.messages).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ])
  })

  it('are none for no entries', async () => {
    const target = new Target()
    await target.store([])
    expect([target.messages, target.progress]).toEqual([[], []])
  })

  it('of a source that is no async one leave within the call, so that later calls come after them', () => {
    const target = new Target()
    void target.store(new Map(numbered(3)))
    expect(target.messages).toHaveLength(1)
  })
})

describe('a source', () => {
  it.each<[string, (entries: Iterable<[string, string]>) => Entries<string, string>]>([
    ['an iterable', (entries) => entries],
    ['an async iterable', asyncOf],
  ])('that is %s is read no more than six messages ahead of what is stored', async (_, sourceOf) => {
    let given = 0
    function* source(): Generator<[string, string]> {
      for (; given < 1_000; given++) yield [`key ${given}`, 'x'.repeat(84)]
    }
    const target = new Target()
    let stored = 0
    const ahead: number[] = []
    target.atOnce = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      stored += 10
      ahead.push(given - stored)
    }
    await target.store(sourceOf(source()), { room: 1_200 })
    expect(given).toBe(1_000)
    expect(Math.max(...target.messages.map((message) => message.length))).toBe(10)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(60)
  })

  it('is closed when what it gives is refused', async () => {
    let closed = false
    async function* source(): AsyncGenerator<[string, string]> {
      try {
        yield 'no pair' as never
      } finally {
        closed = true
      }
    }
    await expect(new Target().store(source())).rejects.toEqual(wrongArgument("setAll: an entry is 'no pair'"))
    expect(closed).toBe(true)
  })

  it('that throws ends the call with its error, after what is under way', async () => {
    const failure = new Error('the file is gone')
    async function* source(): AsyncGenerator<[string, string]> {
      yield* numbered(2_001)
      throw failure
    }
    const target = new Target()
    let end: unknown
    const stored = target.store(source()).catch((error: unknown) => (end = error))
    while (target.messages.length === 0) await turns()
    for (let turn = 0; turn < 1_000; turn++) await turns()
    expect(end).toBeUndefined()
    await target.stored(0)
    expect([await stored, target.messages.length]).toEqual([failure, 1])
  })
})

describe('a source that gives nothing more', () => {
  it('does not keep the call from ending when its signal aborts', async () => {
    const source = stalled([['a', '1']])
    const controller = new AbortController()
    const stored = new Target().store(source, { signal: controller.signal })
    await turns()
    const reason = { neither: 'an error' }
    controller.abort(reason)
    await expect(stored).rejects.toBe(reason)
    expect([source.returned, getEventListeners(controller.signal, 'abort')]).toEqual([1, []])
  })

  it('does not keep the failure of a message from the caller', async () => {
    const target = new Target()
    const stored = target.store(stalled(numbered(2_001)))
    while (target.messages.length === 0) await turns()
    const failure = new Error('lost')
    await target.failed(0, failure)
    await expect(stored).rejects.toBe(failure)
  })

  it('does not keep the call from ending with its map', async () => {
    const target = new Target()
    const stored = target.store(stalled([['a', '1']]))
    await turns()
    const reason = new Error('destroyed')
    target.stop(reason)
    await expect(stored).rejects.toBe(reason)
    expect(target.canStop).toBe(false)
  })
})

describe('a message that fails', () => {
  it('ends the call: nothing more is read or sent, and what is under way is waited for', async () => {
    let given = 0
    function* source(): Generator<[string, string]> {
      for (;;) yield [`key ${given++}`, 'value']
    }
    const target = new Target()
    let end: unknown
    const stored = target.store(source()).catch((error: unknown) => (end = error))
    await turns()
    expect(target.messages).toHaveLength(4)
    const failure = new Error('no')
    await target.failed(1, failure)
    expect([end, target.messages.length]).toEqual([undefined, 4])
    await target.stored(0)
    await target.stored(2)
    await target.stored(3)
    expect([await stored, given]).toEqual([failure, 10_001])
  })

  it('rejects the call with the first error where several fail', async () => {
    const target = new Target()
    const stored = target.store(numbered(3_000))
    await target.failed(1, 'second message')
    await target.failed(0, 'first message')
    await expect(stored).rejects.toBe('second message')
  })
})

describe('progress', () => {
  it('only grows, whatever order the messages are stored in', async () => {
    const target = new Target()
    const stored = target.store(numbered(6_001))
    for (const message of [3, 1, 0, 2]) await target.stored(message)
    await stored
    expect(target.progress).toEqual([1, 2_001, 4_001, 6_001])
  })

  it('that throws ends the call with its error', async () => {
    const target = new Target()
    target.atOnce = () => Promise.resolve()
    const failure = new Error('the terminal is gone')
    const stored = target.store(numbered(3), {
      onProgress: () => {
        throw failure
      },
    })
    await expect(stored).rejects.toBe(failure)
  })
})

describe('the place of the entries among other calls', () => {
  function pairs(count: number): [string, string][] {
    return Array.from({ length: count }, (_, index) => [`${index}`, 'value'])
  }

  it('is final as soon as all fit in the messages under way', async () => {
    const target = new Target()
    const stored = target.store(pairs(4 * 2_000))
    await turns()
    expect([target.messages.length, target.said]).toEqual([4, ['all keys known']])
    for (let message = 0; message < 4; message++) await target.stored(message)
    await stored
  })

  it('keeps later calls waiting until all are in a message', async () => {
    const target = new Target()
    const stored = target.store(pairs(5 * 2_000))
    expect([target.messages.length, target.said]).toEqual([4, ['keys still unknown']])
    await target.stored(0)
    expect([target.messages.length, target.said.at(-1)]).toEqual([5, 'all keys known'])
    for (let message = 1; message < 5; message++) await target.stored(message)
    await stored
  })

  it('does not keep later calls waiting after a failure', async () => {
    const target = new Target()
    target.atOnce = () => Promise.reject(new Error('no'))
    await expect(target.store(pairs(5 * 2_000))).rejects.toThrow('no')
    expect(target.said.at(-1)).toBe('all keys known')
  })
})
