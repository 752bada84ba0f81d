// The floor: Get over node:http2 alone. Frames are written and read by hand, for this one request and nothing else; no
// deadlines, no errors, no order, no reconnection. No client can cost less on Node.js than about this.
import { connect, type ClientHttp2Stream } from 'node:http2'
import type { MeasuredClient } from './client'
import type { Person } from './values'

const GET = 10
const ENSURE_CACHE = 1
const INIT = Buffer.from('08011a181a046a736f6e220c43616368655365727669636528013001', 'hex')
const MOST_BYTES = 512 * 1024
const MARKER = '\x15'

export async function open(_module: string, address: string, mapName: string): Promise<MeasuredClient> {
  const http2 = connect(`http://${address}`, {
    settings: { initialWindowSize: 8 << 20, enablePush: false },
  })
  await new Promise((resolve) => http2.once('connect', resolve))
  http2.setLocalWindowSize(8 << 20)
  const stream = http2.request(
    {
      ':method': 'POST',
      ':path': '/coherence.proxy.v1.ProxyService/subChannel',
      'content-type': 'application/grpc',
      te: 'trailers',
    },
    { endStream: false },
  )
  const gets = new Gets(stream)
  await gets.shakeHands()
  await gets.ensure(mapName)
  const unsupported = (): never => {
    throw new Error('The raw floor can only get')
  }
  return {
    get: (key) => gets.get(key),
    set: unsupported,
    getAll: unsupported,
    setAll: unsupported,
    iterate: unsupported,
    close: () => new Promise((resolve) => http2.close(resolve)),
  }
}

interface Waiting {
  resolve: (value: unknown) => void
  answer: unknown
}

class Gets {
  readonly #stream: ClientHttp2Stream
  readonly #waiting = new Map<number, Waiting>()
  #out = Buffer.allocUnsafe(2 * MOST_BYTES)
  #at = 0
  #scheduled = false
  #id = 1
  #cacheId = 0
  #ensuring = true
  #rest: Buffer | undefined
  readonly #flush = (): void => {
    this.#scheduled = false
    if (this.#at === 0) return
    this.#stream.write(Buffer.from(this.#out.subarray(0, this.#at)))
    this.#at = 0
  }

  constructor(stream: ClientHttp2Stream) {
    this.#stream = stream
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  shakeHands(): Promise<unknown> {
    this.#frame(INIT)
    return new Promise((resolve) => this.#waiting.set(1, { resolve, answer: undefined }))
  }

  async ensure(mapName: string): Promise<void> {
    const name = field(1, Buffer.from(mapName))
    const payload = any('coherence.cache.v1.EnsureCacheRequest', name)
    const request = Buffer.concat([Buffer.from([8, ENSURE_CACHE]), field(3, payload)])
    const id = ++this.#id
    const message = field(4, any('coherence.cache.v1.NamedCacheRequest', request))
    this.#frame(Buffer.concat([Buffer.from([8, id]), message]))
    this.#cacheId = Number(
      await new Promise((resolve) => this.#waiting.set(id, { resolve, answer: undefined })),
    )
    this.#ensuring = false
  }

  get(key: string): Promise<Person | undefined> {
    const id = ++this.#id
    this.#writeGet(id, MARKER + JSON.stringify(key))
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, answer: undefined })
    })
  }

  // ProxyRequest { id, message: Any { NamedCacheRequest { type, cacheId, message: Any { BytesValue { key } } } } }
  #writeGet(id: number, key: string): void {
    const keyBytes = Buffer.byteLength(key)
    const bytesValue = 1 + varintBytes(keyBytes) + keyBytes
    const inner = KEY_TYPE.length + 1 + varintBytes(bytesValue) + bytesValue
    const request = 3 + varintBytes(this.#cacheId) + 1 + varintBytes(inner) + inner
    const outer = REQUEST_TYPE.length + 1 + varintBytes(request) + request
    const total = 1 + varintBytes(id) + 1 + varintBytes(outer) + outer
    const out = this.#out
    out[this.#at++] = 0
    this.#at = out.writeUInt32BE(total, this.#at)
    this.#number(8, id)
    this.#number(0x22, outer)
    this.#at += REQUEST_TYPE.copy(out, this.#at)
    this.#number(0x12, request)
    this.#number(8, GET)
    this.#number(0x10, this.#cacheId)
    this.#number(0x1a, inner)
    this.#at += KEY_TYPE.copy(out, this.#at)
    this.#number(0x12, bytesValue)
    this.#number(10, keyBytes)
    this.#at += out.write(key, this.#at)
    this.#schedule()
  }

  #number(tag: number, value: number): void {
    this.#out[this.#at++] = tag
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#out[this.#at++] = (rest & 127) | 128
    this.#out[this.#at++] = rest
  }

  #frame(message: Buffer): void {
    this.#out[this.#at++] = 0
    this.#at = this.#out.writeUInt32BE(message.length, this.#at)
    this.#at += message.copy(this.#out, this.#at)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#at > MOST_BYTES) {
      this.#stream.write(Buffer.from(this.#out.subarray(0, this.#at)))
      this.#at = 0
    }
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#flush)
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (bytes.length - at >= 5) {
      const end = at + 5 + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) break
      this.#answer(new Reader(bytes, at + 5, end))
      at = end
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined
  }

  #answer(reader: Reader): void {
    reader.skip(1)
    const id = reader.varint()
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    switch (reader.varint() >> 3) {
      case 5: {
        reader.varint()
        if (!reader.find(2)) return
        if (this.#ensuring) waiting.answer = reader.find(1) ? reader.varint() : 0
        else if (reader.find(3) && reader.find(2) && reader.find(2)) waiting.answer = reader.json()
        return
      }
      case 4:
      case 7:
        this.#waiting.delete(id)
        waiting.resolve(waiting.answer)
        return
      default:
        throw new Error('The server answered with an error')
    }
  }
}

class Reader {
  readonly #bytes: Buffer
  #at: number
  #end: number

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  skip(bytes: number): void {
    this.#at += bytes
  }

  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }

  /** Goes into the field; `false` where it is not there. */
  find(field: number): boolean {
    while (this.#at < this.#end) {
      const tag = this.varint()
      if ((tag & 7) === 0) {
        if (tag >> 3 === field) return true
        this.varint()
        continue
      }
      const length = this.varint()
      if (tag >> 3 === field) {
        this.#end = this.#at + length
        return true
      }
      this.#at += length
    }
    return false
  }

  json(): unknown {
    return JSON.parse(this.#bytes.toString('utf8', this.#at + 1, this.#end))
  }
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes += 1
  return bytes
}

function field(number: number, bytes: Buffer): Buffer {
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes])
}

function any(type: string, value: Buffer): Buffer {
  return Buffer.concat([field(1, Buffer.from(`type.googleapis.com/${type}`)), field(2, value)])
}

const REQUEST_TYPE = field(1, Buffer.from('type.googleapis.com/coherence.cache.v1.NamedCacheRequest'))
const KEY_TYPE = field(1, Buffer.from('type.googleapis.com/google.protobuf.BytesValue'))
