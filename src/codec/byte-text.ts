// Bytes as texts that can be compared, and kept in maps.

/** A text of one character for each byte: equal for equal bytes. */
export function textOf(bytes: Uint8Array, begin = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', begin, end)
}

/** The same bytes. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
