// The environment variables through which a conformance run tells its test files about the server, in one place:
// the setup that writes them and the suites that read them are loaded by different processes.

/** Set by whoever runs the tests: an existing server to use instead of starting one. */
export const GIVEN_ADDRESS = 'COHERENCE_SERVER_ADDRESS'
/** The address of the server shared by the run's suites. */
export const SHARED_ADDRESS = 'COHERENCE_TEST_ADDRESS'
/** Why suites that use the shared server are skipped. */
export const SKIP_REASON = 'COHERENCE_TEST_SKIP'
/** Why suites that start servers of their own are skipped. */
export const NO_JAVA_REASON = 'COHERENCE_TEST_NO_JAVA'

/** The address of the embedded server. */
export const EMBEDDED_ADDRESS = 'COHERENCE_TEST_EMBEDDED'

/** The variable's value, undefined where it is not set or empty. */
export function fromEnvironment(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}
