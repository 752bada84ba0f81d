import { BoundedQueue } from '../../../src/async/bounded-queue'
import { now } from '../../../src/async/real-time'

const FOREVER = { deadline: Infinity, signal: undefined }
const late = (): Error => new Error('nothing came')

describe('a bounded queue', () => {
  it('gives items in their order', () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: 10 })
    for (let item = 1; item <= 3; item++) void queue.push(item)
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([1, 2, 3, undefined])
  })

  it('pauses the producer at the bound until all items are taken', async () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: 2 })
    expect(queue.push(1)).toBeUndefined()
    const room = queue.push(2)
    const resumed = jest.fn()
    void room?.then(resumed)
    queue.take()
    await Promise.resolve()
    expect(resumed).not.toHaveBeenCalled()
    queue.take()
    await room
    expect(resumed).toHaveBeenCalledTimes(1)
  })

  it('pauses the producer by size as well', () => {
    const queue = new BoundedQueue<string, 'end'>({
      maxItems: 100,
      maxSize: 4,
      sizeOf: (text) => text.length,
    })
    expect(queue.push('abc')).toBeUndefined()
    expect(queue.push('d')).toBeInstanceOf(Promise)
    queue.take()
    queue.take()
    expect(queue.push('abc')).toBeUndefined()
  })

  it('wakes the consumer when an item comes', async () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: 2 })
    const arrival = queue.arrival(FOREVER, late)
    void queue.push(1)
    await arrival
    expect(queue.take()).toBe(1)
  })

  it('wakes the consumer and the producer at the end, and gives what waited', async () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: 1 })
    const room = queue.push(1)
    queue.finish('end')
    await room
    await queue.arrival(FOREVER, late)
    expect([queue.take(), queue.end, queue.push(2), queue.take()]).toEqual([1, 'end', undefined, undefined])
  })

  it('ends the wait of the consumer at the deadline', async () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: 2 })
    await expect(queue.arrival({ deadline: now() + 1, signal: undefined }, late)).rejects.toThrow(
      'nothing came',
    )
  })

  it('keeps the order over many items that come and go', () => {
    const queue = new BoundedQueue<number, 'end'>({ maxItems: Infinity })
    const taken: (number | undefined)[] = []
    for (let item = 0; item < 10_000; item++) {
      void queue.push(item)
      if (item % 3 > 0) taken.push(queue.take())
    }
    for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item)
    expect(taken).toEqual(Array.from({ length: 10_000 }, (_, item) => item))
  })
})
