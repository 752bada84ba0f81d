// What a refused argument is answered with.

const SPECIAL = /[\\^$.*+?()[\]{}|]/g

/**
 * Equal to a `TypeError` whose message begins with `beginning`. The class alone says little: a mistake such as reading a
 * member of undefined is a `TypeError` too.
 */
export function wrongArgument(beginning: string): Error {
  const message = expect.stringMatching(new RegExp(`^${beginning.replace(SPECIAL, '\\$&')}`)) as string
  return expect.objectContaining({ name: 'TypeError', message }) as Error
}
