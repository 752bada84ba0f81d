// The server that the demo talks to: the one at COHERENCE_SERVER_ADDRESS, or else one started for the demo.
import { MissingToolError } from '../test/support/java-installation'
import { startCoherence } from '../test/support/coherence-server'

const START_TIMEOUT_MS = 120_000

export interface DemoServer extends AsyncDisposable {
  readonly address: string
  readonly description: string
}

/** There is no server and none can be started; the message says what to install or set. */
export class NoDemoServerError extends Error {
  override readonly name = 'NoDemoServerError'
}

/** Finds or starts the server; `say` is told what takes time. Disposing of the server ends it if it was started. */
export async function demoServer(say: (text: string) => void): Promise<DemoServer> {
  const address = process.env['COHERENCE_SERVER_ADDRESS']
  if (address !== undefined && address !== '') {
    return { address, description: 'the server at COHERENCE_SERVER_ADDRESS', [Symbol.asyncDispose]: nothing }
  }
  say(
    'COHERENCE_SERVER_ADDRESS is not set: starting a Coherence server (the first time, its jars are downloaded)',
  )
  try {
    const server = await startCoherence({ startTimeoutMs: START_TIMEOUT_MS })
    return {
      address: server.address,
      description: `Coherence ${server.version}, started for this demo`,
      [Symbol.asyncDispose]: () => server.stop(),
    }
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    throw new NoDemoServerError(
      `${error.message}\nOr set COHERENCE_SERVER_ADDRESS to the host:port of a Coherence gRPC proxy that runs already.`,
      { cause: error },
    )
  }
}

function nothing(): Promise<void> {
  return Promise.resolve()
}
