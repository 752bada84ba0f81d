// The server that the clients are measured on, with the entries in it that they ask for.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type * as Library from 'coherence-ts'
import { startCoherence } from '../test/support/coherence-server'
import { keyOf, type Person, person } from './measured/values'
import { mapNameOf, type Workload } from './workloads'

export interface MeasuredServer extends AsyncDisposable {
  readonly address: string
  readonly label: string
}

/** A Coherence of its own. */
export async function startRealServer(): Promise<MeasuredServer> {
  // The entries and what the peers hold open take more than the heap of a test server. No option of the java command
  // is stronger than this variable.
  process.env['_JAVA_OPTIONS'] = '-Xmx1g'
  const server = await startCoherence()
  return {
    address: server.address,
    label: `Coherence CE ${server.version}, one member`,
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** The embedded server, in a process of its own: it does little, so that the client is what is measured. */
export async function startEmbeddedServer(): Promise<MeasuredServer> {
  const child: ChildProcess = fork(join(__dirname, 'embedded-server.ts'), { execArgv: ['--import', 'tsx'] })
  const [address] = (await once(child, 'message')) as [string]
  return {
    address,
    label: 'the embedded server of coherence-ts/testing',
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** Stores what the workloads read. */
export async function fill(module: string, address: string, workloads: readonly Workload[]): Promise<void> {
  const { Session } = (await import(module)) as typeof Library
  const session = await Session.create({ address })
  const filled = new Set<string>()
  for (const workload of workloads) {
    const name = mapNameOf(workload)
    if (filled.has(name)) continue
    filled.add(name)
    const map = await session.getMap<string, Person>(name)
    if ((await map.size()) !== workload.keys) await map.setAll(entriesOf(workload))
  }
  await session.close()
}

function* entriesOf({ keys, valueBytes }: Workload): Iterable<readonly [string, Person]> {
  const value = person(valueBytes)
  for (let number = 0; number < keys; number++) yield [keyOf(number, keys), value]
}
