// How a client calls itself to the server: the option `identity`, its checks and its environment variables.
import { hostname } from 'node:os'
import { pid } from 'node:process'
import type { ClientIdentity } from '../../protocol/port'
import { type Environment, variable } from './environment'

/** Names of the client, which administrators see on the server. All of them are optional. */
export interface SessionIdentity {
  /** The name of the cluster that the client belongs to. Default: `COHERENCE_CLUSTER`, otherwise none. */
  readonly clusterName?: string | undefined
  /** The name of the machine. Default: the host name. */
  readonly machineName?: string | undefined
  /** The name of this client among others. Default: none. */
  readonly memberName?: string | undefined
  /** The name of the process. Default: the process id. */
  readonly processName?: string | undefined
  /** The name of the rack that the machine is in. Default: `COHERENCE_RACK`, otherwise none. */
  readonly rackName?: string | undefined
  /** What the client does, such as `'orders'`. Default: none. */
  readonly roleName?: string | undefined
  /** The name of the site that the machine is at. Default: `COHERENCE_SITE`, otherwise none. */
  readonly siteName?: string | undefined
}

const VARIABLES = {
  clusterName: 'COHERENCE_CLUSTER',
  rackName: 'COHERENCE_RACK',
  siteName: 'COHERENCE_SITE',
} as const

const NAMES: readonly (keyof SessionIdentity)[] = [
  'clusterName',
  'machineName',
  'memberName',
  'processName',
  'rackName',
  'roleName',
  'siteName',
]

/** Returns the problem with a member of the option; `undefined` if there is none. */
export function identityProblem(member: string, value: unknown): string | undefined {
  if (!NAMES.some((name) => name === member)) return `it is not a name; the names are ${NAMES.join(', ')}`
  return value === undefined || typeof value === 'string' ? undefined : 'it must be a string'
}

/** Completes the names from the environment and the process. */
export function identityOf(given: SessionIdentity | undefined, environment: Environment): ClientIdentity {
  const fromEnvironment = Object.entries(VARIABLES).flatMap(([member, variableName]) => {
    const value = variable(environment, variableName)
    return value === undefined ? [] : [[member, value] as const]
  })
  const fromOptions = Object.entries(given ?? {}).filter(([, value]) => value !== undefined)
  return Object.freeze({
    machineName: hostname(),
    processName: String(pid),
    ...Object.fromEntries(fromEnvironment),
    ...Object.fromEntries(fromOptions),
  })
}
