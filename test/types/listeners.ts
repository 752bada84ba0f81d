// What the compiler makes of listeners to what happens to a session or a map.
import type { MapLifecycleEvent, NamedCache, NamedMap, Session, SessionEvent } from 'coherence-ts'

type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false

/** Compiles where the value is of exactly the type `Wanted`. */
declare function is<Wanted>(): <A>(value: A, exactly: Same<A, Wanted>) => void

declare const session: Session
declare const orders: NamedMap<number, string>
declare const cache: NamedCache<number, string>

export function listeners(): void {
  is<boolean>()(session.connected, true)
  is<Session>()(
    session.once('disconnected', (event) => is<SessionEvent>()(event, true)),
    true,
  )
  session.once('truncated', (event) => is<MapLifecycleEvent>()(event, true))
  session.once('error', (error) => is<unknown>()(error, true))
  is<NamedMap<number, string>>()(
    orders.once('destroyed', (event) => is<MapLifecycleEvent>()(event, true)),
    true,
  )
  is<NamedCache<number, string>>()(
    cache.once('released', () => undefined),
    true,
  )

  // @ts-expect-error no event of a session
  session.once('opened', () => undefined)
  // @ts-expect-error only a session is disconnected
  orders.once('disconnected', () => undefined)
  // @ts-expect-error no listener
  session.once('closed')
  // @ts-expect-error it is for the session to say
  session.connected = true
}
