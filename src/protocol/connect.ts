// Which protocol a connection speaks.
import type { Call } from '../calls/call'
import type { CacheConnection, ConnectionEvents, ConnectionSettings } from './port'
import { V1Connection } from './v1/connection'

/** Connects for the first time, each attempt within the time of `call`. */
export function connect(
  settings: ConnectionSettings,
  events: ConnectionEvents,
  call: Call,
): Promise<CacheConnection> {
  return V1Connection.open(settings, events, call)
}
