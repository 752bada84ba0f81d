// One attempt to connect by one route: TCP, a tunnel if needed, TLS, and HTTP/2 up to the server's settings.
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { isNativeError } from 'node:util/types'
import type { ChannelSettings } from '../channel-options'
import { endSession, type OpenSession } from '../open-session'
import type { SecureOptions } from '../../tls-material'
import type { Route } from './route'

// Larger frames cause fewer events for large messages. A read from the socket returns at most this size.
const MAX_FRAME_BYTES = 64 * 1024
// Bun (1.4) announces a wider window only once and never updates it when it is used up: the connection would stall.
const CAN_WIDEN = process.versions['bun'] === undefined
// Each request contains its own authority and scheme.
const UNUSED_AUTHORITY = 'http://localhost'

/**
 * Opens a session by `route`.
 *
 * @param secure Returns the options of TLS for a server with this name; `undefined` for plain text.
 * @param signal Gives the attempt up; the promise rejects with its reason.
 */
export async function handshake(
  route: Route,
  secure: SecureOptions | undefined,
  settings: ChannelSettings,
  signal: AbortSignal,
): Promise<OpenSession> {
  // An event listener would not be called for a signal that has aborted already.
  signal.throwIfAborted()
  const tunnel = route.tunnel === undefined ? undefined : await route.tunnel.open(signal)
  if (signal.aborted) {
    tunnel?.destroy()
    throw signal.reason
  }
  const tls = secure?.(settings.tlsName ?? route.target.host)
  try {
    return await begin(openSocket(route, tunnel, tls), route, settings, signal)
  } catch (error) {
    if (tls === undefined || tunnel !== undefined || !isExpiry(error)) throw error
    const { expiryOf } = await import('./expired-certificate')
    throw await expiryOf(error, { ...tls, ...route.address }, signal)
  }
}

function isExpiry(error: unknown): error is Error {
  return isNativeError(error) && 'code' in error && error.code === 'CERT_HAS_EXPIRED'
}

function begin(
  socket: Socket,
  { peer, target }: Route,
  settings: ChannelSettings,
  signal: AbortSignal,
): Promise<OpenSession> {
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
      endSession({ session, socket })
    }
    session.on('error', fail)
    session.once('close', closed)
    // Errors of TLS 1.3 come after the session has begun, which then neither reports them nor closes the socket.
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
      resolve({ session, socket, peer, authority: target.authority })
    })
  })
}

/** @param tunnel The socket of a tunnel to the server; `undefined` to connect to its address. */
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
