// Checks the user's own gRPC metadata, which are headers of each stream.
import { isUint8Array } from 'node:util/types'
import type { SessionMetadata } from '../../protocol/stream-headers'
import { isHeaderValue } from './auth'

const BINARY = '-bin'
const OF_THE_PROTOCOL = ['content-type', 'te', 'user-agent', 'host', 'connection']

/** Returns the name under which metadata have the header `authorization`; `undefined` if they have none. */
export function authorizationIn(metadata: SessionMetadata): string | undefined {
  return Object.keys(metadata).find((name) => name.toLowerCase() === 'authorization')
}

/** Returns the problem with a header; `undefined` if there is none. It does not show the value. */
export function metadataProblem(name: string, value: unknown): string | undefined {
  if (!/^[0-9a-z_.-]+$/i.test(name)) return 'a name may have letters, digits and the characters _ . - only'
  const lower = name.toLowerCase()
  if (lower.startsWith('grpc-') || OF_THE_PROTOCOL.includes(lower)) return 'gRPC sets this header itself'
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (lower.endsWith(BINARY)) {
    return values.every(isUint8Array) ? undefined : "a name that ends in '-bin' needs bytes, as a Buffer"
  }
  return values.every(isHeaderValue)
    ? undefined
    : "it must be a text of printable ASCII characters; a name that ends in '-bin' takes bytes"
}
