// The port between values and the bytes that travel: what a session needs of a codec.

/** What the bytes are for: keys need one form for equal keys, and errors name the part of the call they came from. */
export type CodecRole = 'key' | 'value' | 'query'

/**
 * Turns values into the bytes of a server-side serializer (the session's `format`) and back.
 *
 * Queries (filters, processors, aggregators and the like) are encoded too: plain objects that name a class of the
 * server in their first member, `@class`.
 */
export interface Codec {
  /**
   * The bytes of `value`; never empty, never a view of something that changes later. The value is not modified.
   *
   * For the role `'key'`, keys that are equal must give equal bytes: servers compare keys as bytes.
   *
   * @throws {CodecError} the value has no form that comes back as it was.
   */
  encode(value: unknown, role: CodecRole): Uint8Array

  /**
   * The value that `bytes` stand for, which are never empty. They are valid only during the call.
   *
   * @throws {CodecError} the bytes are not in this codec's format.
   */
  decode(bytes: Uint8Array, role: CodecRole): unknown
}
