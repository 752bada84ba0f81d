// The order of calls, against a server that answers when the test says so.
import { getEventListeners } from 'node:events'
import { textOf } from '../../../src/bytes'
import type { Call } from '../../../src/calls/call'
import { ConnectionError, ServerError } from '../../../src/errors'
import { WriteOrder } from '../../../src/cache/entries/write-order'
import { turns } from '../../support/turns'
import { callOf, ended, FakeRemote } from './fake-remote'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

const A = Buffer.from('a')
const B = Buffer.from('b')

function world(): { order: WriteOrder; remote: FakeRemote } {
  return { order: new WriteOrder((key) => textOf(key)), remote: new FakeRemote() }
}

/** Reads some keys as the calls of a map do, by their identities. */
function read<T>(order: WriteOrder, keys: readonly Buffer[], call: Call, run: () => Promise<T>): Promise<T> {
  const [key] = keys
  const turn =
    key !== undefined && keys.length === 1
      ? order.turnToRead(key, call)
      : order.turnToReadKeys(
          keys.map((one) => textOf(one)),
          call,
        )
  return turn === undefined ? run() : turn.then(run)
}

function readAll<T>(order: WriteOrder, call: Call, run: () => Promise<T>): Promise<T> {
  const turn = order.turnToReadAll(call)
  return turn === undefined ? run() : turn.then(run)
}

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

describe('a call on a key without a write in flight', () => {
  it('is sent within the call itself, whatever is in flight on other keys', () => {
    const { order, remote } = world()
    void order.write([B], callOf('other'), remote.run('other'))
    void order.write([A], callOf('write'), remote.run('write'))
    void read(order, [Buffer.from('c')], callOf('read'), remote.run('read'))
    expect(remote.arrived).toEqual(['other', 'write', 'read'])
  })

  it('is sent within the call itself after every write is done', async () => {
    const { order, remote } = world()
    const names = Array.from({ length: 50 }, (_, index) => `w${index}`)
    for (const name of names) void order.write([A, B], callOf(name), remote.run(name))
    void order.writeAll(callOf('clear'), remote.run('clear'))
    void order.write([A], callOf('last'), remote.run('last'))
    for (const name of [...names, 'clear', 'last']) await remote.answer(name)
    void readAll(order, callOf('all'), remote.run('all'))
    void read(order, [A, B], callOf('read'), remote.run('read'))
    void order.writeAll(callOf('clear again'), remote.run('clear again'))
    expect(remote.arrived.slice(-3)).toEqual(['all', 'read', 'clear again'])
  })
})

describe('a write', () => {
  it('is sent only when the write before it on its key is answered', async () => {
    const { order, remote } = world()
    const writes = ['1', '2', '3'].map((name) => order.write([A], callOf(name), remote.run(name)))
    expect(remote.arrived).toEqual(['1'])
    await remote.answer('1')
    expect(remote.arrived).toEqual(['1', '2'])
    await remote.answer('2', '3')
    expect(await Promise.all(writes)).toEqual(['1', '2', '3'])
  })

  it('goes on after one that failed', async () => {
    const { order, remote } = world()
    const failed = ended(order.write([A], callOf('1'), remote.run('1')))
    void order.write([A], callOf('2'), remote.run('2'))
    const error = new ServerError('no', { operation: 'set', serverMessage: 'no' })
    await remote.fail('1', error)
    expect([await failed, remote.arrived]).toEqual([error, ['1', '2']])
  })

  it('goes on after one whose run throws at once', async () => {
    const { order, remote } = world()
    const thrown = new Error('no')
    const failed = ended(
      order.write([A], callOf('1'), () => {
        throw thrown
      }),
    )
    expect(await failed).toBe(thrown)
    void order.write([A], callOf('2'), remote.run('2'))
    expect(remote.arrived).toEqual(['2'])
  })

  it('does not wait for reads', () => {
    const { order, remote } = world()
    void read(order, [A], callOf('read'), remote.run('read'))
    void readAll(order, callOf('all'), remote.run('all'))
    void order.write([A], callOf('write'), remote.run('write'))
    expect(remote.arrived).toEqual(['read', 'all', 'write'])
  })

  it('of many keys counts for each of them', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('a'), remote.run('a'))
    void order.write([B], callOf('b'), remote.run('b'))
    void order.write([A, B], callOf('both'), remote.run('both'))
    void order.write([A], callOf('a2'), remote.run('a2'))
    void order.write([B], callOf('b2'), remote.run('b2'))
    await remote.answer('a')
    expect(remote.arrived).toEqual(['a', 'b'])
    await remote.answer('b')
    expect(remote.arrived).toEqual(['a', 'b', 'both'])
    await remote.answer('both')
    expect(remote.arrived).toEqual(['a', 'b', 'both', 'a2', 'b2'])
  })

  it('knows its key by its bytes, whatever array they are in', () => {
    const { order, remote } = world()
    const bytes = Buffer.from('xay')
    void order.write([A], callOf('1'), remote.run('1'))
    void order.write([bytes.subarray(1, 2)], callOf('2'), remote.run('2'))
    void order.write([new Uint8Array([0x61])], callOf('3'), remote.run('3'))
    expect(remote.arrived).toEqual(['1'])
  })
})

