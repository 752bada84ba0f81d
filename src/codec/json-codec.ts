// The codec of a session unless it is given another: values to the JSON of the server's "json" format, and back.
import { CodecError } from '../errors'
import type { Codec, CodecRole } from './codec'
import { frame, JSON_MARKER, MARKER_CHARACTER, unframe } from './json-frame'
import { readJson } from './json-reader'
import { writeJson } from './json-writer'
import { plainText } from './plain-json'
import { withTextForm } from './text-form'

/** What can be chosen about the JSON codec. */
export interface JsonCodecOptions {
  /**
   * Whether everything outside ASCII is sent as an escape. It is unless this is `false`, because a server that runs on
   * Java 17 or older in a POSIX locale destroys it otherwise. Sent as it is, text takes less room, and a string of one
   * such character is a Java String on the server, as other clients write it, and not a Character.
   */
  readonly ascii?: boolean
}

/**
 * A codec for the format `'json'`.
 *
 * A value comes back as it was, or is refused with a {@link CodecError} before anything is sent; the few exceptions are
 * the server's doing and are listed in docs/values.md. Integers of the server beyond 2^53 come back as `bigint`.
 */
export function jsonCodec({ ascii = true }: JsonCodecOptions = {}): Codec {
  const codec: Codec = {
    encode: (value, role) => frame(jsonText(value, role), ascii),
    decode,
  }
  return withTextForm(codec, {
    text: (value, role) => MARKER_CHARACTER + jsonText(value, role),
    bytes: (text) => frame(text.slice(1), ascii),
  })
}

function jsonText(value: unknown, role: CodecRole): string {
  // Of the keys only strings are that simple.
  const text = role === 'key' && typeof value !== 'string' ? undefined : plainText(value)
  return text ?? writeJson(value, role)
}

function decode(bytes: Uint8Array, role: CodecRole): unknown {
  const text = unframe(bytes)
  if (text === undefined) {
    const found =
      bytes[0] === undefined ? 'it is empty' : `it begins with byte ${bytes[0]}, not ${JSON_MARKER}`
    throw new CodecError(`Cannot decode ${role}: ${found}; does the server use another serializer?`, role)
  }
  if (text === null) throw new CodecError(`Cannot decode ${role}: its bytes are not UTF-8`, role)
  if (text === '') return null
  try {
    return readJson(text)
  } catch (cause) {
    throw new CodecError(`Cannot decode ${role}: it is not JSON`, role, { cause })
  }
}
