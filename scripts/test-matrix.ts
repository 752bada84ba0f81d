// Runs the conformance suites against every server release and set-up this library promises to work with, over both
// transports and with the code as it is packed, and prints what passed. `--smoke` runs a few of the suites, and leaves
// out the one combination that `npm test` runs in full. Other arguments are handed on to jest:
// `npm run test:matrix -- -t queues`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { runNpm } from './run-tool'
import { textTable } from './text-table'

interface Combination {
  readonly version: string
  readonly mode: string
  readonly transport: string
  /** What is tested, where it is not the sources. */
  readonly build?: string
}

const REFERENCE: Combination = { version: '25.03.2', mode: 'default', transport: 'http2' }

const COMBINATIONS: readonly Combination[] = [
  REFERENCE,
  { ...REFERENCE, mode: 'json-serializer' },
  { ...REFERENCE, mode: 'posix-locale' },
  { ...REFERENCE, transport: 'grpc-js' },
  { ...REFERENCE, build: 'dist/index.js' },
  { ...REFERENCE, version: '24.09' },
  { ...REFERENCE, version: '24.09', mode: 'json-serializer' },
  { ...REFERENCE, version: '24.09', mode: 'posix-locale' },
]

/** What differs most between servers: how keys, null and expiry come out, streamed reads, processors, events. */
const SMOKE = ['maps/(get|set|set-all|set-if-absent|entries|invoke)\\.test', 'events/listen\\.test']
const SMOKE_COMBINATIONS: readonly Combination[] = COMBINATIONS.filter(
  ({ version, mode }) => version === REFERENCE.version || mode === REFERENCE.mode,
).filter((combination) => combination !== REFERENCE)

interface Result extends Combination {
  readonly passed: boolean
  readonly seconds: number
}

async function runSuites(combination: Combination, args: readonly string[]): Promise<Result> {
  const { version, mode, transport, build = '' } = combination
  console.log(`\n=== Coherence ${version}, ${mode}, ${transport} ${build}`)
  const started = performance.now()
  // With CI=true a missing Java or Maven fails the run instead of skipping the suites.
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    COHERENCE_TEST_VERSION: version,
    COHERENCE_TEST_MODE: mode,
    COHERENCE_TEST_TRANSPORT: transport,
    COHERENCE_TEST_BUILD: build,
    CI: 'true',
  }
  delete env['COHERENCE_SERVER_ADDRESS']
  // The project comes last: what follows it would be taken for names of projects.
  const jest = spawn('npx', ['jest', ...args, '--selectProjects=conformance'], { stdio: 'inherit', env })
  const [status] = (await once(jest, 'close')) as [number | null]
  const seconds = Math.round((performance.now() - started) / 1_000)
  return { ...combination, passed: status === 0, seconds }
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ version, mode, transport, build, passed, seconds }) => [
    version,
    mode,
    transport,
    build ?? 'sources',
    passed ? 'passed' : 'FAILED',
    `${seconds} s`,
  ])
  return textTable(['version', 'mode', 'transport', 'code', 'result', 'time'], rows)
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const isSmoke = args.includes('--smoke')
  const forJest = args.filter((arg) => arg !== '--smoke')
  const patterns = isSmoke ? SMOKE.map((pattern) => `--testPathPatterns=${pattern}`) : []
  const { status, output } = await runNpm(['run', 'build'])
  if (status !== 0) throw new Error(`There is no build to test: ${output}`)
  const results: Result[] = []
  for (const combination of isSmoke ? SMOKE_COMBINATIONS : COMBINATIONS) {
    results.push(await runSuites(combination, [...patterns, ...forJest]))
  }
  console.log(`\n${table(results)}`)
  const failed = results.filter(({ passed }) => !passed).length
  console.log(`${isSmoke ? 'smoke' : 'matrix'}: ${results.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

void main()
