// Jest runs this once before the suites that run on the embedded server: it is in the process of jest itself.
import { EmbeddedCoherence } from '../../src/testing/embedded-coherence'
import { EMBEDDED_ADDRESS } from './conformance-environment'
import { embedded } from './embedded-server'

export default async function setUp(): Promise<void> {
  embedded.server = await EmbeddedCoherence.start()
  process.env[EMBEDDED_ADDRESS] = embedded.server.address
}
