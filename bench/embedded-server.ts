// The embedded server in a process of its own. It sends its address to the process that forked it, and ends with it.
import { EmbeddedCoherence } from '../src/testing/embedded-coherence'

async function main(): Promise<void> {
  const server = await EmbeddedCoherence.start()
  process.send?.(server.address)
  process.on('disconnect', () => process.exit(0))
}

void main()
