// Who a session says it is: the value of the header `authorization` of its streams.
import { AuthenticationError } from '../../errors'
import { holdsOptions } from '../../calls/wrong-options'
import type { Credentials } from '../../protocol/stream-headers'
import { show } from './option-texts'

/**
 * The credentials of a session: a user with a password (`Basic`), a token (`Bearer`), or a function that returns the
 * value of the header `authorization`, scheme included.
 *
 * The function is called for each connection, and once more if the server refuses what it returned. So a token that
 * expires can be replaced.
 */
export type SessionAuth =
  | { readonly username: string; readonly password: string }
  | { readonly token: string }
  | (() => string | Promise<string>)

/** The credentials of a session, checked. They are in none of its properties, so that nothing prints them. */
export interface Auth {
  /** Where the value of the header comes from. */
  readonly kind: 'basic' | 'token' | 'function'
}

/** The credentials of a session, with what is secret. */
export class CheckedAuth implements Auth {
  readonly kind: 'basic' | 'token' | 'function'
  readonly #source: string | (() => string | Promise<string>)

  constructor(auth: SessionAuth) {
    if (typeof auth === 'function') {
      this.kind = 'function'
      this.#source = auth
    } else if ('token' in auth) {
      this.kind = 'token'
      this.#source = `Bearer ${auth.token}`
    } else {
      this.kind = 'basic'
      this.#source = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
    }
    Object.freeze(this)
  }

  get credentials(): Credentials {
    return { isRenewable: this.kind === 'function', authorization: () => this.#authorization() }
  }

  async #authorization(): Promise<string> {
    if (typeof this.#source === 'string') return this.#source
    let value: unknown
    try {
      value = await this.#source()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`the function of the option auth failed: ${reason}`, { cause: error })
    }
    if (typeof value === 'string' && isHeaderValue(value)) return value
    const what = typeof value === 'string' ? 'a text that cannot be a header' : show(value)
    throw new AuthenticationError(
      `The function of the option auth returned ${what}; it has to return the value of the header authorization, ` +
        "such as 'Bearer' and a token",
    )
  }
}

/** Returns the credentials of resolved options; `undefined` if there are none. */
export function credentialsOf(auth: Auth | undefined): Credentials | undefined {
  return auth instanceof CheckedAuth ? auth.credentials : undefined
}

const WANTED =
  'it must be { username, password }, { token }, or a function that returns the header authorization'

/** Returns the problem with credentials; `undefined` if there is none. It does not show them. */
export function authProblem(value: unknown): string | undefined {
  if (value instanceof CheckedAuth || typeof value === 'function') return undefined
  if (!holdsOptions(value)) return WANTED
  const names = Object.keys(value).sort().join()
  if (names === 'token') {
    return isHeaderValue(value['token'])
      ? undefined
      : 'its token must be a text of printable ASCII characters'
  }
  if (names !== 'password,username') return WANTED
  const { username, password } = value
  if (typeof username !== 'string' || username === '' || username.includes(':'))
    return 'its username must be a text without a colon'
  return typeof password === 'string' ? undefined : 'its password must be a text'
}

/** Whether a text can be the value of a header: printable ASCII, without spaces around it. */
export function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
}
