// Runs the conformance suites against every server release and set-up this library promises to work with, and prints
// what passed. Arguments are handed on to jest: `npx tsx scripts/test-matrix.ts -t queues`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { textTable } from './text-table'

const VERSIONS = ['25.03.2', '24.09']
const MODES = ['default', 'json-serializer', 'posix-locale']

interface Result {
  readonly version: string
  readonly mode: string
  readonly passed: boolean
  readonly seconds: number
}

async function runSuites(version: string, mode: string): Promise<Result> {
  console.log(`\n=== Coherence ${version}, ${mode}`)
  const started = performance.now()
  // With CI=true a missing Java or Maven fails the run instead of skipping the suites.
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    COHERENCE_TEST_VERSION: version,
    COHERENCE_TEST_MODE: mode,
    CI: 'true',
  }
  delete env['COHERENCE_SERVER_ADDRESS']
  // The project comes last: what follows it would be taken for names of projects.
  const args = ['jest', ...process.argv.slice(2), '--selectProjects=conformance']
  const jest = spawn('npx', args, { stdio: 'inherit', env })
  const [status] = (await once(jest, 'close')) as [number | null]
  return { version, mode, passed: status === 0, seconds: Math.round((performance.now() - started) / 1_000) }
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ version, mode, passed, seconds }) => [
    version,
    mode,
    passed ? 'passed' : 'FAILED',
    `${seconds} s`,
  ])
  return textTable(['version', 'mode', 'result', 'time'], rows)
}

async function main(): Promise<void> {
  const results: Result[] = []
  for (const version of VERSIONS) {
    for (const mode of MODES) results.push(await runSuites(version, mode))
  }
  console.log(`\n${table(results)}`)
  if (results.some(({ passed }) => !passed)) process.exitCode = 1
}

void main()
