// A codec for the smallest part of the server's "pof" format: whole numbers of 32 bits, short strings, nothing.
import { type Codec, CodecError, type CodecRole } from 'coherence-ts'

/** In front of whatever a serializer of the server writes. */
const FRAME = 0x15
const INT32 = -2
const STRING = -15
const NULL = -37
const EMPTY_STRING = -38
/** The numbers from -1 to 22 are types of their own. */
const MINUS_ONE = -41

export const pofCodec: Codec = { encode, decode }

function encode(value: unknown, role: CodecRole): Uint8Array {
  if (value === null) return Buffer.from([FRAME, ...packed(NULL)])
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    return Buffer.from([FRAME, ...packed(INT32), ...packed(value)])
  }
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return Buffer.from([FRAME, ...packed(STRING), ...packed(bytes.length), ...bytes])
  }
  throw new CodecError('this codec knows whole numbers and strings', { path: role })
}

function decode(bytes: Uint8Array, role: CodecRole): unknown {
  const [type, at] = unpacked(bytes, 1)
  if (type === NULL) return null
  if (type === EMPTY_STRING) return ''
  if (type === INT32) return unpacked(bytes, at)[0]
  if (type <= MINUS_ONE && type >= MINUS_ONE - 23) return MINUS_ONE - type - 1
  if (type === STRING) {
    const [length, begin] = unpacked(bytes, at)
    return Buffer.from(bytes.subarray(begin, begin + length)).toString()
  }
  throw new CodecError(`this codec does not know type ${type}`, { path: role })
}

/** Six bits and the sign, then seven bits a byte, each but the last marked. */
function packed(value: number): number[] {
  const isNegative = value < 0
  let left = isNegative ? ~value : value
  const bytes = [(isNegative ? 0x40 : 0) | (left & 0x3f)]
  left >>>= 6
  while (left > 0) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    bytes.push(left & 0x7f)
    left >>>= 7
  }
  return bytes
}

function unpacked(bytes: Uint8Array, from: number): [value: number, end: number] {
  let at = from
  let byte = bytes[at++] ?? 0
  const isNegative = (byte & 0x40) !== 0
  let value = byte & 0x3f
  for (let bits = 6; (byte & 0x80) !== 0; bits += 7) {
    byte = bytes[at++] ?? 0
    value |= (byte & 0x7f) << bits
  }
  return [isNegative ? ~value : value, at]
}
