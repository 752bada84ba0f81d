// The client's channel in the simulation. In the tests of this folder it takes the place of
// `src/transport/http2/open-channel.ts`: it has the same interface, and its connections are those of the simulated network.
import {
  type Channel,
  connectivityState as Connectivity,
  type InterceptingListener,
  type Metadata,
  status as Status,
} from '@grpc/grpc-js'
import { ConnectivityWatches } from '../../src/transport/http2/connectivity'
import { statusOf } from '../../src/transport/http2/status'
import { soon } from './virtual-time'
import type { Client, Connection, Network, Stream } from './network'

export { HTTP2_CHANNEL_OPTIONS } from '../../src/transport/http2/channel-options'

export interface FrameExchange {
  rest(millis: number): void
  wake(): void
}

interface MessageContext {
  readonly callback?: () => void
}

const HEADER_BYTES = 5

let current: { readonly network: Network; readonly framed: boolean } | undefined

/**
 * From now on, channels connect to this network.
 *
 * @param framed Whether calls exchange frames, several at once, as on the library's own channel, or messages.
 */
export function useNetwork(network: Network | undefined, framed = true): void {
  current = network && { network, framed }
}

export function openHttp2Channel(): Channel {
  if (current === undefined) throw new Error('There is no simulation now')
  return new SimulatedChannel(current.network, current.framed) as unknown as Channel
}

export function exchangeFrames(channel: Channel): FrameExchange | undefined {
  const { framed } = channel as unknown as SimulatedChannel
  // To read later changes nothing here: what is read comes at any time.
  return framed ? { rest: () => undefined, wake: () => undefined } : undefined
}

class SimulatedChannel {
  readonly framed: boolean
  readonly network: Network
  readonly #watches = new ConnectivityWatches()
  readonly #waiting = new Set<SimulatedCall>()
  readonly #calls = new Set<SimulatedCall>()
  readonly #connections = new Set<Connection>()
  #state = Connectivity.IDLE
  #connection: Connection | undefined
  #stopConnecting: (() => void) | undefined

  constructor(network: Network, framed: boolean) {
    this.network = network
    this.framed = framed
  }

  getTarget(): string {
    return 'simulation'
  }

  getConnectivityState(): Connectivity {
    return this.#state
  }

  watchConnectivityState(from: Connectivity, deadline: number, callback: (error?: Error) => void): void {
    this.#watches.add(from, deadline, callback)
    this.#watches.changed(this.#state)
  }

