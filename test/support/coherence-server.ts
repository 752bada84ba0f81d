// The real Coherence of a test: of the release and in the mode that the run of the tests asks for.
import {
  RealCoherence,
  type RealCoherenceOptions,
  install,
  REFERENCE_RELEASE,
} from '../../src/testing/real-coherence'
import { findJava, MissingToolError } from '../../src/testing/real/java-installation'
import { fromEnvironment } from './conformance-environment'

export { REFERENCE_RELEASE } from '../../src/testing/real-coherence'

const MODES = ['default', 'json-serializer', 'posix-locale'] as const
/** Java from this release on reads UTF-8 whatever the locale is, unless it is asked to do as the ones before. */
const FIRST_WITH_UTF_8 = 18

export type CoherenceServerMode = (typeof MODES)[number]

export interface CoherenceServerOptions extends RealCoherenceOptions {
  /** How the server is set up; without it COHERENCE_TEST_MODE or else `default`. */
  readonly mode?: CoherenceServerMode
}

export type CoherenceServer = RealCoherence & { readonly mode: CoherenceServerMode }

/**
 * Starts a server; resolves when it serves. Without a release it has the one of COHERENCE_TEST_VERSION or else the reference
 * release. Rejects with `ERR_NO_JAVA` or `ERR_NO_MAVEN` where it cannot.
 */
export async function startCoherence(options: CoherenceServerOptions = {}): Promise<CoherenceServer> {
  const { mode = testMode(), ...others } = options
  const server = await RealCoherence.start({
    ...others,
    version: options.version ?? testVersion(),
    properties: { ...(await propertiesOf(mode)), ...options.properties },
    environment: environmentOf(mode),
  })
  return Object.assign(server, { mode })
}

/** Gets all a start needs, and says what is missing for it if that is a matter of installing something. */
export async function coherenceToolsMissing(): Promise<MissingToolError | undefined> {
  try {
    await install(testVersion())
    return undefined
  } catch (error) {
    if (error instanceof MissingToolError) return error
    throw error
  }
}

async function propertiesOf(mode: CoherenceServerMode): Promise<Record<string, string>> {
  switch (mode) {
    case 'default':
      return {}
    case 'json-serializer':
      return { 'coherence.serializer': 'json' }
    case 'posix-locale':
      return { 'file.encoding': (await findJava()).release < FIRST_WITH_UTF_8 ? 'US-ASCII' : 'COMPAT' }
  }
}

function environmentOf(mode: CoherenceServerMode): NodeJS.ProcessEnv {
  if (mode !== 'posix-locale') return process.env
  const others = Object.entries(process.env).filter(([name]) => !/^(LANG|LANGUAGE|LC_.*)$/.test(name))
  return { ...Object.fromEntries(others), LC_ALL: 'C', LANG: 'C' }
}

function testVersion(): string {
  return fromEnvironment('COHERENCE_TEST_VERSION') ?? REFERENCE_RELEASE
}

function testMode(): CoherenceServerMode {
  const asked = fromEnvironment('COHERENCE_TEST_MODE') ?? 'default'
  const mode = MODES.find((known) => known === asked)
  if (mode === undefined) {
    throw new TypeError(`COHERENCE_TEST_MODE is "${asked}": set it to one of ${MODES.join(', ')}`)
  }
  return mode
}
