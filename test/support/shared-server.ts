// The one server of a conformance run, between the global setup that starts it and the teardown that stops it.
import { coherenceToolsMissing, startCoherence, type CoherenceServer } from './coherence-server'
import {
  fromEnvironment,
  GIVEN_ADDRESS,
  NO_JAVA_REASON,
  SHARED_ADDRESS,
  SKIP_REASON,
} from './conformance-environment'

const START_TIMEOUT_SECONDS = 120

let server: CoherenceServer | undefined

/** Gives the run its server, or the reason why it has none. */
export async function provideSharedServer(): Promise<void> {
  for (const name of [SHARED_ADDRESS, SKIP_REASON, NO_JAVA_REASON]) Reflect.deleteProperty(process.env, name)
  const given = fromEnvironment(GIVEN_ADDRESS)
  if (given !== undefined) process.env[SHARED_ADDRESS] = given

  const missing = await coherenceToolsMissing()
  if (missing !== undefined) {
    if (fromEnvironment('CI') === 'true') throw missing
    const what =
      given === undefined ? 'Conformance suites' : 'Conformance suites that start servers of their own'
    process.stderr.write(`${what} are skipped: ${missing.message}\n`)
    process.env[NO_JAVA_REASON] = missing.message
    if (given === undefined) process.env[SKIP_REASON] = missing.message
    return
  }
  if (given !== undefined) return
  server = await startCoherence({ startTimeoutSeconds: START_TIMEOUT_SECONDS })
  process.env[SHARED_ADDRESS] = server.address
}

export async function stopSharedServer(): Promise<void> {
  await server?.stop()
  server = undefined
}
