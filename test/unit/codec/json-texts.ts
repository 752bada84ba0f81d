// Between tests of the JSON codec and bytes: what was sent as text, and what a server would send.
import type { CodecRole } from '../../../src/codec/codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { thrown } from '../../support/failures'

const codec = jsonCodec()

/** The JSON that is sent for `value`. */
export function sent(value: unknown, role: CodecRole = 'value'): string {
  const bytes = codec.encode(value, role)
  expect(bytes[0]).toBe(0x15)
  return Buffer.from(bytes).toString('utf8', 1)
}

/** What becomes of the JSON text that a server sends. */
export function received(text: string): unknown {
  return codec.decode(framed(text), 'value')
}

/** What `value` is after a server has stored the bytes and sent them back. */
export function returned(value: unknown, role: CodecRole = 'value'): unknown {
  return codec.decode(codec.encode(value, role), role)
}

export function framed(text: string): Uint8Array {
  return Buffer.from(`\x15${text}`, 'utf8')
}

/** The error that `run` must throw. */
export function refusal(run: () => unknown): CodecError {
  return thrown(CodecError, run)
}
