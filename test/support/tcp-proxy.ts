// A TCP proxy on the loopback address that stands between a client and a server and breaks the connection in the
// ways a network does: reset, silence, refusal, a half that is gone, bytes that come late, in pieces or changed.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { freePort, LOOPBACK } from '../../src/testing/real/loopback-ports'
import { BitFlips, type Faults, NO_FAULTS, Pipe, reset, type Side } from './pipe'

const ATTEMPTS = 5

/**
 * Starts a proxy that passes every connection on to `target` (`host:port`). It listens on `listenHost`, an address of this
 * machine, and on `listenPort`; left out, on any that is free.
 */
export async function startTcpProxy(
  target: string,
  listenHost = LOOPBACK,
  listenPort?: number,
): Promise<TcpProxy> {
  const colon = target.lastIndexOf(':')
  const host = target.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  const port = Number(target.slice(colon + 1))
  if (host === '' || !Number.isInteger(port) || port <= 0) {
    throw new TypeError(`"${target}" is no address: give host:port`)
  }
  for (let attempt = 1; ; attempt++) {
    const proxy = new TcpProxy({ host, port }, listenHost, listenPort ?? (await freePort()))
    try {
      await proxy.accept()
      return proxy
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}

export class TcpProxy implements AsyncDisposable {
  readonly address: string
  readonly #target: { readonly host: string; readonly port: number }
  readonly #host: string
  readonly #port: number
  readonly #links = new Set<Link>()
  #server: Server | undefined
  #faults = NO_FAULTS
  #paused = false
  #accepted = 0

  constructor(target: { readonly host: string; readonly port: number }, host: string, port: number) {
    this.#target = target
    this.#host = host
    this.#port = port
    this.address = `${host}:${port}`
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#links.size
  }

  /** How many connections were accepted since the start. */
  get accepted(): number {
    return this.#accepted
  }

  /** Resets every open connection, on both sides. New ones are still accepted. */
  cut(): void {
    for (const link of this.#links) link.reset()
  }

  /** Nothing passes any more, in neither direction, also on new connections; nothing is closed. */
  pause(): void {
    this.#paused = true
    this.silence()
  }

  /** Nothing passes any more on the open connections, as after a firewall forgot them; new ones work. */
  silence(): void {
    for (const link of this.#links) link.pause()
  }

  /** Passes on what waits since `pause()` and all that follows. */
  resume(): void {
    this.#paused = false
    for (const link of this.#links) link.resume()
  }

  /**
   * This side of every open connection is gone, as after a crash, and the other one is not informed: it keeps its
   * connection, and what it sends is lost. New connections work.
   */
  halfOpen(gone: Side): void {
    for (const link of this.#links) link.halfOpen(gone)
  }

  /** All that comes passes so much later, in both directions, on open and on new connections. */
  delay(seconds: number): void {
    this.#faults = { ...this.#faults, delayMs: seconds * 1_000 }
  }

  /** No more than so many bytes pass in one turn of the event loop, in each direction, on open and on new connections. */
  trickle(bytesPerTurn: number): void {
    this.#faults = { ...this.#faults, bytesPerTurn }
  }

  /**
   * One bit in about every `everyBytes` bytes that go to this side is flipped, on open and on new connections. Which
   * bits depends on the seed alone.
   */
  corrupt(to: Side, everyBytes: number, seed: number): void {
    const corruption = { ...this.#faults.corruption, [to]: new BitFlips(everyBytes, seed) }
    this.#faults = { ...this.#faults, corruption }
  }

  /** What comes from now on passes at once and as it is. */
  heal(): void {
    this.#faults = NO_FAULTS
  }

  /** New connections are refused, as if no server listened. Open ones stay. */
  refuse(): void {
    this.#server?.close()
    this.#server = undefined
  }

  /** Listens again on the same port. */
  async accept(): Promise<void> {
    if (this.#server !== undefined) return
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#open(socket))
    server.listen({ port: this.#port, host: this.#host, exclusive: true })
    await once(server, 'listening')
    this.#server = server
  }

  /** Ends all connections and the proxy. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server === undefined ? undefined : once(server, 'close')
    server?.close()
    await Promise.all([closed, ...[...this.#links].map((link) => link.destroy())])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #open(client: Socket): void {
    this.#accepted += 1
    const server = connect({ ...this.#target, allowHalfOpen: true })
    const link = new Link(client, server, () => this.#faults)
    this.#links.add(link)
    void link.closed.then(() => this.#links.delete(link))
    if (this.#paused) link.pause()
  }
}

class Link {
  readonly closed: Promise<void>
  readonly #sockets: Readonly<Record<Side, Socket>>
  readonly #pipes: readonly [Pipe, Pipe]

  constructor(client: Socket, server: Socket, faults: () => Faults) {
    this.#sockets = { client, server }
    this.#pipes = [new Pipe(client, server, 'server', faults), new Pipe(server, client, 'client', faults)]
    this.closed = Promise.all(
      [client, server].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    ).then(() => undefined)
  }

  pause(): void {
    for (const pipe of this.#pipes) pipe.hold()
  }

  resume(): void {
    for (const pipe of this.#pipes) pipe.release()
  }

  reset(): void {
    for (const socket of Object.values(this.#sockets)) reset(socket)
  }

  halfOpen(gone: Side): void {
    for (const pipe of this.#pipes) pipe.drop()
    reset(this.#sockets[gone])
  }

  async destroy(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.destroy()
    await this.closed
  }
}

/** The address of a listening server. */
export function addressOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('The server does not listen on a TCP port: wait for its "listening" event')
  }
  return `${LOOPBACK}:${address.port}`
}
