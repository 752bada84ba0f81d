// An HTTP/2 session and its socket, which are opened and closed together.
import { setImmediate } from '../../async/real-time'
import type { ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'

/** A session whose server has sent its settings, and its socket. */
export interface OpenSession {
  readonly session: ClientHttp2Session
  readonly socket: Socket
  /** `host:port` or the path of a socket. */
  readonly peer: string
  /** What the target of the connection has for `:authority`. */
  readonly authority: string
}

/** Ends both, and all streams, at once. */
export function endSession({ session, socket }: Pick<OpenSession, 'session' | 'socket'>): void {
  session.destroy()
  // The session waits until its data is written, which never happens if the peer does not read.
  setImmediate(() => socket.destroy())
}
