// Notes for the oracle what a listener to a map gets, or the consumer of an event stream.
import type { EventFor, StreamedEvent } from 'coherence-ts'
import type { HeardEvents } from './oracle/heard-events'

export type HeardItem = StreamedEvent<string, number, EventFor<string, number>>

/** Returns a function for every kind of item. Times are in milliseconds since `origin`. */
export function hear(heard: HeardEvents, origin = 0): (item: HeardItem) => void {
  return (item) => {
    const at = Date.now() - origin
    if (item.type === 'gap') {
      heard.gap(item.from.getTime() - origin, item.to.getTime() - origin, at, item.reason)
    } else if (item.type === 'truncated') {
      heard.truncated()
    } else {
      heard.event(item, at)
    }
  }
}
