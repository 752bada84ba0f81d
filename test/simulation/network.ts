// The network of the simulation: connections between the client's channels and the server, streams on them, and what a
// network does to both. Bytes of one direction of one stream arrive in order, later or never; nothing else is in order.
import { Metadata, status as Status } from '@grpc/grpc-js'
import { frame } from '../../src/testing/proxy/frames'
import type { ServerCall } from '../../src/testing/proxy/grpc-listener'
import type { Random } from '../support/random'
import type { Scheduler } from './scheduler'

/** How the network treats what is sent from now on. */
export interface Weather {
  /** Whether new connections are answered: accepted, refused as by a machine without a server, or not at all. */
  door: 'open' | 'refuses' | 'silent'
  /** All delays are multiplied by it. */
  slowness: number
}

/** The server's side of a new stream. */
export interface Served {
  received(bytes: Buffer): void
  ended(): void
}

/** The client's side of a stream. */
export interface Client {
  /** The server's side of the stream is there. */
  opened(metadata: Metadata): void
  /** A frame of gRPC, with its header. */
  received(frame: Buffer): void
  ended(code: Status, details: string): void
}

const LEAST_DELAY_MS = 0.05
const DELAYS: readonly [probability: number, mostMillis: number][] = [
  [0.005, 2_000],
  [0.03, 100],
  [0.2, 10],
  [1, 1],
]
/** How long a connection takes that nobody answers. */
const CONNECT_TIMEOUT_MS = 20_000
/** Servers end connections that they asked to leave. */
const LONGEST_LEAVE_MS = 5_000
/** The server finds its client slow when so many bytes are on their way. */
const FULL_BYTES = 8 * 1024

export class Network {
  readonly weather: Weather = { door: 'open', slowness: 1 }
  readonly scheduler: Scheduler
  readonly random: Random
  readonly connections = new Set<Connection>()
  readonly #serve: (call: ServerCall) => Served
  #count = 0

  constructor(scheduler: Scheduler, random: Random, serve: (call: ServerCall) => Served) {
    this.scheduler = scheduler
    this.random = random
    this.#serve = serve
  }

  delay(): number {
    const [, most] = DELAYS.find(([probability]) => this.random.chance(probability)) ?? [1, 1]
    return this.weather.slowness * (LEAST_DELAY_MS + (this.random.below(1_000) / 1_000) * most)
  }

  /** Calls back once, unless what it returns is called before. */
  connect(ready: (connection: Connection) => void, failed: (reason: string) => void): () => void {
    const label = `connect ${++this.#count}`
    const attempt = this.scheduler.after(this.delay(), label, () => {
      if (this.weather.door === 'refuses') failed('connect ECONNREFUSED')
      else if (this.weather.door === 'silent') {
        silence = this.scheduler.after(CONNECT_TIMEOUT_MS, `${label} times out`, () =>
          failed('connect ETIMEDOUT'),
        )
      } else {
        const connection = new Connection(this, this.#count)
        this.connections.add(connection)
        ready(connection)
      }
    })
    let silence = attempt
    return () => {
      this.scheduler.cancel(attempt)
      this.scheduler.cancel(silence)
    }
  }

  open(call: ServerCall): Served {
    return this.#serve(call)
  }
}

export class Connection {
  readonly network: Network
  readonly number: number
  readonly streams = new Set<Stream>()
  /** Called when it takes no new streams. */
  retired: () => void = () => undefined
  #isOpen = true
  #isLeaving = false
  /** What waits while nothing passes; `undefined` where all passes. */
  #held: (() => void)[] | undefined
  #count = 0

