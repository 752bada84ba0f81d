// Asks a name service of Coherence for the gRPC servers of a cluster. Every member of a cluster listens for such
// requests on the port of the cluster. This file is loaded only if an address names a name service.
//
// A client sends a preamble, opens a connection and a channel on it, and then asks for values by their names. Each message
// follows its length. The messages are in POF, the serialization of Coherence, of which fixed bytes are enough here.
import { connect, type Socket } from 'node:net'
import { textOf } from '../bytes'
import { hostText, type NameService, portOf } from './address'

const PREAMBLE = Buffer.from('5ac1e00000000003', 'hex')
/** Opens a connection: the versions of two protocols, and a member's identity, which servers do not use. */
const OPEN_CONNECTION = Buffer.from(
  '000102004200010e000042a6b69fdeb2510141e3f3e4dd0f02418ff6ba99010341f8b4e5f2040441c4fedcf5050541d7cec3' +
    '8d070641db89dcd50a40026e035d4e5702114d6573736167696e6750726f746f636f6c0241024102134e616d655365727669' +
    '636550726f746f636f6c024101410105a00200000e000042ae899edeb2510141818080f00f0541989f8180080641939e0140' +
    '016a026e036a04710571064e08436c757374657242094e096c6f63616c686f73740a4e0532303233330c4e10436f68657265' +
    '6e6365436f6e736f6c654040',
  'hex',
)
/** Opens a channel of the protocol `NameServiceProtocol` to the receiver `NameService`. */
const OPEN_CHANNEL = Buffer.from(
  '000b02004201014e134e616d655365727669636550726f746f636f6c024e0b4e616d655365727669636540',
  'hex',
)
/** A request to look a name up; the name as text follows, and then the end of the message. */
const LOOK_UP = Buffer.from('0101004200014e', 'hex')
const END = Buffer.from('40', 'hex')

/** What stands before the id of the channel in the answer to `OPEN_CHANNEL`. */
const CHANNEL_OFFSET = 8
/** What stands before the text in an answer to `LOOK_UP`, after the id of the channel. An answer without a text is no longer. */
const TEXT_OFFSET = 7

const LONGEST_LOOK_UP_MS = 5_000
/** No answer comes near this. */
const MOST_MESSAGE_BYTES = 1024 * 1024

const PROXIES = 'NameService/string/$GRPC:GrpcProxy'
const CLUSTER_NAME = 'Cluster/name'

/**
 * Returns the gRPC servers of the cluster, each with host and port. There is at least one.
 *
 * @param signal Ends the look-up; the promise rejects with its reason.
 * @throws {Error} the name service cannot be reached, does not answer within 5 s, answers what cannot be read, or knows
 *   no server.
 */
export async function lookUpServers(
  service: NameService,
  signal: AbortSignal,
): Promise<readonly { readonly host: string; readonly port: number }[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_UP_MS)])
  const { cluster } = service
  const inCluster = cluster === undefined ? '' : ` in the cluster '${cluster}'`
  let peer = service
  let answer = await ask(service, limit, signal, async (names) => {
    if (cluster === undefined || (await names.find(CLUSTER_NAME)) === cluster) return names.find(PROXIES)
    const port = await names.find(`NameService/string/Cluster/foreign/${cluster}/NameService/localPort`)
    if (port === '') throw names.failure(`knows no cluster '${cluster}'`)
    peer = { ...service, port: portOf(port) ?? names.malformed(port) }
    return undefined
  })
  answer ??= await ask(peer, limit, signal, (names) => names.find(PROXIES))
  const servers = serversIn(answer)
  if (servers === undefined)
    throw failureOf(peer, `answered '${answer.slice(0, 60)}', which is no list of servers`)
  if (servers.length === 0) throw failureOf(peer, `knows no gRPC server${inCluster}`)
  return servers
}

async function ask<T>(
  service: NameService,
  limit: AbortSignal,
  signal: AbortSignal,
  use: (names: Names) => Promise<T>,
): Promise<T> {
  const { host, port } = service
  const names = new Names(service, connect({ host, port }))
  const stop = (): void => {
    names.end(
      signal.aborted
        ? (signal.reason as Error)
        : names.failure(`gave no answer within ${LONGEST_LOOK_UP_MS / 1_000} s`),
    )
  }
  if (limit.aborted) stop()
  limit.addEventListener('abort', stop)
  try {
    await names.open()
    return await use(names)
  } finally {
    limit.removeEventListener('abort', stop)
    names.end(names.failure('was asked no more'))
  }
}

