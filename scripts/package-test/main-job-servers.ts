// The servers that the main job is done on: the embedded one, which sees what is sent, and a real Coherence.
import { startCoherence } from '../../test/support/coherence-server'
import { FakeProxy } from '../../test/support/fake-proxy'
import { MissingToolError } from '../../src/testing/real/java-installation'

const START_TIMEOUT_SECONDS = 120

export interface MainJobServer extends AsyncDisposable {
  readonly name: string
  readonly address: string
  /** What was wrong with what the client sent. */
  readonly faults: readonly string[]
}

/** A real server; none where it is not wanted, or cannot be had. */
export interface RealServer extends AsyncDisposable {
  readonly server?: MainJobServer
  /** What cannot be had here. */
  readonly missing: readonly string[]
}

export async function startRealServer(isWanted: boolean): Promise<RealServer> {
  const none = { missing: [], [Symbol.asyncDispose]: () => Promise.resolve() }
  if (!isWanted) return none
  try {
    const coherence = await startCoherence({ startTimeoutSeconds: START_TIMEOUT_SECONDS })
    const end = (): Promise<void> => coherence.stop()
    const { version, address } = coherence
    const server = { name: `Coherence ${version}`, address, faults: [], [Symbol.asyncDispose]: end }
    return { server, missing: [], [Symbol.asyncDispose]: end }
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    return { ...none, missing: [`a real server: ${error.message}`] }
  }
}

/** An embedded server, for one consumer alone. */
export async function startEmbeddedServer(): Promise<MainJobServer> {
  const proxy = await FakeProxy.start()
  return {
    name: 'the embedded server',
    address: proxy.address,
    get faults() {
      const formats = [...new Set(proxy.inits.map(({ format }) => format))]
      const wrong = formats.filter((format) => format !== 'json')
      return [
        ...wrong.map((format) => `the format that was sent is ${JSON.stringify(format)}`),
        ...(proxy.inits.length === 0 ? ['no session was opened'] : []),
      ]
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}
