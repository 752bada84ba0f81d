// A gRPC service of bytes, servers for it and clients of it: what the tests of channels call. Each test runs on both
// channels where the behaviour is gRPC's and not one channel's.
import { Channel, credentials, ServerCredentials } from '@grpc/grpc-js'
import {
  createClient,
  createServer,
  type Client,
  type MethodDefinition,
  type ServiceImplementation,
} from 'nice-grpc'
import { openHttp2Channel } from '../../../src/transport/http2/open-channel'
import type { TlsMaterial } from '../../../src/transport/tls-material'
import { LOOPBACK } from '../../../src/testing/real/loopback-ports'

type Method<Q extends boolean, A extends boolean> = MethodDefinition<
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Q,
  A
>

function method<Q extends boolean, A extends boolean>(
  name: string,
  requestStream: Q,
  responseStream: A,
): Method<Q, A> {
  const asIs = (bytes: Uint8Array): Uint8Array => bytes
  return {
    path: `/test.Bytes/${name}`,
    requestStream,
    responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
    options: {},
  }
}

export const BytesDefinition = {
  unary: method('unary', false, false),
  download: method('download', false, true),
  upload: method('upload', true, false),
  exchange: method('exchange', true, true),
}

export type BytesClient = Client<typeof BytesDefinition>
export type BytesServer = ServiceImplementation<typeof BytesDefinition>

const ECHO: BytesServer = {
  unary: (request) => Promise.resolve(request),
  async *download(request) {
    yield request
  },
  async upload(requests) {
    const parts: Uint8Array[] = []
    for await (const part of requests) parts.push(part)
    return Buffer.concat(parts)
  },
  async *exchange(requests) {
    yield* requests
  },
}

export interface RunningServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  readonly port: number
}

/** A server of grpc-js that echoes, but for the methods given. */
export async function startBytesServer(
  methods: Partial<BytesServer> = {},
  security = ServerCredentials.createInsecure(),
  port = 0,
): Promise<RunningServer> {
  const server = createServer({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })
  server.add(BytesDefinition, { ...ECHO, ...methods })
  const listening = await server.listen(`${LOOPBACK}:${port}`, security)
  return {
    address: `${LOOPBACK}:${listening}`,
    port: listening,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown()
      return Promise.resolve()
    },
  }
}

export interface Connected extends Disposable {
  readonly channel: Channel
  readonly client: BytesClient
}

export type Options = Readonly<Record<string, number | string>>
type Open = (target: string, options: Options, tls?: TlsMaterial) => Channel

const OPENERS: Readonly<Record<ChannelKind, Open>> = {
  http2: (target, options, tls) =>
    openHttp2Channel([target], tls === undefined ? undefined : () => Promise.resolve(tls), options),
  'grpc-js': (target, options, tls) => {
    const security = tls === undefined ? credentials.createInsecure() : stockTls(tls)
    return new Channel(target, security, { ...options, 'grpc.use_local_subchannel_pool': 1 })
  },
}

export type ChannelKind = 'http2' | 'grpc-js'

/** For `describe.each`. */
export const CHANNEL_KINDS: readonly ChannelKind[] = ['http2', 'grpc-js']

export function connectTo(
  kind: ChannelKind,
  { address }: { readonly address: string },
  options: Options = {},
  tls?: TlsMaterial,
): Connected {
  const channel = OPENERS[kind](address, options, tls)
  return {
    channel,
    client: createClient(BytesDefinition, channel),
    [Symbol.dispose]: () => channel.close(),
  }
}

function stockTls({ caCert, clientKey, clientCert }: TlsMaterial): ReturnType<typeof credentials.createSsl> {
  const pem = (text: string | Buffer | undefined): Buffer | null =>
    text === undefined ? null : Buffer.from(text)
  return credentials.createSsl(pem(caCert), pem(clientKey), pem(clientCert))
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text)
}

export function text(message: Uint8Array): string {
  return Buffer.from(message).toString()
}

/** All messages of a stream, as text. */
export async function texts(messages: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = []
  for await (const message of messages) all.push(text(message))
  return all
}

/** What a call failed with: its status and the text of it. */
export async function failedWith(call: Promise<unknown>): Promise<{ code: unknown; details: unknown }> {
  try {
    await call
  } catch (error) {
    const { code, details } = error as { code: unknown; details: unknown }
    return { code, details }
  }
  throw new Error('The call did not fail')
}

/** A stream of requests fed by hand. */
export class Requests implements AsyncIterable<Uint8Array> {
  readonly #queue: Uint8Array[] = []
  #ended = false
  #wake: () => void = () => undefined

  send(...messages: readonly (string | Uint8Array)[]): void {
    for (const message of messages) this.#queue.push(typeof message === 'string' ? bytes(message) : message)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) yield next
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

/** Waits until `holds` does, looking each turn of the event loop. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

export interface Occurrence {
  readonly happened: Promise<void>
  occur(): void
}

/** Something a test waits for. */
export function occurrence(): Occurrence {
  let occur: () => void = () => undefined
  const happened = new Promise<void>((resolve) => {
    occur = resolve
  })
  return { happened, occur: () => occur() }
}
