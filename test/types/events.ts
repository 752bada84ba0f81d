// What the compiler makes of listeners and event streams: keys and values have the types of their map, and what would
// never be called does not compile.
import {
  type DeleteEvent,
  type EventFor,
  type EventGap,
  type EventKind,
  type EventOptions,
  Filters,
  type InsertEvent,
  type LiteEvent,
  type ListenOptions,
  MapEvent,
  type MapListener,
  type MapTruncation,
  type NamedCache,
  type NamedMap,
  type PrimingEvent,
  type StreamedEvent,
  type Subscription,
  type UpdateEvent,
} from 'coherence-ts'

type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false

/** Compiles where the value is of exactly the type `Wanted`. */
declare function is<Wanted>(): <A>(value: A, exactly: Same<A, Wanted>) => void

interface Order {
  total: number
  customer: { city: string }
}

declare const orders: NamedMap<number, Order>
declare const cache: NamedCache<string, Order | null>

export async function listeners(): Promise<void> {
  const subscription = await orders.listen((event) => {
    is<MapEvent<number, Order>>()(event, true)
    is<number>()(event.key, true)
    is<Order | undefined>()(event.newValue, true)
    is<'insert' | 'update' | 'delete'>()(event.type, true)
  })
  is<Subscription>()(subscription, true)
  await using another = await cache.listen({
    onInsert: async ({ key, newValue }) => {
      is<string>()(key, true)
      is<Order | null>()(newValue, true)
      await Promise.resolve()
    },
    onGap: (gap) => is<EventGap<string, Order | null>>()(gap, true),
    onTruncated: (truncation) => is<MapTruncation<string, Order | null>>()(truncation, true),
  })
  is<boolean>()(another.isActive, true)

  await orders.listen(() => undefined, { filter: Filters.greater('total', 5), kinds: ['insert', 'left'] })
  await orders.listen(() => undefined, { key: 5, lite: true, priming: true, resync: true })

  // @ts-expect-error the key of another map
  await orders.listen(() => undefined, { key: 'five' })
  // @ts-expect-error no member of the value
  await orders.listen(() => undefined, { filter: Filters.greater('totals', 5) })
  // @ts-expect-error no kind of event
  await orders.listen(() => undefined, { kinds: ['changed'] })
  // @ts-expect-error no callback of this name
  await orders.listen({ onChange: () => undefined })
  // @ts-expect-error only event streams overflow by a policy
  await orders.listen(() => undefined, { overflow: 'error' })
}

/** The type of an event says which values it has. */
export async function values(): Promise<void> {
  await orders.listen((event) => {
    switch (event.type) {
      case 'insert':
        is<InsertEvent<number, Order>>()(event, true)
        is<undefined>()(event.oldValue, true)
        is<Order>()(event.newValue, true)
        break
      case 'update':
        is<UpdateEvent<number, Order>>()(event, true)
        is<Order>()(event.oldValue, true)
        is<Order>()(event.newValue, true)
        break
      case 'delete':
        is<DeleteEvent<number, Order>>()(event, true)
        is<Order>()(event.oldValue, true)
        is<undefined>()(event.newValue, true)
        break
      default:
        is<never>()(event, true)
    }
    // @ts-expect-error there may be no value after the event
    return event.newValue.total
  })
  await orders.listen({
    onAny: (event) => is<MapEvent<number, Order>>()(event, true),
    onInsert: ({ newValue }) => newValue.total,
    onUpdate: ({ oldValue, newValue }) => newValue.total - oldValue.total,
    onDelete: ({ oldValue, newValue }) => [is<undefined>()(newValue, true), oldValue.total],
  })
  await orders.listen({
    // @ts-expect-error there is no value before an insert
    onInsert: ({ oldValue }) => String(oldValue.total),
    // @ts-expect-error there is no value after a delete
    onDelete: ({ newValue }) => String(newValue.total),
  })
}

export async function liteListeners(): Promise<void> {
  await orders.listen(
    (event) => {
      is<LiteEvent<number, Order>>()(event, true)
      is<number>()(event.key, true)
      is<undefined>()(event.newValue, true)
      is<undefined>()(event.oldValue, true)
    },
    { lite: true },
  )
  // @ts-expect-error a lite listener gets no values
  await orders.listen({ onInsert: ({ newValue }) => String(newValue.total) }, { lite: true })
  await orders.listen({ onInsert: ({ newValue }) => newValue.total }, { lite: false })
  for await (const event of orders.events({ key: 5, lite: true })) {
    if (event.type === 'update') is<undefined>()(event.newValue, true)
  }
}

