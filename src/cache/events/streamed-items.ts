// Yields the items of an event stream from either source: events on the stream of all calls, which wait in a queue, or
// events on their own stream, which the server sends at the pace of the consumer.
import { clearTimeout, setTimeout } from '../../async/real-time'
import { waitFor } from '../../async/wait'
import type { Call } from '../../calls/call'
import type { PacedEvent } from '../../protocol/events'
import type { AnyStreamedEvent } from './map-event'
import { PrimedEvents } from './primed-events'
import { GRACE_MS } from './priming'
import { type BufferBounds, PushedEvents } from './pushed-events'
import type { EventRegistration } from './event-registration'

export type StreamedItems<K, V> = AsyncGenerator<AnyStreamedEvent<K, V>, undefined>

/** @param registered Called when the server has the registration. */
export async function* bufferedItems<K, V>(
  registration: EventRegistration<K, V>,
  bounds: BufferBounds,
  call: Call,
  registered: () => void,
): StreamedItems<K, V> {
  let wake: (() => void) | undefined
  const events = new PushedEvents(registration, bounds, () => wake?.())
  await events.register(call)
  registered()
  try {
    if (events.primed.entriesFollow('registration')) yield* events.primed.present(call)
    for (;;) {
      call.signal?.throwIfAborted()
      const item = events.take()
      if (item !== undefined) {
        yield item
        if (events.primed.entriesFollow(item)) yield* events.primed.present(call)
      } else if (events.end !== undefined) {
        throw events.end.reason
      } else {
        await waitFor<undefined>(
          { deadline: Infinity, signal: call.signal },
          () => undefined,
          ({ resolve }) => {
            wake = () => resolve(undefined)
            return () => (wake = undefined)
          },
        )
      }
    }
  } finally {
    await events.unregister()
  }
}

/** @param registered Called when the server has the registration. */
export async function* pacedItems<K, V>(
  registration: EventRegistration<K, V>,
  call: Call,
  registered: () => void,
): StreamedItems<K, V> {
  const { target, lite } = registration.options
  const primed = new PrimedEvents(registration, false)
  const events = registration.context.remote.pacedEvents(target, lite, call)
  for await (const event of noticingPauses(events, primed)) {
    const item = finalForm(event, primed)
    if (item === undefined) continue
    if (item === 'registration') registered()
    else yield item
    if (primed.entriesFollow(item)) yield* primed.present(call)
  }
  return undefined
}

/** Returns `undefined` for an event that is older than the data of the consumer. */
function finalForm<K, V>(
  event: PacedEvent,
  primed: PrimedEvents<K, V>,
): 'registration' | AnyStreamedEvent<K, V> | undefined {
  switch (event.kind) {
    case 'registered':
      return 'registration'
    case 'event':
      return primed.event(event.event)
    case 'truncated':
      return primed.truncated()
    case 'gap':
      return primed.gap(event.gap)
  }
}

/**
 * Yields the same events. If none arrives for a while, all pending ones have arrived, and this reports that to
 * `primed`.
 */
async function* noticingPauses<K, V>(
  events: AsyncIterable<PacedEvent>,
  primed: PrimedEvents<K, V>,
): AsyncGenerator<PacedEvent, undefined> {
  const iterator = events[Symbol.asyncIterator]()
  let timer: NodeJS.Timeout | undefined
  try {
    for (;;) {
      timer = primed.keysHeld === 0 ? undefined : setTimeout(() => primed.caughtUp(), GRACE_MS)
      const next = await iterator.next()
      clearTimeout(timer)
      if (next.done === true) return undefined
      yield next.value
    }
  } finally {
    clearTimeout(timer)
    await iterator.return?.()
  }
}
