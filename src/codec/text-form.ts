// What the JSON codec can do beside its interface: give its bytes as a text, which costs less to make, to compare and
// to write among others than bytes of their own. Codecs of somebody else's are asked for bytes.
import type { Codec, CodecRole } from './codec'

export interface TextForm {
  /**
   * The text of the bytes of `value`, if it is ASCII; else `bytes` has to be asked for them.
   *
   * @throws {CodecError} as `encode` of the codec.
   */
  text(value: unknown, role: CodecRole): string
  /** The bytes of such a text. */
  bytes(text: string): Uint8Array
}

/** Not a member of the codec: who takes a codec's members over to change them gets the interface and no more. */
const forms = new WeakMap<Codec, TextForm>()

export function withTextForm(codec: Codec, form: TextForm): Codec {
  forms.set(codec, form)
  return codec
}

/** `undefined` for a codec that has none. */
export function textFormOf(codec: Codec): TextForm | undefined {
  return forms.get(codec)
}