  constructor(network: Network, number: number) {
    this.network = network
    this.number = number
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get takesStreams(): boolean {
    return this.#isOpen && !this.#isLeaving
  }

  open(client: Client): Stream {
    const stream = new Stream(this, `${this.number}.${++this.#count}`, client)
    this.streams.add(stream)
    return stream
  }

  /** Runs it now, or when the network lets things pass. */
  pass(task: () => void): void {
    if (this.#held === undefined) task()
    else this.#held.push(task)
  }

  /** From now on nothing passes, and nobody is informed. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const task of held) this.network.scheduler.after(0, `${this.number} goes on`, () => this.pass(task))
  }

  /** The server asks the client to leave; streams go on for a while. */
  goAway(): void {
    this.pass(() => {
      if (this.#isLeaving || !this.#isOpen) return
      this.#isLeaving = true
      this.retired()
      this.network.scheduler.after(LONGEST_LEAVE_MS, `${this.number} was left`, () =>
        this.cut('Connection closed'),
      )
      this.ended()
    })
  }

  /** Both sides lose it. The streams of the client end a moment after the connection. */
  cut(reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.network.connections.delete(this)
    for (const stream of this.streams) stream.cut(reason)
    this.streams.clear()
    this.retired()
  }

  /** The client closes it; a server that is cut off does not learn of it. */
  close(): void {
    this.cut('Channel closed')
  }

  /** A stream ended on one side. */
  ended(stream?: Stream): void {
    if (stream?.isOver === true) this.streams.delete(stream)
    if (this.#isLeaving && this.streams.size === 0) this.cut('Connection closed')
  }
}

/** One call on a connection, with the server's side of it. */
export class Stream implements ServerCall {
  readonly #connection: Connection
  readonly #label: string
  readonly #client: Client
  readonly #served: Served
  readonly #lastArrival = { up: 0, down: 0 }
  #isOpenHere = true
  #isOpenThere = true
  #unread = 0
  #waiting: (() => void)[] = []

  constructor(connection: Connection, label: string, client: Client) {
    this.#connection = connection
    this.#label = label
    this.#client = client
    this.#served = connection.network.open(this)
    this.#transfer('down', 'opens', () => client.opened(new Metadata()))
  }

  /** Whether the client has not ended it. */
  get isUsed(): boolean {
    return this.#isOpenHere
  }

  /** Whether it has ended on both sides. */
  get isOver(): boolean {
    return !this.#isOpenHere && !this.#isOpenThere
  }

  // The client's side.

  write(bytes: Buffer): void {
    const { random } = this.#connection.network
    this.#connection.network.scheduler.trace.addBytes(bytes)
    // Bytes have no borders on their way.
    const cut = random.chance(0.2) ? random.below(bytes.length) : 0
    for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      if (part.length > 0)
        this.#transfer('up', `> ${part.length} bytes`, () => {
          if (this.#isOpenThere) this.#served.received(part)
        })
    }
  }

  /** The client ends the stream. */
  reset(): void {
    if (!this.#isOpenHere) return
    this.#isOpenHere = false
    this.#transfer('up', '> reset', () => this.#endThere())
  }

  /** The client took bytes. */
  read(length: number): void {
    this.#unread -= length
    if (!this.isFull) this.#proceed()
  }

  // The server's side.

  get isOpen(): boolean {
    return this.#isOpenThere
  }

  get isFull(): boolean {
    return this.isOpen && this.#unread > FULL_BYTES
  }

  drained(): Promise<void> {
    return this.isFull ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  send(message: Uint8Array): void {
    if (!this.isOpen) return
    const bytes = Buffer.concat(frame(message))
    this.#connection.network.scheduler.trace.addBytes(bytes)
    this.#unread += bytes.length
    this.#transfer('down', `< ${bytes.length} bytes`, () => {
      if (this.#isOpenHere) this.#client.received(bytes)
    })
  }

  end(status: Status, details = ''): void {
    if (!this.isOpen) return
    this.#isOpenThere = false
    this.#transfer('down', `< status ${status}`, () => this.#endHere(status, details))
    this.#proceed()
  }

  // Both.

  /** The connection is gone. */
  cut(reason: string): void {
    const { scheduler } = this.#connection.network
    scheduler.after(0, `${this.#label} ends`, () => this.#endHere(Status.UNAVAILABLE, reason))
    scheduler.after(0, `${this.#label} ends there`, () => this.#endThere())
  }

  #endHere(code: Status, details: string): void {
    if (!this.#isOpenHere) return
    this.#isOpenHere = false
    this.#connection.ended(this)
    this.#client.ended(code, details)
  }

  #endThere(): void {
    this.#isOpenThere = false
    this.#connection.ended(this)
    this.#served.ended()
    this.#proceed()
  }

  #transfer(direction: 'up' | 'down', what: string, arrive: () => void): void {
    const { scheduler } = this.#connection.network
    const { network } = this.#connection
    const at = Math.max(this.#lastArrival[direction], scheduler.now + network.delay())
    this.#lastArrival[direction] = at
    scheduler.at(at, `${this.#label} ${what}`, () => {
      if (this.#connection.isOpen) this.#connection.pass(arrive)
    })
  }

  #proceed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
