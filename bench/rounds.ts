// Runs all clients on all workloads, round by round: in each round a workload is run by one client after the other,
// each in a process of its own, and every second round in reverse order.
import { type Client, NOTHING } from './clients'
import type { Job, Result } from './measured/job'
import { Measurements } from './measurements'
import { type Run, runMeasured } from './processes'
import { spreadOf } from './statistics'
import { mapNameOf, type Workload } from './workloads'

/** A start takes a tenth of a second: many tell more. */
const STARTS_A_ROUND = 7

type Results = ReadonlyMap<Client, Result>

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
      const able = clients.filter(({ operations }) => operations?.includes(workload.operation) ?? true)
      const measure = workload.operation === 'first' ? measureStarts : measureOnce
      plan.progress(`round ${round} of ${plan.rounds}: ${workload.name}`)
      for (const [client, result] of await measure(plan, able, workload))
        measurements.add(round, workload, client.name, result)
    }
  }
  return measurements
}

/** One process of each client. */
async function measureOnce(plan: Plan, clients: readonly Client[], workload: Workload): Promise<Results> {
  const results = new Map<Client, Result>()
  for (const client of clients) {
    const run = await attempt(plan, client, workload)
    if (run !== undefined) results.set(client, run.result)
  }
  return results
}

/** Medians of some processes of each client, by turns with processes that do nothing, which are subtracted. */
async function measureStarts(plan: Plan, clients: readonly Client[], workload: Workload): Promise<Results> {
  const empty: Run[] = []
  const starts = new Map<Client, Run[]>(clients.map((client) => [client, []]))
  for (let start = 0; start < STARTS_A_ROUND; start++) {
    empty.push(await runMeasured(NOTHING, {}))
    for (const [client, runs] of starts) {
      const run = await attempt(plan, client, workload)
      if (run !== undefined) runs.push(run)
    }
  }
  const results = new Map<Client, Result>()
  for (const [client, runs] of starts) {
    if (runs.length === 0) continue
    const beyond = (figure: (run: Run) => number): number =>
      medianOf(runs.map(figure)) - (client.onNode ? medianOf(empty.map(figure)) : 0)
    results.set(client, {
      wallMillis: beyond(({ wallMillis }) => wallMillis),
      startCpuMillis: beyond(({ result }) => result.startCpuMillis ?? NaN),
    })
  }
  return results
}

/** `undefined` where it failed, which the plan is told. */
async function attempt(plan: Plan, client: Client, workload: Workload): Promise<Run | undefined> {
  try {
    return await runMeasured(client.command, jobOf(plan, client, workload))
  } catch (error) {
    plan.failed(`${workload.name}, ${client.name}: ${String(error)}`)
    return undefined
  }
}

function jobOf({ address, warmUpSeconds, seconds }: Plan, client: Client, workload: Workload): Job {
  return { address, mapName: mapNameOf(workload), workload, warmUpSeconds, seconds, module: client.module }
}

function medianOf(numbers: readonly number[]): number {
  return spreadOf(numbers)?.median ?? NaN
}
