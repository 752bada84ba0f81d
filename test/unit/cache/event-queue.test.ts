// Events that wait for a slow consumer: bounded, in order, and what is dropped is told in its place.
import { EventQueue } from '../../../src/cache/events/event-queue'
import type { AnyStreamedEvent, EventGap, MapTruncation } from '../../../src/cache/events/map-event'
import type { NamedMap } from '../../../src/cache/named-map'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

const MAP = Object.create(null) as NamedMap<string, number>

/** Something that is easily told from others. */
function item(): MapTruncation<string, number> {
  return { type: 'truncated', map: MAP }
}

function disconnected(from: number, to: number): EventGap<string, number> {
  return {
    type: 'gap',
    map: MAP,
    from: new Date(from),
    to: new Date(to),
    reason: 'disconnected',
    dropped: undefined,
  }
}

function drained(queue: EventQueue<string, number>): AnyStreamedEvent<string, number>[] {
  const all: AnyStreamedEvent<string, number>[] = []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) all.push(next)
  return all
}

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000 })
})
afterEach(() => {
  jest.useRealTimers()
})

it('gives its events in order, and then nothing', () => {
  const queue = new EventQueue(MAP, 10)
  const items = [item(), disconnected(1, 2), item()]
  for (const each of items) queue.push(each)
  const all = drained(queue)
  expect(all.map((each, index) => each === items[index])).toEqual([true, true, true])
  expect(queue.shift()).toBeUndefined()
})

it('keeps its order over many thousands that come and go', () => {
  const queue = new EventQueue(MAP, 5_000)
  const given = Array.from({ length: 20_000 }, item)
  const taken: unknown[] = []
  for (const [index, each] of given.entries()) {
    queue.push(each)
    if (index % 3 !== 0 || queue.length > 4_000) taken.push(queue.shift())
  }
  taken.push(...drained(queue))
  expect(taken.every((each, index) => each === given[index])).toBe(true)
  expect(taken).toHaveLength(given.length)
})

it('is full at its bound, and drops the oldest then', () => {
  const queue = new EventQueue(MAP, 2)
  const [first, second, third] = [item(), item(), item()] as const
  queue.push(first)
  expect(queue.isFull).toBe(false)
  queue.push(second)
  expect(queue.isFull).toBe(true)
  queue.push(third)
  expect([queue.length, queue.isFull]).toEqual([2, true])
  expect(
    drained(queue).map((each) =>
      each.type === 'gap' ? 'gap' : [first, second, third].findIndex((given) => given === each),
    ),
  ).toEqual(['gap', 1, 2])
})

it('reports how many events were dropped, and when they came', () => {
  const queue = new EventQueue(MAP, 2)
  for (let count = 0; count < 5; count++) {
    queue.push(item())
    jest.advanceTimersByTime(10)
  }
  expect(queue.shift()).toEqual({
    type: 'gap',
    map: MAP,
    from: new Date(1_000),
    to: new Date(1_040),
    reason: 'overflow',
    dropped: 3,
  })
})

it('reports each time that some were dropped', () => {
  const queue = new EventQueue(MAP, 1)
  const kinds: string[] = []
  for (let round = 0; round < 3; round++) {
    queue.push(item())
    queue.push(item())
    kinds.push(...drained(queue).map(({ type }) => type))
  }
  expect(kinds).toEqual(['gap', 'truncated', 'gap', 'truncated', 'gap', 'truncated'])
})

it('merges a gap that is dropped with the others into one of unknown size', () => {
  const queue = new EventQueue(MAP, 1)
  queue.push(disconnected(200, 900))
  queue.push(item())
  queue.push(item())
  expect(queue.shift()).toEqual({
    type: 'gap',
    map: MAP,
    from: new Date(200),
    to: new Date(1_000),
    reason: 'overflow',
    dropped: undefined,
  })
})

it('drops everything at once, with one gap', () => {
  const queue = new EventQueue(MAP, 5)
  for (let count = 0; count < 4; count++) queue.push(item())
  expect(queue.dropAll()).toMatchObject({ type: 'gap', dropped: 4 })
  expect([queue.length, queue.shift(), queue.dropAll()]).toEqual([0, undefined, undefined])
})

it('forgets everything, and reports nothing', () => {
  const queue = new EventQueue(MAP, 1)
  queue.push(item())
  queue.push(item())
  queue.clear()
  expect([queue.length, queue.shift()]).toEqual([0, undefined])
})
