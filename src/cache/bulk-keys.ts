// What all calls with many keys check, count and look up.
import { wrongArgument } from '../calls/caller-stack'
import type { Bytes } from '../protocol/port'
import { describe } from './call-options'
import type { EntryCodec } from './entry-codec'

/** What a key takes in a message beside its bytes, at the most. */
export const KEY_BYTES = 8

/** @throws {TypeError} `keys` is not iterable. */
export function checkedKeys<K>(operation: string, keys: unknown): Iterable<K> {
  if (typeof keys === 'object' && keys !== null && Symbol.iterator in keys) return keys as Iterable<K>
  throw wrongArgument(
    `${operation}: the keys are ${describe(keys)}; pass an array or another iterable of keys`,
  )
}

/** The identity among `asked` of a key as the server prints it, a range of bytes; `undefined` where nobody asked for it. */
export function identityAmong<K>(
  asked: ReadonlyMap<string, unknown>,
  codec: EntryCodec<K, unknown>,
  bytes: Bytes,
  begin = 0,
  end = bytes.length,
): string | undefined {
  const identity = codec.identityOf(bytes, begin, end)
  if (asked.has(identity)) return identity
  const sent = codec.sentBytes(bytes.subarray(begin, end))
  if (sent === undefined) return undefined
  const sentIdentity = codec.identityOf(sent)
  return asked.has(sentIdentity) ? sentIdentity : undefined
}
