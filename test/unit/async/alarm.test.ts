import { alarm, LONGEST_TIMER_MS } from '../../../src/async/alarm'
import { now } from '../../../src/async/real-time'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** Sets an alarm, and gives the moments at which it rang. */
function alarmIn(millis: number): number[] {
  const rang: number[] = []
  const start = now()
  alarm(start + millis, () => rang.push(now() - start))
  return rang
}

it.each([1, 20, LONGEST_TIMER_MS, LONGEST_TIMER_MS + 3, 10 * LONGEST_TIMER_MS])(
  'an alarm in %d ms rings once, then and not before',
  (millis) => {
    const rang = alarmIn(millis)
    jest.advanceTimersByTime(millis - 1)
    expect(rang).toEqual([])
    jest.advanceTimersByTime(2 * millis + 20)
    expect(rang).toEqual([millis])
  },
)

it('an alarm at a moment in the past rings at once', () => {
  const rang = alarmIn(-1)
  jest.advanceTimersByTime(0)
  expect(rang).toEqual([0])
})

it('an alarm for never is no timer', () => {
  alarmIn(Infinity)
  expect(jest.getTimerCount()).toBe(0)
})
