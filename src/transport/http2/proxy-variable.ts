// Whether there is a proxy to go by. Looked at by each process that connects, so the rest is elsewhere.

/** In the order in which they count, as in gRPC's other clients. Only in lower case, as there. */
const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const

export type ProxyVariable = (typeof VARIABLES)[number]

/** The environment variable that names the proxy; `undefined` where none does. */
export function proxyVariable(): ProxyVariable | undefined {
  return VARIABLES.find((name) => valueOf(name) !== undefined)
}

/** `undefined` where the variable is not set, or empty. */
export function valueOf(variable: string): string | undefined {
  const value = process.env[variable]
  return value === '' ? undefined : value
}
