// The headers of each stream: the user's metadata, and who the client is.
import { isUint8Array } from 'node:util/types'
import { Metadata } from 'nice-grpc-common'
import { settledWithin } from '../async/wait'
import { HandshakeTimeout } from './connection-errors'

/** Who the client is. */
export interface Credentials {
  /** Whether the value may be another one each time. */
  readonly isRenewable: boolean
  /** Resolves to the value of the header `authorization`. */
  authorization(): Promise<string>
}

/** One value of a header, or several. A name that ends in `-bin` has bytes, every other has text in printable ASCII. */
export type MetadataValue = string | Uint8Array | readonly (string | Uint8Array)[]

/** Headers by name. */
export type SessionMetadata = Readonly<Record<string, MetadataValue>>

export class StreamHeaders {
  readonly #values: SessionMetadata
  readonly #credentials: Credentials | undefined
  #authorization: string | undefined

  constructor(values: SessionMetadata, credentials: Credentials | undefined) {
    this.#values = values
    this.#credentials = credentials
  }

  get hasCredentials(): boolean {
    return this.#credentials !== undefined
  }

  /** Whether the credentials may be other ones when they are asked for again. */
  get isRenewable(): boolean {
    return this.#credentials?.isRenewable === true
  }

  /**
   * Resolves to the headers with the credentials of the stream before, or with new ones; to `undefined` if there are
   * none.
   */
  async metadata(credentials: 'last' | 'new', signal: AbortSignal): Promise<Metadata | undefined> {
    const values = Object.entries(this.#values)
    if (values.length === 0 && this.#credentials === undefined) return undefined
    const metadata = new Metadata(values.map(([name, value]) => [name, mutable(value)]))
    if (this.#credentials === undefined) return metadata
    if (credentials === 'new' || this.#authorization === undefined)
      this.#authorization = await authorizationOf(this.#credentials, signal)
    return metadata.set('authorization', this.#authorization)
  }
}

async function authorizationOf(credentials: Credentials, signal: AbortSignal): Promise<string> {
  try {
    return await settledWithin(credentials.authorization(), { deadline: Infinity, signal }, () => undefined)
  } catch (error) {
    if (!(error instanceof HandshakeTimeout)) throw error
    throw new HandshakeTimeout(error.seconds, 'the function of the option auth gave no value')
  }
}

function mutable(value: MetadataValue): string | Uint8Array | (string | Uint8Array)[] {
  return typeof value === 'string' || isUint8Array(value) ? value : [...value]
}
