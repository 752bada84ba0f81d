// Returns the text of an error for a status. It does not use `instanceof`, to accept errors of other realms.

export function errorText(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return String(hasMessage ? error.message : error)
}
