// The calls of one map that ask for its events.
import { atOnce, captureCaller, wrongArgument } from '../calls/caller-stack'
import type { Call } from '../protocol/call'
import { callOf, checkedOptions, describe, type GivenOptions } from './call-options'
import { type EventStream, MapEventStream, type Overflow } from './event-stream'
import { LISTEN_OPTIONS, type ListenOptions, listeningOf } from './listen-options'
import type { MapContext } from './map-context'
import type { EventFor } from './map-event'
import type { NamedMap } from './named-map'
import { isQuery } from '../query/query-kind'
import { ListenerSubscription, type MapListener, type Subscription } from './subscription'

/** Which events a stream gives, and what happens while its consumer takes its time. */
export type EventOptions<
  K,
  V,
  Lite extends boolean = boolean,
  Primed extends boolean = boolean,
> = ListenOptions<K, V, Lite, Primed> & {
  /**
   * `'pause'`, where left out: the stream has a connection's stream of its own, and the server keeps events for it.
   * `'dropOldest'`: events wait here, the oldest are dropped when there is no room, and told as a gap. `'error'`: the
   * loop rejects with `EventOverflowError` when there is no room.
   */
  readonly overflow?: Overflow | undefined
  /** For how many events there is room with `'dropOldest'` and `'error'`; 1,000 where left out. */
  readonly maxBufferedEvents?: number | undefined
}

const EVENT_OPTIONS = [...LISTEN_OPTIONS, 'overflow', 'maxBufferedEvents'] as const
const CALLBACKS = ['onAny', 'onInsert', 'onUpdate', 'onDelete', 'onTruncated', 'onGap'] as const
const OVERFLOWS: readonly Overflow[] = ['pause', 'dropOldest', 'error']
const DEFAULT_BUFFERED_EVENTS = 1_000

export class ListenCalls<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  listen(map: NamedMap<K, V>, listener: unknown, options: unknown): Promise<Subscription> {
    const context = this.#context
    const callbacks = callbacksOf<K, V>(listener)
    const register = async (call: Call, given: GivenOptions): Promise<Subscription> => {
      const listening = listeningOf('listen', given, context)
      const subscription = new ListenerSubscription(context, map, callbacks, listening, call.signal)
      await subscription.start(call)
      return subscription
    }
    return context.start('listen', options, LISTEN_OPTIONS, register, captureCaller())
  }

  events(map: NamedMap<K, V>, options: unknown): EventStream<K, V, EventFor<K, V>> {
    const context = this.#context
    const { streaming, call } = atOnce(() => {
      context.assertUsable('events')
      const given = checkedOptions('events', options, EVENT_OPTIONS)
      const call = callOf('events', context.name, given, context.settings.requestTimeoutSeconds)
      const streaming = {
        listening: listeningOf('events', given, context),
        overflow: overflowOf(given),
        maxBufferedEvents: boundOf(given),
        signal: call.signal,
      }
      return { streaming, call }
    })
    return new MapEventStream(context, map, streaming, call)
  }
}

function callbacksOf<K, V>(listener: unknown): MapListener<K, V, EventFor<K, V>> {
  if (typeof listener === 'function') return { onAny: listener as (event: EventFor<K, V>) => unknown }
  if (typeof listener !== 'object' || listener === null) {
    throw wrongArgument(
      `listen: the listener is ${describe(listener)}; pass a function for all events, or an object with some of ` +
        CALLBACKS.join(', '),
    )
  }
  if (isQuery(listener)) {
    throw wrongArgument(
      `listen: the listener is ${describe(listener)}; the listener comes first: listen(listener, { filter })`,
    )
  }
  const callbacks = listener as Readonly<Record<string, unknown>>
  const given = CALLBACKS.filter((name) => callbacks[name] !== undefined)
  if (given.length === 0) {
    throw wrongArgument(`listen: the listener has none of ${CALLBACKS.join(', ')}; it would never be called`)
  }
  for (const name of given) {
    if (typeof callbacks[name] === 'function') continue
    throw wrongArgument(`listen: ${name} of the listener is ${describe(callbacks[name])}; pass a function`)
  }
  return listener
}

function overflowOf({ overflow = 'pause' }: GivenOptions): Overflow {
  const known = OVERFLOWS.find((policy) => policy === overflow)
  if (known !== undefined) return known
  throw wrongArgument(`events: overflow is ${describe(overflow)}; pass one of ${OVERFLOWS.join(', ')}`)
}

function boundOf({ maxBufferedEvents = DEFAULT_BUFFERED_EVENTS }: GivenOptions): number {
  if (typeof maxBufferedEvents === 'number' && Number.isInteger(maxBufferedEvents) && maxBufferedEvents > 0) {
    return maxBufferedEvents
  }
  throw wrongArgument(
    `events: maxBufferedEvents is ${describe(maxBufferedEvents)}; pass a whole number above 0`,
  )
}