/** A connection to a name service, for one request after the other. */
class Names {
  readonly #service: NameService
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #failure: Error | undefined
  /** Called when more was received, or the connection failed. */
  #changed = (): void => undefined
  #channel: Buffer = Buffer.alloc(0)

  /** @param socket The connection, which may still be being made. */
  constructor(service: NameService, socket: Socket) {
    this.#service = service
    this.#socket = socket
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#changed()
    })
    this.#socket.on('error', (error: AggregateError | Error) =>
      this.end(this.failure(`cannot be reached: ${textOfError(error)}`)),
    )
    this.#socket.on('close', () => this.end(this.failure('closed the connection without an answer')))
  }

  failure(what: string): Error {
    return failureOf(this.#service, what)
  }

  malformed(text: string): never {
    throw this.failure(
      `answered '${text.slice(0, 60)}', which is not what was asked for; is this the port of a cluster?`,
    )
  }

  /** Ends the connection; what waits for an answer fails with `reason`, unless it has failed before. */
  end(reason: Error): void {
    this.#failure ??= reason
    this.#socket.destroy()
    this.#changed()
  }

  async open(): Promise<void> {
    this.#socket.write(Buffer.concat([PREAMBLE, framed(OPEN_CONNECTION), framed(OPEN_CHANNEL)]))
    await this.#receive()
    const opened = await this.#receive()
    if (opened.length <= CHANNEL_OFFSET + END.length) this.malformed(textOf(opened))
    this.#channel = opened.subarray(CHANNEL_OFFSET, -END.length)
  }

  /** Returns the value of a name; an empty text if it has none. */
  async find(name: string): Promise<string> {
    const text = Buffer.from(name)
    this.#socket.write(framed(Buffer.concat([this.#channel, LOOK_UP, packed(text.length), text, END])))
    const answer = await this.#receive()
    const body = answer.subarray(this.#channel.length + 1)
    if (body.length <= TEXT_OFFSET) return ''
    const length = readPacked(body, TEXT_OFFSET - 1)
    if (length === undefined || length.value < 0 || length.end + length.value > body.length)
      this.malformed(textOf(answer))
    return body.toString('utf8', length.end, length.end + length.value)
  }

  /** Waits for the next message. */
  async #receive(): Promise<Buffer> {
    for (;;) {
      const length = readPacked(this.#received, 0)
      if (length !== undefined) {
        const { value, end } = length
        if (value < 0 || value > MOST_MESSAGE_BYTES) this.malformed(textOf(this.#received))
        if (this.#received.length >= end + value) {
          const message = this.#received.subarray(end, end + value)
          this.#received = this.#received.subarray(end + value)
          return message
        }
      }
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }
}

function failureOf(service: NameService, what: string): Error {
  return new Error(`The name service at ${hostText(service)} ${what}`)
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([packed(message.length), message])
}

/** Writes an integer of 0 or more: 6 bits in the first byte and 7 in each after it, the lowest first. */
function packed(value: number): Buffer {
  const bytes = [value & 0x3f]
  for (let rest = value >>> 6; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    bytes.push(rest & 0x7f)
  }
  return Buffer.from(bytes)
}

/** Reads an integer at `at`. Returns `undefined` if it has no end there. */
function readPacked(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  let value = first & 0x3f
  let scale = 2 ** 6
  let end = at + 1
  for (let more = (first & 0x80) !== 0; more; end += 1) {
    const byte = bytes[end]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * scale
    scale *= 2 ** 7
    more = (byte & 0x80) !== 0
  }
  return { value: (first & 0x40) === 0 ? value : -1 - value, end }
}

/** Reads a list such as `[10.0.0.7, 1408, 10.0.0.8, 1408]`, or an empty text. Returns `undefined` for anything else. */
function serversIn(text: string): { host: string; port: number }[] | undefined {
  if (text === '') return []
  const [, list] = /^\[(.*)\]$/s.exec(text) ?? []
  if (list === undefined) return undefined
  if (list.trim() === '') return []
  const items = list.split(',').map((item) => item.trim())
  const servers: { host: string; port: number }[] = []
  for (let index = 0; index < items.length; index += 2) {
    const host = items[index]?.replace(/^\/|%.*$/g, '')
    const port = portOf(items[index + 1] ?? '')
    if (host === undefined || port === undefined || !/^[\w.:-]+$/.test(host)) return undefined
    servers.push({ host, port })
  }
  return servers
}

/** Every address of a name is tried; the error of all together has no text of its own. */
function textOfError(error: AggregateError | Error): string {
  const each = error instanceof AggregateError ? (error.errors as Error[]) : [error]
  return [...new Set(each.map(({ message }) => message))].join('; ')
}
