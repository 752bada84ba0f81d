// Pauses between reads of a socket ("rests"). A read of fifty messages costs as much as a read of one. If many calls
// wait and their answers arrive one by one, a pause of a millisecond saves most of the cost.
//
// Node.js has no public function that stops reading a socket owned by HTTP/2, so this uses the handle of the socket. If
// a release has no such handle, there are no rests, and nothing else changes. HTTP/2 starts to read again by itself
// after a write, which with TLS is after the turn. Starting to read twice is not an error.
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

  /** Stops reading for a moment. Does not prolong a rest in progress. */
  begin(millis: number): void {
    if (this.#timer !== undefined) return
    const handle = handleOf(this.#socket)
    if (handle === undefined) return
    this.#timer = setTimeout(this.#end, millis)
    handle.readStop()
    if (this.#socket instanceof TLSSocket) setImmediate(this.#goOn)
  }

  /** Reads again at once. */
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
