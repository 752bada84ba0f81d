// Finds out whether the environment names a proxy. This file is small because every process that connects loads it.

/** In order of precedence and only in lower case, as in gRPC's other clients. */
const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const

export type ProxyVariable = (typeof VARIABLES)[number]

/** Returns the environment variable that names the proxy; `undefined` if none does. */
export function proxyVariable(): ProxyVariable | undefined {
  return VARIABLES.find((name) => valueOf(name) !== undefined)
}

/** Returns `undefined` if the variable is unset or empty. */
export function valueOf(variable: string): string | undefined {
  const value = process.env[variable]
  return value === '' ? undefined : value
}