describe('a read', () => {
  it('of a key waits for the writes before it, and not for later ones', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('1'), remote.run('1'))
    const reading = read(order, [A], callOf('read'), remote.run('read'))
    void order.write([A], callOf('2'), remote.run('2'))
    expect(remote.arrived).toEqual(['1'])
    await remote.answer('1')
    expect(new Set(remote.arrived)).toEqual(new Set(['1', 'read', '2']))
    await remote.answer('read')
    expect(await reading).toBe('read')
  })

  it('waits for the failed ones too', async () => {
    const { order, remote } = world()
    void ended(order.write([A], callOf('1'), remote.run('1')))
    void read(order, [A], callOf('read'), remote.run('read'))
    await remote.fail('1', new ServerError('no', { operation: 'set', serverMessage: 'no' }))
    expect(remote.arrived).toEqual(['1', 'read'])
  })

  it('runs side by side with other reads', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('1'), remote.run('1'))
    for (const name of ['r1', 'r2', 'r3']) void read(order, [A, B], callOf(name), remote.run(name))
    await remote.answer('1')
    expect(remote.arrived).toEqual(['1', 'r1', 'r2', 'r3'])
  })

  it('of all keys waits for the writes of every key, and holds up nothing', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('a'), remote.run('a'))
    void order.write([B], callOf('b'), remote.run('b'))
    void readAll(order, callOf('all'), remote.run('all'))
    void order.write([Buffer.from('c')], callOf('c'), remote.run('c'))
    expect(remote.arrived).toEqual(['a', 'b', 'c'])
    await remote.answer('a', 'b')
    expect(remote.arrived).toEqual(['a', 'b', 'c', 'all'])
    void order.write([A], callOf('a2'), remote.run('a2'))
    expect(remote.arrived).toEqual(['a', 'b', 'c', 'all', 'a2'])
  })
})

describe('a write of everything', () => {
  it('waits for all writes before it, and all calls after it wait', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('a'), remote.run('a'))
    void order.write([B], callOf('b'), remote.run('b'))
    void order.writeAll(callOf('clear'), remote.run('clear'))
    void order.write([Buffer.from('new')], callOf('new'), remote.run('new'))
    void read(order, [A], callOf('read'), remote.run('read'))
    void readAll(order, callOf('all'), remote.run('all'))
    void order.writeAll(callOf('truncate'), remote.run('truncate'))
    await remote.answer('a')
    expect(remote.arrived).toEqual(['a', 'b'])
    await remote.answer('b')
    expect(remote.arrived).toEqual(['a', 'b', 'clear'])
    await remote.answer('clear')
    expect(remote.arrived).toEqual(['a', 'b', 'clear', 'new', 'read'])
    await remote.answer('new')
    expect(new Set(remote.arrived.slice(5))).toEqual(new Set(['all', 'truncate']))
  })
})

