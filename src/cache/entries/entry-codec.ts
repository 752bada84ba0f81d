// Writes the keys and values of one map to bytes and reads them back. It knows what null and nothing look like, and how
// large a request may be.
import { keepStack } from '../../calls/caller-stack'
import { shownKey } from '../../calls/shown'
import { textOf, type Bytes } from '../../bytes'
import type { Codec, CodecRole } from '../../codec/codec'
import { type DirectForm, directFormOf } from '../../codec/direct-form'
import { CodecError } from '../../errors'

export class EntryCodec<K, V> {
  /** Writes keys and values straight into messages; `undefined` for a codec that has bytes only. */
  readonly direct: DirectForm | undefined
  readonly #codec: Codec
  readonly #mapName: string
  readonly #maxRequestBytes: number
  readonly #requestBytes: (payloadBytes: number) => number

  constructor(
    codec: Codec,
    mapName: string,
    maxRequestBytes: number,
    requestBytes: (payloadBytes: number) => number,
  ) {
    this.#codec = codec
    this.direct = directFormOf(codec)
    this.#mapName = mapName
    this.#maxRequestBytes = maxRequestBytes
    this.#requestBytes = requestBytes
  }

  encodeKey(key: K): Bytes {
    return this.#encode(key, 'key')
  }

  encodeValue(value: V): Bytes {
    return this.#encode(value, 'value')
  }

  /** Whether `direct` can write this key. */
  isPlainKey(key: K): key is K & string {
    return this.direct?.isPlainKey(key) === true
  }

  /** A text that is equal for equal keys. For a plain key it is the key itself. The key is a range of bytes. */
  identityOf(bytes: Bytes, begin = 0, end = bytes.length): string {
    return this.direct?.identityOf(bytes, begin, end) ?? textOf(bytes, begin, end)
  }

  encodeQuery(query: object): Bytes {
    return this.#encode(query, 'query')
  }

  decodeKey(bytes: Bytes): K {
    return this.#decode(bytes, 'key') as K
  }

  /** Reads a value; empty bytes are null. */
  decodeValue(bytes: Bytes): V {
    return this.#decode(bytes, 'value') as V
  }

  /** Reads a value in a range of bytes. */
  decodeValueIn(bytes: Buffer, begin: number, end: number): V {
    const { direct } = this
    if (direct === undefined || begin === end) return this.decodeValue(bytes.subarray(begin, end))
    return direct.readValue(bytes, begin, end) as V
  }

  /** Reads the result of a query. */
  decodeResult(bytes: Bytes): unknown {
    return this.#decode(bytes, 'value')
  }

  /** Reads the value that a write replaced or removed. The write is done, whether its answer can be read or not. */
  decodePrevious(bytes: Bytes): V {
    try {
      return this.decodeValue(bytes)
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      throw new CodecError(`${error.message} (the write was carried out)`, {
        path: error.path,
        outcome: 'applied',
        cause: error,
      })
    }
  }

  /**
   * Does the same as `decodePrevious` if the server cannot tell null from nothing: `undefined` for both.
   */
  decodePreviousOrNothing(bytes: Bytes): V | undefined {
    return this.decodePrevious(bytes) ?? undefined
  }

  /**
   * The bytes that this client sends for a key in an answer, because servers print keys in their own way. `undefined` for
   * a key that this client could not have sent.
   */
  canonicalBytes(key: Bytes): Bytes | undefined {
    try {
      return this.encodeKey(this.decodeKey(key))
    } catch (error) {
      if (error instanceof CodecError) return undefined
      throw error
    }
  }

  /**
   * Refuses a request that is larger than the server accepts. The server would end the whole stream because of it.
   *
   * @throws {CodecError} the request is too large.
   */
  assertFits(operation: string, payloadBytes: number, key?: K): void {
    const bytes = this.#requestBytes(payloadBytes)
    if (bytes <= this.#maxRequestBytes) return
    const what = key === undefined ? '' : ` for key ${shownKey(key)}`
    throw new CodecError(
      `${operation} on map '${this.#mapName}'${what} takes a request of ${bytes} bytes, more than the ` +
        `${this.#maxRequestBytes} of maxRequestBytes, which is what a server accepts: store it in parts`,
      { path: key === undefined ? 'query' : 'value', outcome: 'not-sent' },
    )
  }

  /** How many bytes of keys and values fit in one request. */
  get maxPayloadBytes(): number {
    return this.#maxRequestBytes - this.#requestBytes(0)
  }

  #encode(value: unknown, role: CodecRole): Bytes {
    try {
      return this.#codec.encode(value, role)
    } catch (error) {
      throw this.#ownError(error, `Cannot encode ${role}`, role, 'not-sent')
    }
  }

  #decode(bytes: Bytes, role: 'key' | 'value'): unknown {
    try {
      return bytes.length === 0 ? null : this.#codec.decode(bytes, role)
    } catch (error) {
      throw this.#ownError(error, `Cannot decode ${role}`, role)
    }
  }

  /** Makes a `CodecError` of an error that a codec threw: a codec of the user may throw anything. */
  #ownError(error: unknown, what: string, path: string, outcome?: 'not-sent'): CodecError {
    if (error instanceof CodecError) return this.direct === undefined ? keepStack(error) : error
    const reason = error instanceof Error ? error.message : String(error)
    return new CodecError(`${what}: ${reason}`, { path, outcome, cause: error })
  }
}
