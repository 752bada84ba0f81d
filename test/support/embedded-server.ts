// The embedded server between the setup that starts it and the teardown that stops it.
import type { EmbeddedCoherence } from '../../src/testing/embedded-coherence'

export const embedded: { server: EmbeddedCoherence | undefined } = { server: undefined }
