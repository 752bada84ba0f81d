// The option `logger`.

/** What a session writes its log to. `console`, and the loggers of pino, winston and NestJS adapters have this shape. */
export interface SessionLogger {
  debug(message: string): unknown
  info(message: string): unknown
  warn(message: string): unknown
  error(message: string): unknown
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

export function isLogger(value: unknown): value is SessionLogger {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return LEVELS.every((level) => typeof (value as Record<string, unknown>)[level] === 'function')
}
