// The cookies of pages, which clients send back as they got them: the number of the partition that comes next.
import { StatusFailure } from './errors'

const FORMAT = 21
const COOKIE_BYTES = 5

export function encodeCookie(partition: number): Buffer {
  const cookie = Buffer.alloc(COOKIE_BYTES, FORMAT)
  cookie.writeUInt32BE(partition, 1)
  return cookie
}

/** The partition to begin with: the first one without a cookie. */
export function decodeCookie(cookie: Buffer): number {
  if (cookie.length === 0) return 0
  if (cookie.length === COOKIE_BYTES && cookie[0] === FORMAT) return cookie.readUInt32BE(1)
  throw new StatusFailure(`(Wrapped: error decoding cookie) stream corrupted; format=${cookie[0] ?? 0}`)
}
