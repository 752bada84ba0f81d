// The program that iteration-memory.test.ts runs in a process of its own, where nothing but the iteration takes memory.
// Prints as JSON what it saw. Arguments: the address of the server, the name of a map with 100,000 entries.
import { setImmediate as turn } from 'node:timers/promises'
import { Session } from 'coherence-ts'

function megabytes(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

async function main([address, name]: readonly string[]): Promise<void> {
  if (address === undefined || name === undefined) throw new Error('Usage: iteration-memory.ts ADDRESS MAP')
  await using session = await Session.create({ address, requestTimeoutSeconds: 60 })
  const map = await session.getMap<number, string>(name)
  await map.get(0)
  const before = megabytes()
  let most = before
  let count = 0
  let answered = 0
  for await (const [key] of map) {
    count += 1
    // A consumer that takes its time: others have their turn again and again, and are answered meanwhile.
    if (count % 50 === 0) await turn()
    if (count % 1_000 === 0 && (await map.get(key)) !== undefined) answered += 1
    if (count % 5_000 === 0) most = Math.max(most, megabytes())
  }
  process.stdout.write(JSON.stringify({ count, answered, grownMegabytes: Math.round(most - before) }))
}

void main(process.argv.slice(2))
