// What an error says, for the text of a status. Not by `instanceof`: errors of another realm have their message, too.

export function errorText(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return String(hasMessage ? error.message : error)
}
