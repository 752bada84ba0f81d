import { EventListeners } from '../../../src/calls/event-listeners'

interface Events {
  opened: number
  closed: number
}

let listeners: EventListeners<Events>
let reported: unknown[]
let heard: string[]
beforeEach(() => {
  reported = []
  heard = []
  listeners = new EventListeners<Events>(['opened', 'closed'], (error) => void reported.push(error))
})
const hear = (event: number): void => void heard.push(`hear ${event}`)
const hearToo = (event: number): void => void heard.push(`hearToo ${event}`)

describe('a listener', () => {
  it('is called each time, until it is removed', () => {
    listeners.add('opened', hear)
    listeners.emit('opened', 1)
    listeners.emit('closed', 2)
    listeners.emit('opened', 3)
    listeners.remove('opened', hear)
    listeners.emit('opened', 4)
    expect(heard).toEqual(['hear 1', 'hear 3'])
  })

  it('that is added twice is called once for each event', () => {
    listeners.add('opened', hear)
    listeners.add('opened', hear)
    listeners.emit('opened', 1)
    expect(heard).toEqual(['hear 1'])
  })

  it.each<[string, () => void, unknown]>([
    [
      'throws',
      () => {
        throw new Error('of the listener')
      },
      new Error('of the listener'),
    ],
    ['rejects', () => Promise.reject(new Error('of the promise')), new Error('of the promise')],
  ])('that %s is reported, and the next one is called', async (_what, listener, error) => {
    listeners.add('opened', listener)
    listeners.add('opened', hear)
    listeners.emit('opened', 1)
    await Promise.resolve()
    expect([heard, reported]).toEqual([['hear 1'], [error]])
  })
})

describe('a listener that is called once', () => {
  it('is called for the first event only', () => {
    listeners.addOnce('opened', hear)
    listeners.emit('opened', 1)
    listeners.emit('opened', 2)
    expect(heard).toEqual(['hear 1'])
    expect(listeners.has('opened')).toBe(false)
  })

  it('is not called where it was removed before', () => {
    listeners.addOnce('opened', hear)
    listeners.remove('opened', hear)
    listeners.emit('opened', 1)
    expect(heard).toEqual([])
  })

  it('is called once where the same event happens while its listeners are called', () => {
    listeners.addOnce('opened', () => listeners.emit('opened', 2))
    listeners.addOnce('opened', hear)
    listeners.emit('opened', 1)
    expect(heard).toEqual(['hear 2'])
  })

  it('is called once though it throws', () => {
    const fail = (): void => {
      throw new Error('of the listener')
    }
    listeners.addOnce('opened', fail)
    listeners.emit('opened', 1)
    listeners.emit('opened', 2)
    expect(reported).toEqual([new Error('of the listener')])
  })

  it('may be one that adds itself again', () => {
    const again = (event: number): void => {
      hear(event)
      listeners.addOnce('opened', again)
    }
    listeners.addOnce('opened', again)
    listeners.emit('opened', 1)
    listeners.emit('opened', 2)
    expect(heard).toEqual(['hear 1', 'hear 2'])
  })

  it('is called each time where it is also one of those', () => {
    listeners.add('opened', hear)
    listeners.addOnce('opened', hear)
    listeners.addOnce('opened', hearToo)
    listeners.add('opened', hearToo)
    listeners.emit('opened', 1)
    listeners.emit('opened', 2)
    expect(heard).toEqual(['hear 1', 'hearToo 1', 'hear 2', 'hearToo 2'])
  })
})

describe.each(['add', 'addOnce'] as const)('%s', (method) => {
  it('refuses an unknown event', () => {
    expect(() => listeners[method]('open' as 'opened', hear)).toThrow(
      new TypeError("There is no event 'open'; the events are opened, closed"),
    )
  })

  it('refuses a listener that is no function', () => {
    expect(() => listeners[method]('opened', 5 as unknown as typeof hear)).toThrow(
      new TypeError("The listener to 'opened' is 5; pass a function"),
    )
  })
})
