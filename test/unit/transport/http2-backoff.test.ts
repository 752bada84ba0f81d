import { Backoff } from '../../../src/transport/http2/backoff'

const SETTINGS = { initialMs: 100, maxMs: 300 }

function waits(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => Math.round(backoff.next()))
}

describe('the wait between two attempts of the HTTP/2 channel', () => {
  it('grows after each failure, up to its limit', () => {
    expect(waits(new Backoff(SETTINGS, () => 0.5), 5)).toEqual([100, 160, 256, 300, 300])
  })

  it('is up to a fifth shorter or longer', () => {
    expect(waits(new Backoff(SETTINGS, () => 0), 2)).toEqual([80, 128])
    expect(waits(new Backoff(SETTINGS, () => 1), 2)).toEqual([120, 192])
  })

  it('is short again after a success', () => {
    const backoff = new Backoff(SETTINGS, () => 0.5)
    waits(backoff, 3)
    backoff.reset()
    expect(waits(backoff, 1)).toEqual([100])
  })
})
