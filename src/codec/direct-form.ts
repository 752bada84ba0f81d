// An internal, faster interface of the JSON codec: it writes plain values straight into a message and reads values from
// the received bytes without a copy. Codecs of users do not have it.
import type { ByteWriter } from '../bytes'
import type { Codec } from './codec'

export interface DirectForm {
  /** Whether `writeKey` can write `key`. */
  isPlainKey(key: unknown): key is string
  /** Writes the bytes of a plain key at `at`, and returns their end, which is beyond `out` if they do not fit. */
  readonly writeKey: ByteWriter<string>
  /** Does the same for any value. Returns a negative number if the value is not plain. */
  readonly writeValue: ByteWriter<unknown>
  /** Returns a text that is the same for equal bytes of keys. For a plain key, it is the key itself. */
  identityOf(bytes: Uint8Array, begin?: number, end?: number): string
  /**
   * Decodes a range of bytes.
   *
   * @throws {CodecError} as `decode` of the codec.
   */
  readValue(bytes: Buffer, begin: number, end: number): unknown
}

/** Not members of the codec: code that wraps a codec by copying its members must get only the public interface. */
const forms = new WeakMap<Codec, DirectForm>()

export function withDirectForm(codec: Codec, form: DirectForm): Codec {
  forms.set(codec, form)
  return codec
}

/** Returns `undefined` for a codec that has none. */
export function directFormOf(codec: Codec): DirectForm | undefined {
  return forms.get(codec)
}
