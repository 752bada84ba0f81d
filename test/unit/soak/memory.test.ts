// Whether a heap grows, from samples of it.
import { fitOf, isGrowing, type Sample } from '../../soak/memory'

/** A sample each tenth of a minute; `noise` is added to every other one. */
function samples(minutes: number, megabytes: (minute: number) => number, noise = 0): Sample[] {
  return Array.from({ length: minutes * 10 }, (_, index) => ({
    minute: index / 10,
    megabytes: megabytes(index / 10) + (index % 2) * noise,
    handles: 0,
  }))
}

describe('the line through samples of the heap', () => {
  it('is flat where the heap fills at first and then stays', () => {
    const fit = fitOf(samples(30, (minute) => Math.min(40 + 30 * minute, 80)))
    expect(fit).toEqual({ samples: 280, meanMegabytes: 80, megabytesPerMinute: 0, error: 0, growth: 0 })
  })

  it('has the slope of a heap that grows', () => {
    const fit = fitOf(samples(30, (minute) => 50 + minute))
    expect(fit?.megabytesPerMinute).toBeCloseTo(1)
    expect(fit?.growth).toBeCloseTo(27.9 / 65.95)
  })

  it('is left out where the samples are too few', () => {
    expect(fitOf(samples(2, () => 50))).toBeUndefined()
  })

  it.each([
    ['grows', 30, 1, 0, true],
    ['grows and goes up and down', 30, 1, 5, true],
    ['stays', 30, 0, 0, false],
    ['goes up and down', 30, 0, 20, false],
    ['grows by less than a tenth', 30, 0.1, 0, false],
    ['goes up and down so much that nobody knows', 5, 3, 60, false],
  ])('says whether a heap that %s grows', (_, minutes, slope, noise, expected) => {
    const fit = fitOf(samples(minutes, (minute) => 50 + slope * minute, noise))
    expect(fit !== undefined && isGrowing(fit)).toBe(expected)
  })
})
