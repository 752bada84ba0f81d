// Installs the packed tarball into an empty project, as a user would, and has all kinds of consumers use it.
import type { Verdict } from '../check/gate'
import { consumers } from './consumers'
import { faultsOfContents } from './contents'
import { faultsOf } from './main-job'
import { startRealServer } from './main-job-servers'
import { nodeReleases } from './node-releases'
import { Project } from './project'
import { Tools } from './tools'

const SIDE_BY_SIDE = 2

/** One thing that is tried, and what came of it. */
export interface Result {
  readonly name: string
  readonly faults: readonly string[]
  readonly seconds: number
}

interface Trial {
  readonly name: string
  readonly faults: () => Promise<string[]>
}

export interface PackageTestOptions {
  /** Only what has this in its name is tried, and on the embedded server alone. */
  readonly only?: string | undefined
  readonly onResult?: (result: Result) => void
}

export async function testPackage(tarball: string, options: PackageTestOptions = {}): Promise<Verdict> {
  const { only } = options
  await using project = await Project.create()
  const installed = await project.install(tarball)
  if (installed.length > 0) return { failures: installed }
  const tools = await Tools.install()
  const compiled = await project.addPrograms(tools)
  if (compiled.length > 0) return { failures: compiled }

  const { releases, missing } = await nodeReleases()
  await using real = await startRealServer(only === undefined)
  const trials: Trial[] = [
    { name: 'contents', faults: () => faultsOfContents(project.library) },
    ...consumers(tools, releases).map((consumer) => ({
      name: consumer.name,
      faults: () => faultsOf(consumer, project, real.server),
    })),
  ]
  const chosen = trials.filter(({ name }) => only === undefined || name.includes(only))
  if (chosen.length === 0) {
    throw new TypeError(
      `Nothing is called '${only ?? ''}'; there are: ${trials.map(({ name }) => name).join('; ')}`,
    )
  }
  const results = await inTurn(chosen, options)
  const failures = results.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))
  const skipped = [...missing, ...real.missing].map((what) => `skip ${what}`)
  return process.env['CI'] === 'true' ? { failures: [...skipped, ...failures] } : { failures, notes: skipped }
}

/** Two at a time, in their order. */
async function inTurn(trials: readonly Trial[], { onResult }: PackageTestOptions): Promise<Result[]> {
  const results: Result[] = []
  const queue = [...trials]
  const work = async (): Promise<void> => {
    for (let trial = queue.shift(); trial !== undefined; trial = queue.shift()) {
      const started = performance.now()
      const faults = await trial.faults().catch((error: unknown) => [String(error)])
      const result = { name: trial.name, faults, seconds: (performance.now() - started) / 1_000 }
      results.push(result)
      onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  return results
}
