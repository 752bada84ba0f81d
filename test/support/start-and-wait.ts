// A program of the server's own tests: starts a server, prints the process id of its JVM and waits to be killed. With
// the argument "suspended" the JVM is stopped first.
import { startCoherence } from './coherence-server'

async function main(): Promise<void> {
  const server = await startCoherence()
  if (process.argv.includes('suspended')) server.suspend()
  process.stdout.write(`${server.pid}\n`)
  process.stdin.resume()
}

void main()