  createCall(): SimulatedCall {
    if (this.#state === Connectivity.SHUTDOWN) throw new Error('Channel has been shut down')
    return new SimulatedCall(this)
  }

  schedule(call: SimulatedCall): void {
    this.#calls.add(call)
    if (this.#connection?.takesStreams === true) {
      call.attach(this.#connection)
    } else if (this.#state === Connectivity.SHUTDOWN) {
      call.fail(Status.UNAVAILABLE, 'Channel closed before call started')
    } else {
      this.#waiting.add(call)
      this.#connect()
    }
  }

  ended(call: SimulatedCall): void {
    this.#waiting.delete(call)
    this.#calls.delete(call)
  }

  close(): void {
    if (this.#state === Connectivity.SHUTDOWN) return
    this.#stopConnecting?.()
    this.#become(Connectivity.SHUTDOWN)
    for (const call of this.#calls) call.cancelWithStatus(Status.CANCELLED, 'Channel closed')
    for (const connection of this.#connections) connection.close()
  }

  #connect(): void {
    if (this.#stopConnecting !== undefined) return
    this.#become(Connectivity.CONNECTING)
    this.#stopConnecting = this.network.connect(
      (connection) => {
        this.#stopConnecting = undefined
        this.#connection = connection
        this.#connections.add(connection)
        connection.retired = () => {
          if (!connection.isOpen) this.#connections.delete(connection)
          if (this.#connection !== connection) return
          this.#connection = undefined
          if (this.#state !== Connectivity.SHUTDOWN) this.#become(Connectivity.IDLE)
        }
        this.#become(Connectivity.READY)
        for (const call of [...this.#waiting]) {
          this.#waiting.delete(call)
          this.schedule(call)
        }
      },
      (reason) => {
        this.#stopConnecting = undefined
        this.#become(Connectivity.IDLE)
        for (const call of [...this.#waiting])
          call.fail(Status.UNAVAILABLE, `No connection established: ${reason}`)
      },
    )
  }

  #become(state: Connectivity): void {
    this.#state = state
    this.#watches.changed(state)
  }
}

class SimulatedCall implements Client {
  readonly #channel: SimulatedChannel
  #listener: InterceptingListener | undefined
  #stream: Stream | undefined
  /** What was written before there was a connection. */
  #outbox: Buffer[] = []
  #inbox: Buffer[] = []
  #wanted = 0
  #isDelivering = false
  #end: { readonly code: Status; readonly details: string } | undefined
  #isSettled = false

  constructor(channel: SimulatedChannel) {
    this.#channel = channel
  }

  start(_metadata: Metadata, listener: InterceptingListener): void {
    this.#listener = listener
    this.#channel.schedule(this)
  }

  attach(connection: Connection): void {
    this.#stream = connection.open(this)
    for (const bytes of this.#outbox.splice(0)) this.#stream.write(bytes)
  }

  sendMessageWithContext({ callback }: MessageContext, message: Buffer): void {
    const { random, scheduler } = this.#channel.network
    if (!this.#isSettled) {
      // The sender may write into its buffer again.
      const bytes = this.#channel.framed ? Buffer.from(message) : framed(message)
      if (this.#stream === undefined) this.#outbox.push(bytes)
      else this.#stream.write(bytes)
    }
    if (callback === undefined) return
    if (this.#isSettled || random.chance(0.7)) callback()
    else scheduler.after(this.#channel.network.delay(), 'there is room to write', callback)
  }

  halfClose(): void {
    // The server ends the call.
  }

  startRead(): void {
    this.#wanted += 1
    this.#deliver()
  }

  cancelWithStatus(code: Status, details: string): void {
    this.#stream?.reset()
    this.fail(code, details)
  }

  getPeer(): string {
    return 'simulation'
  }

  opened(metadata: Metadata): void {
    if (!this.#isSettled) this.#listener?.onReceiveMetadata(metadata)
  }

  received(frame: Buffer): void {
    if (this.#isSettled) return
    this.#inbox.push(frame)
    this.#deliver()
  }

  ended(code: Status, details: string): void {
    this.#end = { code, details }
    this.#deliver()
  }

  /** Ends the call at once. */
  fail(code: Status, details: string): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#inbox = []
    this.#channel.ended(this)
    const status = statusOf({ code, details })
    soon(() => this.#listener?.onReceiveStatus(status))
  }

  #deliver(): void {
    if (this.#isDelivering || this.#isSettled) return
    const ends = this.#end !== undefined && this.#inbox.length === 0
    if (!ends && (this.#wanted === 0 || this.#inbox.length === 0)) return
    this.#isDelivering = true
    this.#channel.network.scheduler.after(0, 'read', () => {
      this.#isDelivering = false
      if (this.#isSettled) return
      if (this.#inbox.length > 0 && this.#wanted > 0) this.#read()
      else if (this.#end !== undefined && this.#inbox.length === 0)
        this.fail(this.#end.code, this.#end.details)
      this.#deliver()
    })
  }

  #read(): void {
    const { random } = this.#channel.network
    this.#wanted -= 1
    const count = this.#channel.framed ? 1 + random.below(this.#inbox.length) : 1
    const taken = this.#inbox.splice(0, count)
    const bytes = Buffer.concat(taken)
    this.#stream?.read(bytes.length)
    this.#listener?.onReceiveMessage(this.#channel.framed ? bytes : bytes.subarray(HEADER_BYTES))
  }
}

function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}
