// The events of a session.
import { inspect } from 'node:util'
import { LIFECYCLE_EVENTS, type MapLifecycleEvents } from '../cache/map-lifecycle'

/** Something happened to a session. */
export interface SessionEvent {
  readonly type: 'connected' | 'disconnected' | 'reconnected' | 'closed'
  /** Why, if something went wrong. */
  readonly reason?: unknown
}

/** The events of a session, each with the argument of its listeners. */
export interface SessionEvents extends MapLifecycleEvents {
  /** There is a connection for the first time. */
  connected: SessionEvent
  /** The connection was lost; a new one is being made. Calls wait for it. */
  disconnected: SessionEvent
  /** There is a connection again, and the maps are restored. */
  reconnected: SessionEvent
  /** The session is closed, by `close()` or because it was without a connection for too long. */
  closed: SessionEvent
  /**
   * Something went wrong outside of all calls: a listener threw, or the server sent something that cannot be read.
   * Without a listener to this event it is a warning of the process.
   */
  error: unknown
}

/** The names of all but `error`. */
export const EVENTS = ['connected', 'disconnected', 'reconnected', 'closed', ...LIFECYCLE_EVENTS] as const

/** Emits a text, because Node accepts an error as a warning only if it was created in Node's own realm. */
export function warn(error: unknown): void {
  process.emitWarning(inspect(error), 'CoherenceWarning')
}