export async function primedListeners(): Promise<void> {
  await orders.listen(
    {
      onInsert: ({ newValue }) => newValue.total,
      onUpdate: (event) => {
        is<UpdateEvent<number, Order> | PrimingEvent<number, Order>>()(event, true)
        is<Order | undefined>()(event.oldValue, true)
        if (event.priming) is<Order | undefined>()(event.newValue, true)
        else is<Order>()(event.newValue, true)
      },
    },
    { priming: true },
  )
  // @ts-expect-error what is told first has no value before
  await orders.listen({ onUpdate: ({ oldValue }) => oldValue.total }, { resync: true })
  for await (const event of orders.events({ resync: true })) {
    is<StreamedEvent<number, Order, EventFor<number, Order, false, true>>>()(event, true)
  }
}

/** Where the options are not known, neither is what they leave out. */
export async function unknownOptions(
  lite: boolean,
  options: ListenOptions<number, Order>,
  streaming: EventOptions<number, Order>,
): Promise<void> {
  await orders.listen(
    (event) => {
      is<MapEvent<number, Order, Order | undefined>>()(event, true)
      if (event.type === 'insert') is<Order | undefined>()(event.newValue, true)
    },
    { lite },
  )
  await orders.listen((event) => is<EventFor<number, Order>>()(event, true), options)
  for await (const event of orders.events(streaming)) {
    if (event.type === 'delete') is<Order | undefined>()(event.oldValue, true)
  }
}

/** Listeners that are written before they are used. */
export async function annotated(): Promise<void> {
  const listener: MapListener<number, Order> = { onUpdate: ({ newValue }) => newValue.total }
  await orders.listen(listener, { key: 5 })
  // @ts-expect-error it wants values
  await orders.listen(listener, { lite: true })
  // @ts-expect-error it wants the values of updates
  await orders.listen(listener, { priming: true })

  const log = (event: MapEvent<unknown, unknown>): unknown => event.newValue
  await orders.listen(log)
  await orders.listen(log, { lite: true })
  await orders.listen(log, { priming: true, resync: true })
}

/** The class of events, for `instanceof`. */
export function classOfEvents(event: StreamedEvent<number, Order>): void {
  if (event instanceof MapEvent) is<MapEvent<number, Order>>()(event, true)
  else is<EventGap<number, Order> | MapTruncation<number, Order>>()(event, true)
  // @ts-expect-error maps make them
  new MapEvent()
}

export async function ofAKey(key: number | undefined): Promise<void> {
  await orders.listen(() => undefined, { key })
  await orders.listen(() => undefined, { filter: undefined, kinds: undefined })
  orders.events({ key, overflow: 'error' })
  // @ts-expect-error a key has all kinds of change
  await orders.listen(() => undefined, { key: 5, kinds: ['insert'] })
  // @ts-expect-error a key needs no filter
  await orders.listen(() => undefined, { key: 5, filter: Filters.always() })
  // @ts-expect-error the same for streams
  orders.events({ key: 5, kinds: ['insert'] })
}

export async function streams(): Promise<void> {
  await using events = orders.events({ overflow: 'dropOldest', maxBufferedEvents: 10 })
  is<Promise<void>>()(events.ready, true)
  for await (const event of events) {
    switch (event.type) {
      case 'gap':
        is<EventGap<number, Order>>()(event, true)
        break
      case 'truncated':
        is<MapTruncation<number, Order>>()(event, true)
        break
      case 'insert':
      case 'update':
      case 'delete':
        is<MapEvent<number, Order>>()(event, true)
        break
      default:
        // Nothing else comes.
        is<never>()(event, true)
    }
  }
  // @ts-expect-error no such policy
  orders.events({ overflow: 'dropNewest' })
}

export function kindsOfEvents(event: MapEvent<number, Order>): EventKind[] {
  // @ts-expect-error kinds are spelled as the types of events
  const wrong: EventKind = 'inserted'
  return [wrong, event.type, 'insert', 'update', 'delete', 'entered', 'left', 'within']
}

export function lifeCycle(): void {
  orders.on('truncated', ({ mapName }) => is<string>()(mapName, true))
  // @ts-expect-error no such event of a map
  orders.on('emptied', () => undefined)
}
