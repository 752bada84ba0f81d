// An HTTP/2 session and the socket it lives on, which are opened and ended together.
import { setImmediate } from '../../async/real-time'
import type { ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'

/** A session whose server has sent its settings, and the socket under it. */
export interface Link {
  readonly session: ClientHttp2Session
  readonly socket: Socket
  /** `host:port` or the path of a socket. */
  readonly peer: string
}

/** Ends both at once, and every stream on them. */
export function endLink({ session, socket }: Pick<Link, 'session' | 'socket'>): void {
  session.destroy()
  // The session waits until what it has to say is written, which a peer that does not read puts off for ever.
  setImmediate(() => socket.destroy())
}
