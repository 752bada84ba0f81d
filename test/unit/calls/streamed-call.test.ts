// What is counted and published of a call whose answer is a stream.
import type { Call } from '../../../src/calls/call'
import { StreamedCall } from '../../../src/calls/streamed-call'
import { Traffic } from '../../../src/calls/traffic'
import { publishedDuring } from '../../support/published-requests'

const CALL: Call = {
  operation: 'keys',
  mapName: 'm',
  timeoutSeconds: 5,
  deadline: Infinity,
  signal: undefined,
}

function traffic(): Traffic {
  return new Traffic('server:1408', { maxPendingCalls: 1, maxPendingBytes: 1 })
}

describe('a streamed call', () => {
  it('is the call itself while nobody wants to know', () => {
    const streamed = new StreamedCall(traffic(), CALL)
    streamed.begin()
    streamed.ended('answered')
    expect(streamed.call).toBe(CALL)
  })

  it('is counted from its begin to its end, and does not count for the bounds', () => {
    const counts = traffic()
    const streams = [
      new StreamedCall(counts, CALL),
      new StreamedCall(counts, CALL),
      new StreamedCall(counts, CALL),
    ]
    for (const stream of streams) stream.begin()
    expect(counts).toMatchObject({ calls: 3, failedCalls: 0, pendingCalls: 0, pendingStreams: 3 })
    streams[0]?.ended('answered')
    streams[1]?.ended('left')
    streams[2]?.failed(new Error('lost'))
    expect(counts).toMatchObject({ calls: 3, failedCalls: 1, pendingCalls: 0, pendingStreams: 0 })
  })

  it('ends once', async () => {
    const counts = traffic()
    const told = await publishedDuring(() => {
      const streamed = new StreamedCall(counts, CALL)
      streamed.begin()
      streamed.ended('left')
      streamed.failed(new Error('too late'))
      streamed.ended('answered')
    })
    expect(counts).toMatchObject({ failedCalls: 0, pendingStreams: 0 })
    expect(told.map(({ event, message }) => [event, message.outcome])).toEqual([
      ['start', undefined],
      ['asyncEnd', 'left'],
    ])
  })

  it('is published with its requests, its time and its error', async () => {
    const failure = Object.assign(new Error('lost'), { outcome: 'unknown' })
    const told = await publishedDuring(() => {
      const streamed = new StreamedCall(traffic(), CALL)
      streamed.begin()
      streamed.call.sent?.add(10)
      streamed.call.sent?.add(20)
      streamed.failed(failure)
    })
    const common = { operation: 'keys', mapName: 'm', timeoutSeconds: 5 }
    const seconds = expect.any(Number) as number
    const failed = { ...common, outcome: 'unknown', error: failure }
    expect(told).toEqual([
      {
        event: 'start',
        message: {
          ...common,
          outcome: undefined,
          error: undefined,
          durationSeconds: undefined,
          attempts: 0,
          bytes: 0,
        },
      },
      { event: 'error', message: { ...failed, durationSeconds: undefined, attempts: 0, bytes: 0 } },
      { event: 'asyncEnd', message: { ...failed, durationSeconds: seconds, attempts: 2, bytes: 30 } },
    ])
  })

  it('that is aborted before its begin is published and not counted', async () => {
    const counts = traffic()
    const reason = new Error('no')
    const told = await publishedDuring(() => {
      const streamed = new StreamedCall(counts, { ...CALL, signal: AbortSignal.abort(reason) })
      expect(() => streamed.begin()).toThrow(reason)
      streamed.failed(reason)
    })
    expect(counts).toMatchObject({ calls: 0, failedCalls: 0, pendingStreams: 0 })
    expect(told.map(({ event, message }) => [event, message.outcome])).toEqual([
      ['start', undefined],
      ['error', 'failed'],
      ['asyncEnd', 'failed'],
    ])
  })
})
