// Events on a stream of their own, which wait for a slow consumer on the server; registered again when the stream is lost.
import { pause } from '../../../async/abort'
import { backoffMillis } from '../../../async/backoff'
import { now, wallClock } from '../../../async/real-time'
import type { Call } from '../../../calls/call'
import { ConnectionError, RequestTimeoutError, SessionClosedError } from '../../../errors'
import { closedError } from '../../connection-errors'
import type { ListenTarget, PacedEvent } from '../../events'
import { missingSince } from '../../registrations/missing-since'
import { StreamLost } from '../../stream-lost'
import type { CacheHandle } from './cache-handle'
import type { CacheServicePort } from './cache-service-port'
import type { DedicatedStream } from './dedicated-stream'
import { listenerRequest } from './listener-messages'
import { byFilter } from './quirks'

export async function* dedicatedEvents(
  service: CacheServicePort,
  handle: CacheHandle,
  target: ListenTarget,
  lite: boolean,
  call: Call,
): AsyncIterableIterator<PacedEvent> {
  const registration = { target: byFilter(target), filterId: 1, registered: 'none' } as const
  const request = listenerRequest(registration, lite ? 'lite' : 'full')
  const giveUpAt = now() + call.timeoutSeconds * 1_000
  let isRegistered = false
  let lostAt = wallClock()
  let registeredAt = lostAt
  for (let attempt = 0; ; attempt++) {
    let stream: DedicatedStream | undefined
    try {
      const deadline = isRegistered ? now() + call.timeoutSeconds * 1_000 : giveUpAt
      stream = await service.openEvents(handle, request, { ...call, deadline })
      attempt = 0
      const isAgain = isRegistered
      isRegistered = true
      registeredAt = wallClock()
      yield isAgain ? { kind: 'gap', gap: { from: lostAt, to: registeredAt } } : { kind: 'registered' }
      for (;;) {
        const next = await stream.next(call.signal)
        if (next === undefined) return
        yield next
      }
    } catch (error) {
      const isLost = error instanceof StreamLost
      if (isLost && error.cause instanceof SessionClosedError) throw closedError(call, error.cause, true)
      // The first registration has the time of a call; after that it is made again however long that takes.
      const isOutage = isLost || error instanceof ConnectionError || error instanceof RequestTimeoutError
      const again = isRegistered ? isOutage : isLost && now() < giveUpAt
      if (!again) throw isLost ? service.lostError(call, error) : error
      if (stream !== undefined) lostAt = missingSince(stream.completeUntil, registeredAt)
      const wait = backoffMillis(attempt)
      await pause(isRegistered ? wait : Math.min(wait, giveUpAt - now()), call.signal)
    } finally {
      stream?.close()
    }
  }
}
