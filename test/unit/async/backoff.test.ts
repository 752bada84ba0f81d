import { backoffMillis } from '../../../src/async/backoff'

const most = (attempt: number): number => backoffMillis(attempt, () => 1)
const least = (attempt: number): number => backoffMillis(attempt, () => 0)

describe('the wait before an attempt to connect', () => {
  it('is nothing for the first', () => {
    expect(most(0)).toBe(0)
  })

  it('grows with each attempt and no further than three seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((attempt) => Math.round(most(attempt)))).toEqual([
      100, 160, 256, 410, 655, 1049, 1678, 2684, 3000, 3000,
    ])
  })

  it('is anything between half and all of that, so that clients do not all come at the same time', () => {
    expect([1, 5, 100].map((attempt) => least(attempt) / most(attempt))).toEqual([0.5, 0.5, 0.5])
  })

  it('is a matter of chance', () => {
    const waits = Array.from({ length: 50 }, () => backoffMillis(5))

    expect(new Set(waits).size).toBeGreaterThan(1)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(least(5))
    expect(Math.max(...waits)).toBeLessThanOrEqual(most(5))
  })
})
