// The interface of a codec, which converts between values and the bytes of requests and answers.

/**
 * The purpose of the bytes. Equal keys must have equal bytes, and errors name the part of the call in which they
 * occurred.
 */
export type CodecRole = 'key' | 'value' | 'query'

/**
 * Encodes values into the bytes of a serializer of the server (the session's `format`), and decodes them.
 *
 * Queries (filters, processors, aggregators and so on) are encoded too. They are plain objects that name a class of
 * the server in their first member, `@class`.
 *
 * @example
 * ```ts
 * import { type Codec, CodecError, jsonCodec } from 'coherence-ts'
 *
 * const json = jsonCodec()
 * const checked: Codec = {
 *   encode(value, role) {
 *     if (role === 'value' && value === null) throw new CodecError('a value is null', { path: 'value' })
 *     return json.encode(value, role)
 *   },
 *   decode: (bytes, role) => json.decode(bytes, role),
 * }
 * console.log(checked.decode(checked.encode({ name: 'Ann' }, 'value'), 'value')) // prints { name: 'Ann' }
 * ```
 */
export interface Codec {
  /**
   * Encodes `value`, without modifying it. The bytes are never empty, and never a view of memory that changes later.
   *
   * For the role `'key'`, equal keys must have equal bytes, because servers compare keys as bytes.
   *
   * @throws {CodecError} the value cannot be encoded in such a way that it comes back as it was.
   */
  encode(value: unknown, role: CodecRole): Uint8Array

  /**
   * Decodes `bytes`, which are never empty and are valid only during the call.
   *
   * @throws {CodecError} the bytes are not in this codec's format.
   */
  decode(bytes: Uint8Array, role: CodecRole): unknown
}
