// Runs the conformance suites against every server release and set-up this library promises to work with, over both
// transports, with the code as it is packed, and against the embedded server, and prints what passed. `--smoke` runs a
// few of the suites, and leaves out the combinations that `npm test` runs. `--built` takes dist/ as it is. Other
// arguments are handed on to jest: `npm run test:matrix -- -t queues`.
import { runNpm, runTool } from './run-tool'
import { textTable } from './text-table'

interface Combination {
  readonly version: string
  readonly mode: string
  readonly transport: string
  /** What is tested, where it is not the sources. */
  readonly build?: string
}

const REFERENCE: Combination = { version: '25.03.2', mode: 'default', transport: 'http2' }

const EMBEDDED: Combination = { version: 'embedded', mode: 'default', transport: 'http2' }

const COMBINATIONS: readonly Combination[] = [
  REFERENCE,
  EMBEDDED,
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
  (combination) =>
    combination !== REFERENCE &&
    combination !== EMBEDDED &&
    (combination.version === REFERENCE.version || combination.mode === REFERENCE.mode),
)

const TIMEOUT_SECONDS = 1_800

interface Result extends Combination {
  readonly passed: boolean
  readonly seconds: number
}

async function runSuites(combination: Combination, args: readonly string[]): Promise<Result> {
  const { version, mode, transport, build = '' } = combination
  const started = performance.now()
  const isEmbedded = combination === EMBEDDED
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    COHERENCE_TEST_MODE: mode,
    COHERENCE_TEST_TRANSPORT: transport,
    COHERENCE_TEST_BUILD: build,
    // With CI=true a missing Java or Maven fails the run instead of skipping the suites, and the embedded server leaves
    // some to the real one.
    ...(isEmbedded ? { CI: 'false' } : { COHERENCE_TEST_VERSION: version, CI: 'true' }),
  }
  delete env['COHERENCE_SERVER_ADDRESS']
  // The project comes last: what follows it would be taken for names of projects.
  const project = `--selectProjects=${isEmbedded ? 'embedded' : 'conformance'}`
  const { status, output } = await runTool('jest', 'jest', [...args, project], {
    env,
    timeoutSeconds: TIMEOUT_SECONDS,
  })
  console.log(`\n=== Coherence ${version}, ${mode}, ${transport} ${build}\n${output}`)
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
  const forJest = args.filter((arg) => arg !== '--smoke' && arg !== '--built')
  if (isSmoke) forJest.unshift(...SMOKE.map((pattern) => `--testPathPatterns=${pattern}`), '--maxWorkers=1')
  if (!args.includes('--built')) {
    const { status, output } = await runNpm(['run', 'build'])
    if (status !== 0) throw new Error(`There is no build to test: ${output}`)
  }
  const queue = [...(isSmoke ? SMOKE_COMBINATIONS : COMBINATIONS)]
  const results: Result[] = []
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results.push(await runSuites(next, forJest))
  }
  // Most of a smoke run is the starts of servers, which mostly wait.
  await Promise.all(Array.from({ length: isSmoke ? 2 : 1 }, work))
  console.log(`\n${table(results)}`)
  const failed = results.filter(({ passed }) => !passed).length
  console.log(`${isSmoke ? 'smoke' : 'matrix'}: ${results.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

void main()
