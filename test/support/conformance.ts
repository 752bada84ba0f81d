// How conformance suites find their server, and how they are skipped, visibly, where no server can be had.
import { randomUUID } from 'node:crypto'
import {
  EMBEDDED_ADDRESS,
  fromEnvironment,
  NO_JAVA_REASON,
  SHARED_ADDRESS,
  SKIP_REASON,
} from './conformance-environment'

/** A suite that uses the run's shared server. */
export function describeConformance(name: string, body: () => void): void {
  describeUnless(fromEnvironment(SKIP_REASON), name, body)
}

/** A suite that uses the run's shared server, and is skipped for a `reason` of its own as well. */
export function describeConformanceUnless(reason: string | undefined, name: string, body: () => void): void {
  describeUnless(reason ?? fromEnvironment(SKIP_REASON), name, body)
}

/** Whether the shared server is the embedded one. */
export function isEmbedded(): boolean {
  const address = fromEnvironment(SHARED_ADDRESS)
  return address !== undefined && address === fromEnvironment(EMBEDDED_ADDRESS)
}

/** A suite that starts servers of its own. */
export function describeWithJava(name: string, body: () => void): void {
  describeUnless(fromEnvironment(NO_JAVA_REASON), name, body)
}

/** The shared server's gRPC address. */
export function serverAddress(): string {
  const address = fromEnvironment(SHARED_ADDRESS)
  if (address === undefined) {
    throw new Error(
      'There is no shared Coherence server: use serverAddress() inside describeConformance(), in the conformance ' +
        'project, whose global setup starts the server',
    )
  }
  return address
}

/** A name for a map, queue or topic no other test uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID()}`
}

function describeUnless(reason: string | undefined, name: string, body: () => void): void {
  if (reason === undefined) describe(name, body)
  else describe.skip(`${name} (skipped: ${reason})`, body)
}
