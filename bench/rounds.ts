// Runs all clients on all workloads, round by round: in each round a workload is run by one client after the other,
// each in a process of its own, and every second round in reverse order.
import { type Client, NOTHING } from './clients'
import type { Job, Result } from './measured/job'
import { Measurements } from './measurements'
import { runMeasured } from './processes'
import { mapNameOf, type Workload } from './workloads'

export interface Plan {
  readonly address: string
  readonly clients: readonly Client[]
  readonly workloads: readonly Workload[]
  readonly rounds: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Told before each run. */
  readonly progress: (text: string) => void
  /** Told of each run that failed; the others go on. */
  readonly failed: (text: string) => void
}

export async function runRounds(plan: Plan): Promise<Measurements> {
  const measurements = new Measurements()
  for (let round = 1; round <= plan.rounds; round++) {
    const clients = round % 2 === 0 ? plan.clients.toReversed() : plan.clients
    for (const workload of plan.workloads) {
      const empty = workload.operation === 'first' ? await runMeasured(NOTHING, {}) : {}
      for (const client of clients) {
        if (!(client.operations?.includes(workload.operation) ?? true)) continue
        plan.progress(`round ${round} of ${plan.rounds}: ${workload.name}, ${client.name}`)
        try {
          const { wallMillis, ...result } = await runMeasured(client.command, jobOf(plan, client, workload))
          const measured =
            workload.operation === 'first' ? startOf(client, { ...result, wallMillis }, empty) : result
          measurements.add(round, workload, client.name, measured)
        } catch (error) {
          plan.failed(`${workload.name}, ${client.name}: ${String(error)}`)
        }
      }
    }
  }
  return measurements
}

function jobOf({ address, warmUpSeconds, seconds }: Plan, client: Client, workload: Workload): Job {
  return { address, mapName: mapNameOf(workload), workload, warmUpSeconds, seconds, module: client.module }
}

/** Beyond what a process of Node.js takes that does nothing. */
function startOf(
  client: Client,
  { wallMillis = 0, startCpuMillis = 0 }: { wallMillis?: number | undefined; startCpuMillis?: number },
  empty: Result,
): Result {
  if (!client.onNode) return { wallMillis, startCpuMillis }
  return {
    wallMillis: wallMillis - (empty.wallMillis ?? 0),
    startCpuMillis: startCpuMillis - (empty.startCpuMillis ?? 0),
  }
}
