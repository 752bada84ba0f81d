import { exponentialMillis } from '../../../src/async/backoff'
import { readChannelOptions } from '../../../src/transport/http2/channel-options'

const { backoff } = readChannelOptions({
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 300,
})

function waits(count: number, random: number): number[] {
  return Array.from({ length: count }, (_, failures) =>
    Math.round(exponentialMillis(failures, backoff, () => random)),
  )
}

describe('the wait between two attempts of the HTTP/2 channel', () => {
  it('grows after each failure, up to its limit', () => {
    expect(waits(5, 0.5)).toEqual([100, 160, 256, 300, 300])
  })

  it('is up to a fifth shorter or longer', () => {
    expect([waits(2, 0), waits(2, 1)]).toEqual([
      [80, 128],
      [120, 192],
    ])
  })
})
