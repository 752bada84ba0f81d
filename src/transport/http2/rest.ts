// Rests between reads of a socket. Each read costs the same whether it brings one message or fifty: where answers come
// one by one to many that wait, a millisecond's patience saves most of it.
//
// Node.js has no public way to stop reading a socket that HTTP/2 has taken over, so this asks its handle. Where a
// release has no such handle any more there are no rests, and nothing else changes. HTTP/2 begins to read again by itself
// when a write is done, which with TLS is after the turn; to be asked to read when it reads already is no error.
import { clearTimeout, setImmediate, setTimeout } from '../../async/real-time'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

interface Handle {
  readStart(): number
  readStop(): number
}

export class Rest {
  readonly #socket: Socket
  #timer: NodeJS.Timeout | undefined
  readonly #end = (): void => {
    this.#timer = undefined
    handleOf(this.#socket)?.readStart()
  }

  readonly #goOn = (): void => {
    if (this.#timer !== undefined) handleOf(this.#socket)?.readStop()
  }

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** Nothing is read for a moment; a rest that has begun goes on as it is. */
  begin(millis: number): void {
    if (this.#timer !== undefined) return
    const handle = handleOf(this.#socket)
    if (handle === undefined) return
    this.#timer = setTimeout(this.#end, millis)
    handle.readStop()
    if (this.#socket instanceof TLSSocket) setImmediate(this.#goOn)
  }

  /** It is read again at once. */
  end(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#end()
  }
}

function handleOf(socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as { readonly _handle?: Partial<Handle> | null }
  return typeof handle?.readStart === 'function' && typeof handle.readStop === 'function'
    ? (handle as Handle)
    : undefined
}
