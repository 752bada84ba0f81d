// Notes for the oracle what a listener to a map gets, or the consumer of an event stream.
import type { EventFor, StreamedEvent } from 'coherence-ts'
import type { HeardEvents } from './oracle/heard-events'

export type HeardItem = StreamedEvent<string, number, EventFor<string, number>>

/** Returns a function for every kind of item. */
export function hear(heard: HeardEvents, now: () => number = Date.now): (item: HeardItem) => void {
  return (item) => {
    if (item.type === 'gap') heard.gap(item.from.getTime(), item.to.getTime(), now(), item.reason)
    else if (item.type === 'truncated') heard.truncated()
    else heard.event(item, now())
  }
}
