// What the JSON codec can do beside its interface: write what is plain straight into a message, and read values where
// they lie, without bytes of their own. Codecs of somebody else's are asked for bytes.
import type { Codec } from './codec'

export interface DirectForm {
  /** Whether `writeKey` knows how to write it. */
  isPlainKey(key: unknown): key is string
  /** Writes the bytes of a plain key at `at`, and gives where they end: beyond `out` where they take more room. */
  writeKey(key: string, out: Buffer, at: number): number
  /** The same for any value: gives less than 0 where it is not plain. */
  writeValue(value: unknown, out: Buffer, at: number): number
  /** A text that is equal for equal bytes of keys: for a plain key itself. */
  identityOf(bytes: Uint8Array, begin?: number, end?: number): string
  /**
   * What a range of bytes stands for.
   *
   * @throws {CodecError} as `decode` of the codec.
   */
  readValue(bytes: Buffer, begin: number, end: number): unknown
}

/** Not a member of the codec: who takes a codec's members over to change them gets the interface and no more. */
const forms = new WeakMap<Codec, DirectForm>()

export function withDirectForm(codec: Codec, form: DirectForm): Codec {
  forms.set(codec, form)
  return codec
}

/** `undefined` for a codec that has none. */
export function directFormOf(codec: Codec): DirectForm | undefined {
  return forms.get(codec)
}
