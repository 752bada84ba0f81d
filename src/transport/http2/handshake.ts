// One attempt to connect by one way: TCP, maybe a tunnel, TLS and HTTP/2 up to the server's settings.
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import type { ChannelSettings } from './channel-options'
import { endLink, type Link } from './link'
import type { Route } from './route'

// Larger frames mean fewer events for large messages; a read from the socket has no more than this.
const MAX_FRAME_BYTES = 64 * 1024
// Bun (1.4) tells the server of a wider window once, and never again when that is used up: the connection would stand still.
const CAN_WIDEN = process.versions['bun'] === undefined
// Each request names its authority and scheme itself.
const UNUSED_AUTHORITY = 'http://localhost'

/**
 * Opens a session by way of `route`.
 *
 * @param tls `undefined` for plain text.
 * @param signal Gives the attempt up; the promise rejects with its reason.
 */
export async function handshake(
  route: Route,
  tls: ConnectionOptions | undefined,
  settings: ChannelSettings,
  signal: AbortSignal,
): Promise<Link> {
  // It would not be told of an abort that has been.
  signal.throwIfAborted()
  const tunnel = route.tunnel === undefined ? undefined : await route.tunnel.open(signal)
  if (signal.aborted) {
    tunnel?.destroy()
    throw signal.reason
  }
  return begin(openSocket(route, tunnel, tls), route.peer, settings, signal)
}

function begin(socket: Socket, peer: string, settings: ChannelSettings, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(UNUSED_AUTHORITY, {
      createConnection: () => socket,
      settings: {
        enablePush: false,
        initialWindowSize: settings.streamWindowBytes,
        maxFrameSize: MAX_FRAME_BYTES,
      },
      maxSessionMemory: settings.maxSessionMemory,
      maxSendHeaderBlockLength: Number.MAX_SAFE_INTEGER,
    })
    session.unref()
    let failure: Error | undefined
    const fail = (error: Error): void => {
      failure ??= error
    }
    const closed = (): void => {
      signal.removeEventListener('abort', giveUp)
      reject(failure ?? new Error('The connection was closed before the HTTP/2 settings of the server came'))
    }
    const giveUp = (): void => {
      failure = signal.reason as Error
      endLink({ session, socket })
    }
    session.on('error', fail)
    session.once('close', closed)
    // Errors of TLS 1.3 come after the session has begun, which then neither tells them nor closes the socket.
    socket.on('error', (error) => {
      fail(error)
      socket.destroy()
    })
    socket.once('close', closed)
    signal.addEventListener('abort', giveUp)
    session.once('connect', () => {
      if (!session.destroyed && CAN_WIDEN) session.setLocalWindowSize(settings.connectionWindowBytes)
    })
    session.once('remoteSettings', () => {
      signal.removeEventListener('abort', giveUp)
      session.off('close', closed)
      socket.off('close', closed)
      resolve({ session, socket, peer })
    })
  })
}

/** @param tunnel What the server is reached by; `undefined` where by its address. */
function openSocket(
  { address }: Route,
  tunnel: Socket | undefined,
  tls: ConnectionOptions | undefined,
): Socket {
  const way = tunnel === undefined ? address : { socket: tunnel }
  const socket = tls === undefined ? (tunnel ?? connectTcp({ ...address })) : connectTls({ ...tls, ...way })
  socket.setNoDelay(true)
  return socket
}