describe('a call that waits', () => {
  it('rejects at its own deadline, was not sent, and never is', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('1'), remote.run('1'))
    const write = ended(order.write([A], callOf('2', 5), remote.run('2')))
    const reading = ended(read(order, [A], callOf('3', 6), remote.run('3')))
    const clear = ended(order.writeAll(callOf('4', 7), remote.run('4')))
    await jest.advanceTimersByTimeAsync(7_000)
    expect([await write, await reading, await clear]).toEqual(Array(3).fill('timed out, not-sent'))
    await remote.answer('1')
    expect(remote.arrived).toEqual(['1'])
  })

  it('rejects with the reason of its signal, and is never sent', async () => {
    const { order, remote } = world()
    const controller = new AbortController()
    const reason = { neither: 'an error' }
    void order.write([A], callOf('1'), remote.run('1'))
    const write = ended(order.write([A], callOf('2', 5, controller.signal), remote.run('2')))
    const reading = ended(read(order, [A], callOf('3', 5, controller.signal), remote.run('3')))
    controller.abort(reason)
    expect([await write, await reading]).toEqual([reason, reason])
    await remote.answer('1')
    expect(remote.arrived).toEqual(['1'])
  })

  it('rejects at once where its signal is aborted', async () => {
    const { order, remote } = world()
    const reason = new Error('changed my mind')
    void order.write([A], callOf('1'), remote.run('1'))
    const write = order.write([A], callOf('2', 5, AbortSignal.abort(reason)), remote.run('2'))
    await expect(write).rejects.toBe(reason)
  })

  it('leaves its place to the next when it is aborted: that one waits for the first', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('1'), remote.run('1'))
    const second = ended(order.write([A], callOf('2', 5), remote.run('2')))
    void order.write([A], callOf('3'), remote.run('3'))
    await jest.advanceTimersByTimeAsync(5_000)
    expect([await second, remote.arrived]).toEqual(['timed out, not-sent', ['1']])
    await remote.answer('1')
    expect(remote.arrived).toEqual(['1', '3'])
  })

  it('leaves neither a timer nor a listener behind', async () => {
    const { order, remote } = world()
    const { signal } = new AbortController()
    void order.write([A], callOf('1'), remote.run('1'))
    void order.write([A], callOf('2', 5, signal), remote.run('2'))
    const given = ended(order.write([A], callOf('3', 1, signal), remote.run('3')))
    await jest.advanceTimersByTimeAsync(1_000)
    await given
    await remote.answer('1', '2')
    expect(jest.getTimerCount()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe.each([
  ['timed out', (remote: FakeRemote) => remote.timeOut('1')],
  ['was aborted', (remote: FakeRemote) => remote.abandon('1')],
])('a write that %s after it was sent', (_, giveUp) => {
  async function given(): Promise<{ order: WriteOrder; remote: FakeRemote }> {
    const { order, remote } = world()
    const controller = new AbortController()
    void ended(order.write([A], callOf('1', 30, controller.signal), remote.run('1')))
    controller.abort()
    await giveUp(remote)
    return { order, remote }
  }

  it('keeps its place for later writes until the server is done with it', async () => {
    const { order, remote } = await given()
    void order.write([A], callOf('2'), remote.run('2'))
    void order.writeAll(callOf('clear'), remote.run('clear'))
    expect(remote.arrived).toEqual(['1'])
    await remote.finish('1')
    expect(remote.arrived).toEqual(['1', '2'])
    await remote.answer('2')
    expect(remote.arrived).toEqual(['1', '2', 'clear'])
  })

  it('lets those that wait behind it reject at their own deadlines', async () => {
    const { order, remote } = await given()
    const second = ended(order.write([A], callOf('2', 5), remote.run('2')))
    await jest.advanceTimersByTimeAsync(5_000)
    expect([await second, remote.arrived]).toEqual(['timed out, not-sent', ['1']])
    void order.write([A], callOf('3'), remote.run('3'))
    expect(remote.arrived).toEqual(['1'])
    await remote.finish('1')
    expect(remote.arrived).toEqual(['1', '3'])
  })

  it('does not hold up reads any more, of its key or of all', async () => {
    const { order, remote } = await given()
    void read(order, [A], callOf('read'), remote.run('read'))
    void readAll(order, callOf('all'), remote.run('all'))
    await turns()
    expect(remote.arrived).toEqual(['1', 'read', 'all'])
  })

  it('is forgotten when the server is done with it', async () => {
    const { order, remote } = await given()
    await remote.finish('1')
    void order.write([A], callOf('2'), remote.run('2'))
    expect(remote.arrived).toEqual(['1', '2'])
  })
})

describe('a read behind a write that waits for one of unknown outcome', () => {
  it('waits for the one that waits, as for any write before it', async () => {
    const { order, remote } = world()
    void ended(order.write([A], callOf('1'), remote.run('1')))
    void order.write([A], callOf('2'), remote.run('2'))
    void read(order, [A], callOf('read'), remote.run('read'))
    await remote.timeOut('1')
    expect(remote.arrived).toEqual(['1'])
    await remote.finish('1')
    await remote.answer('2')
    expect(remote.arrived).toEqual(['1', '2', 'read'])
  })
})

describe('a lost stream', () => {
  it('releases the writes that wait', async () => {
    const { order, remote } = world()
    const lost = new ConnectionError('lost', { address: 'localhost:1408', outcome: 'unknown' })
    const first = ended(order.write([A], callOf('1'), remote.run('1')))
    void order.write([A], callOf('2'), remote.run('2'))
    await remote.fail('1', lost)
    expect([await first, remote.arrived]).toEqual([lost, ['1', '2']])
  })
})

describe('a hold', () => {
  it('keeps writes from being sent while it lasts, and no reads', async () => {
    const { order, remote } = world()
    void order.holdWrites(remote.run('listen'))
    void order.write([A], callOf('write'), remote.run('write'))
    void read(order, [B], callOf('read'), remote.run('read'))
    void readAll(order, callOf('all of before'), remote.run('all of before'))
    expect(remote.arrived).toEqual(['listen', 'read'])
    await remote.answer('listen')
    expect(remote.arrived).toEqual(['listen', 'read', 'write'])
    await remote.answer('write')
    expect(remote.arrived).toEqual(['listen', 'read', 'write', 'all of before'])
  })

  it('that fails keeps nothing', async () => {
    const { order, remote } = world()
    const failed = ended(order.holdWrites(remote.run('listen')))
    void order.write([A], callOf('write'), remote.run('write'))
    await remote.fail('listen', 'no')
    expect([await failed, remote.arrived]).toEqual(['no', ['listen', 'write']])
  })
})

describe('twenty thousand calls that wait for one key', () => {
  it('can all be aborted at once, and the key goes on', async () => {
    const { order, remote } = world()
    void order.write([A], callOf('first'), remote.run('first'))
    const controllers = Array.from({ length: 20_000 }, () => new AbortController())
    const waiting = controllers.map(({ signal }) =>
      ended(order.write([A], callOf('waiting', Infinity, signal), remote.run('waiting'))),
    )
    for (const controller of controllers) controller.abort('enough')
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['enough']))
    void order.write([A], callOf('last'), remote.run('last'))
    void read(order, [A], callOf('read'), remote.run('read'))
    await remote.answer('first')
    await remote.answer('last')
    expect(remote.arrived).toEqual(['first', 'last', 'read'])
  })
})

describe('a part with many keys', () => {
  const many = (from: number): Set<string> =>
    new Set(Array.from({ length: 200 }, (_, index) => `k${from + index}`))
  const key = (number: number): Buffer => Buffer.from(`k${number}`)
  const part = ({ order, remote }: ReturnType<typeof world>, name: string, from: number): void =>
    void order.bulk().write(many(from), callOf(name), remote.run(name))

  it('is waited for by calls on one of its keys, and by no others', async () => {
    const { order, remote } = world()
    part({ order, remote }, 'part', 0)
    void order.write([key(199)], callOf('write'), remote.run('write'))
    void read(order, [key(0)], callOf('read'), remote.run('read'))
    void order.write([key(200)], callOf('other write'), remote.run('other write'))
    void read(order, [A], callOf('other read'), remote.run('other read'))
    expect(remote.arrived).toEqual(['part', 'other write', 'other read'])
    await remote.answer('part')
    expect(remote.arrived.slice(3).sort()).toEqual(['read', 'write'])
    void read(order, [key(1)], callOf('later'), remote.run('later'))
    expect(remote.arrived.at(-1)).toBe('later')
  })

  it('waits for the writes before it on its keys, with many keys or few', async () => {
    const { order, remote } = world()
    void order.write([key(250)], callOf('few'), remote.run('few'))
    part({ order, remote }, 'first', 0)
    part({ order, remote }, 'overlaps', 199)
    part({ order, remote }, 'apart', 500)
    expect(remote.arrived).toEqual(['few', 'first', 'apart'])
    await remote.answer('first')
    expect(remote.arrived).toEqual(['few', 'first', 'apart'])
    await remote.answer('few')
    expect(remote.arrived).toEqual(['few', 'first', 'apart', 'overlaps'])
  })

  it('is waited for by what touches all keys', async () => {
    const { order, remote } = world()
    part({ order, remote }, 'part', 0)
    void readAll(order, callOf('size'), remote.run('size'))
    void order.writeAll(callOf('clear'), remote.run('clear'))
    part({ order, remote }, 'after', 0)
    void order.write([key(0)], callOf('last'), remote.run('last'))
    expect(remote.arrived).toEqual(['part'])
    for (const name of ['part', 'clear', 'after']) await remote.answer(name)
    // Reads do not hold up what writes after them.
    expect(remote.arrived.slice(1, 3).sort()).toEqual(['clear', 'size'])
    expect(remote.arrived.slice(3)).toEqual(['after', 'last'])
  })

  it('has its order among many of them', async () => {
    const { order, remote } = world()
    const names = Array.from({ length: 40 }, (_, index) => `part ${index}`)
    for (const [index, name] of names.entries()) part({ order, remote }, name, index)
    expect(remote.arrived).toEqual(['part 0'])
    for (const name of names) await remote.answer(name)
    expect(remote.arrived).toEqual(names)
  })
})

describe('a write in parts', () => {
  it('keeps its place for keys that it has not named yet', async () => {
    const { order, remote } = world()
    const bulk = order.bulk()
    void bulk.write(new Set('a'), callOf('part 1'), remote.run('part 1'))
    bulk.keysStillUnknown()
    void order.write([B], callOf('write'), remote.run('write'))
    void read(order, [B], callOf('read'), remote.run('read'))
    void readAll(order, callOf('all'), remote.run('all'))
    void order.writeAll(callOf('clear'), remote.run('clear'))
    expect(remote.arrived).toEqual(['part 1'])
    void bulk.write(new Set('b'), callOf('part 2'), remote.run('part 2'))
    bulk.allKeysKnown()
    await turns()
    expect(remote.arrived).toEqual(['part 1', 'part 2'])
    await remote.answer('part 2')
    expect(remote.arrived).toEqual(['part 1', 'part 2', 'write'])
    await remote.answer('part 1', 'write')
    // Reads do not hold up what writes after them.
    expect(remote.arrived.slice(3).sort()).toEqual(['all', 'clear', 'read'])
  })

  it('waits for one before it, and holds up nothing once its keys are known', async () => {
    const { order, remote } = world()
    const first = order.bulk()
    first.keysStillUnknown()
    const second = order.bulk()
    void second.write(new Set('a'), callOf('second'), remote.run('second'))
    void first.write(new Set('a'), callOf('first'), remote.run('first'))
    first.allKeysKnown()
    await turns()
    expect(remote.arrived).toEqual(['first'])
    await remote.answer('first')
    expect(remote.arrived).toEqual(['first', 'second'])
    void order.write([B], callOf('other'), remote.run('other'))
    expect(remote.arrived).toEqual(['first', 'second', 'other'])
  })
})
