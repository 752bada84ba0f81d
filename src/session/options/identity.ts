// How a client calls itself to the server: the option `identity`, its checks and its environment variables.
import { hostname } from 'node:os'
import { pid } from 'node:process'
import type { ClientIdentity } from '../../protocol/port'
import { type Environment, variable } from './environment'

const VARIABLES = {
  clusterName: 'COHERENCE_CLUSTER',
  rackName: 'COHERENCE_RACK',
  siteName: 'COHERENCE_SITE',
} as const

const NAMES: readonly (keyof ClientIdentity)[] = [
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
export function identityOf(given: ClientIdentity | undefined, environment: Environment): ClientIdentity {
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
