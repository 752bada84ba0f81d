// The environment variables that name HTTP proxies, for the tests of one file.

const NAMES = ['grpc_proxy', 'https_proxy', 'http_proxy', 'no_grpc_proxy', 'no_proxy'] as const

export type ProxyVariables = Partial<Record<(typeof NAMES)[number], string>>

/** Sets these variables and no other of their kind. */
export function setProxyVariables(variables: ProxyVariables = {}): void {
  for (const name of NAMES) {
    const value = variables[name]
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
}
