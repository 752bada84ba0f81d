// The server that the demo talks to: the one at COHERENCE_SERVER_ADDRESS, or else one of its own, which is the embedded one
// unless a real one is wanted.
import { EmbeddedCoherence } from '../src/testing/embedded-coherence'
import { MissingToolError } from '../src/testing/real/java-installation'
import { RealCoherence } from '../src/testing/real-coherence'

const START_TIMEOUT_SECONDS = 120

export interface DemoServer extends AsyncDisposable {
  readonly address: string
  readonly description: string
}

/** There is no server and none can be started; the message says what to install or set. */
export class NoDemoServerError extends Error {
  override readonly name = 'NoDemoServerError'
}

/** Finds or starts the server; calls `say` before what takes time. Disposing of the server ends it if it was started. */
export async function demoServer(wantsReal: boolean, say: (text: string) => void): Promise<DemoServer> {
  const address = process.env['COHERENCE_SERVER_ADDRESS']
  if (address !== undefined && address !== '') {
    return { address, description: 'the server at COHERENCE_SERVER_ADDRESS', [Symbol.asyncDispose]: nothing }
  }
  if (!wantsReal) {
    const server = await EmbeddedCoherence.start()
    return {
      address: server.address,
      description: 'the embedded server of coherence-ts/testing; `npm run demo -- --real` takes a real one',
      [Symbol.asyncDispose]: () => server.stop(),
    }
  }
  say('Starting a Coherence server (the first time, its jars are downloaded)')
  try {
    const server = await RealCoherence.start({ startTimeoutSeconds: START_TIMEOUT_SECONDS })
    return {
      address: server.address,
      description: `Coherence ${server.version}, started for this demo`,
      [Symbol.asyncDispose]: () => server.stop(),
    }
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    throw new NoDemoServerError(
      `${error.message}\nOr run the demo without --real, or set COHERENCE_SERVER_ADDRESS to the host:port of a Coherence ` +
        'gRPC proxy that runs already.',
      { cause: error },
    )
  }
}

function nothing(): Promise<void> {
  return Promise.resolve()
}
