// Events on a stream of their own, whose consumer may take its time; registered again when the stream is lost.
import { now, wallClock } from '../../async/real-time'
import { ConnectionError, RequestTimeoutError, SessionClosedError } from '../../errors'
import { pause } from '../abort'
import { backoffMillis } from '../backoff'
import { closedError } from '../connection-errors'
import type { ListenTarget, PacedEvent } from '../map-events'
import type { StreamCall } from '../port'
import type { CacheLink } from './cache-link'
import type { V1Connection } from './connection'
import type { EventLane } from './event-lane'
import { StreamLost } from './exchange'
import { byFilter, listenerRequest } from './listener-requests'

export async function* pacedEvents(
  connection: V1Connection,
  link: CacheLink,
  target: ListenTarget,
  lite: boolean,
  call: StreamCall,
): AsyncIterableIterator<PacedEvent> {
  const registered = byFilter(target)
  const registration = listenerRequest(registered, 1, true, lite)
  const giveUpAt = now() + call.timeoutSeconds * 1_000
  let isRegistered = false
  let lostAt = wallClock()
  for (let attempt = 0; ; attempt++) {
    let lane: EventLane | undefined
    try {
      const deadline = isRegistered ? now() + call.timeoutSeconds * 1_000 : giveUpAt
      lane = await connection.openEventLane(link, registration, { ...call, deadline })
      attempt = 0
      const isAgain = isRegistered
      isRegistered = true
      yield isAgain ? { kind: 'gap', gap: { from: lostAt, to: wallClock() } } : { kind: 'registered' }
      for (;;) {
        const next = await lane.next(call.signal)
        if (next === undefined) return
        yield next
      }
    } catch (error) {
      const isLost = error instanceof StreamLost
      if (isLost && error.cause instanceof SessionClosedError) throw closedError(call, error.cause, true)
      // The first registration has the time of a call; after that it is made again however long that takes.
      const isOutage = isLost || error instanceof ConnectionError || error instanceof RequestTimeoutError
      const again = isRegistered ? isOutage : isLost && now() < giveUpAt
      if (!again) throw isLost ? connection.lostError(call, error) : error
      if (lane !== undefined) lostAt = lane.lastReceived
      await pause(backoffMillis(attempt), call.signal)
    } finally {
      lane?.close()
    }
  }
}
