// What the compiler makes of listeners and event streams: keys and values have the types of their map, and what would
// never be called does not compile.
import {
  type EventGap,
  type EventKind,
  Filters,
  type MapEvent,
  type MapTruncation,
  type NamedCache,
  type NamedMap,
  type Subscription,
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
      is<Order | null | undefined>()(newValue, true)
      await Promise.resolve()
    },
    onGap: (gap) => is<EventGap<string, Order | null>>()(gap, true),
    onTruncated: (truncation) => is<MapTruncation<string, Order | null>>()(truncation, true),
  })
  is<boolean>()(another.isActive, true)

  await orders.listen(() => undefined, { filter: Filters.greater('total', 5), kinds: ['inserted', 'left'] })
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

export function kindsOfEvents(): EventKind[] {
  // @ts-expect-error the events of a map have other names
  const wrong: EventKind = 'insert'
  return [wrong, 'inserted', 'updated', 'deleted', 'entered', 'left', 'within']
}

export function lifeCycle(): void {
  orders.on('truncated', ({ mapName }) => is<string>()(mapName, true))
  // @ts-expect-error no such event of a map
  orders.on('emptied', () => undefined)
}
