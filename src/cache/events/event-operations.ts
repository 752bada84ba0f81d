// The calls of one map that request its events. This file creates all calls of a registration.
import type { Call } from '../../calls/call'
import { checkedOptions, createCall, describe, type GivenOptions } from '../../calls/call-options'
import { atOnce, captureCaller, wrongArgument } from '../../calls/caller-stack'
import { isQuery } from '../../query/query-kind'
import type { MapContext } from '../map-context'
import { type CheckedStreamOptions, type EventStream, MapEventStream, type Overflow } from './event-stream'
import { checkedListenOptions, LISTEN_OPTIONS, type ListenOptions } from './listen-options'
import type { EventFor, NamedMap } from './map-event'
import type { EventRegistration } from './event-registration'
import { ListenerSubscription, type MapListener, type Subscription } from './subscription'

/** The options of `events`: which events the stream yields, and what happens if its consumer is slow. */
export type EventOptions<
  K,
  V,
  Lite extends boolean = boolean,
  Primed extends boolean = boolean,
> = ListenOptions<K, V, Lite, Primed> & {
  /**
   * What happens if events arrive faster than they are consumed. `'pause'`: the events have their own gRPC stream, and
   * the server keeps them until they are consumed. `'dropOldest'`: events wait in this process, and if there is no room
   * the oldest are dropped and a gap replaces them. `'error'`: the loop rejects with `EventOverflowError` if there is
   * no room. Left out, `'pause'`.
   */
  readonly overflow?: Overflow | undefined
  /** The number of events that may wait with `'dropOldest'` and `'error'`, above 0; left out, 1,000. */
  readonly maxBufferedEvents?: number | undefined
}

const EVENT_OPTIONS = [...LISTEN_OPTIONS, 'overflow', 'maxBufferedEvents'] as const
const CALLBACKS = ['onAny', 'onInsert', 'onUpdate', 'onDelete', 'onTruncated', 'onGap'] as const
const OVERFLOWS: readonly Overflow[] = ['pause', 'dropOldest', 'error']
const DEFAULT_BUFFERED_EVENTS = 1_000

export class Events<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  async listen(
    map: NamedMap<K, V>,
    listener: unknown,
    options: ListenOptions<K, V> | undefined,
  ): Promise<Subscription> {
    const callbacks = checkedListener<K, V>(listener)
    const start = (call: Call): Promise<Subscription> => {
      const registration = createRegistration('listen', this.#context, map, (options ?? {}) as GivenOptions)
      return ListenerSubscription.start(registration, callbacks, call)
    }
    return this.#context.run('listen', options, LISTEN_OPTIONS, start, captureCaller())
  }

  events(map: NamedMap<K, V>, options: unknown): EventStream<K, V, EventFor<K, V>> {
    const context = this.#context
    const [registration, streamOptions, call] = atOnce(() => {
      context.assertUsable('events')
      const checked = checkedOptions('events', options, EVENT_OPTIONS)
      const call = createCall(context, 'events', checked)
      return [
        createRegistration('events', context, map, checked),
        checkedStreamOptions(checked),
        call,
      ] as const
    })
    return MapEventStream.open(registration, streamOptions, call)
  }
}

function createRegistration<K, V>(
  operation: string,
  context: MapContext<K, V>,
  map: NamedMap<K, V>,
  checked: GivenOptions,
): EventRegistration<K, V> {
  const options = checkedListenOptions(operation, checked, context)
  return { context, map, options, createCall: (name) => createCall(context, name) }
}

function checkedListener<K, V>(listener: unknown): MapListener<K, V, EventFor<K, V>> {
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
  const present = CALLBACKS.filter((name) => callbacks[name] !== undefined)
  if (present.length === 0) {
    throw wrongArgument(`listen: the listener has none of ${CALLBACKS.join(', ')}; it would never be called`)
  }
  for (const name of present) {
    if (typeof callbacks[name] === 'function') continue
    throw wrongArgument(`listen: ${name} of the listener is ${describe(callbacks[name])}; pass a function`)
  }
  return listener
}

function checkedStreamOptions(options: GivenOptions): CheckedStreamOptions {
  const { overflow = 'pause', maxBufferedEvents = DEFAULT_BUFFERED_EVENTS } = options
  const known = OVERFLOWS.find((policy) => policy === overflow)
  if (known === undefined) {
    throw wrongArgument(`events: overflow is ${describe(overflow)}; pass one of ${OVERFLOWS.join(', ')}`)
  }
  const bound = Number.isInteger(maxBufferedEvents) ? (maxBufferedEvents as number) : 0
  if (bound < 1) {
    throw wrongArgument(
      `events: maxBufferedEvents is ${describe(maxBufferedEvents)}; pass a whole number above 0`,
    )
  }
  return { overflow: known, maxBufferedEvents: bound }
}
