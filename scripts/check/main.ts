// Runs every gate, prints a line for each, and fails at the end if any failed. `--only=NAME` runs one gate, and
// `--part=NAME` of it a part; `--built` takes dist/ as it is.
import { parseArgs } from 'node:util'
import type { Gate, Verdict } from './gate'
import { BUILD, GATES, pack } from './gates'

const SIDE_BY_SIDE = 2

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      part: { type: 'string' },
      built: { type: 'boolean', default: false },
    },
  })
  const build: Gate = values.built ? { name: BUILD.name, examine: pack } : BUILD
  const gates = GATES.filter(({ name }) => values.only === undefined || name === values.only)
  const isWanted = values.only === undefined || values.only === BUILD.name
  if (gates.length === 0 && !isWanted) throw new TypeError(`There is no gate '${String(values.only)}'`)

  const results: boolean[] = []
  const needBuild = gates.filter((gate) => gate.needsBuild === true)
  const others = gates.filter((gate) => gate.needsBuild !== true)
  const queue = [...others]
  const work = async (): Promise<void> => {
    for (let gate = queue.shift(); gate !== undefined; gate = queue.shift())
      results.push(await report(gate, values.part))
  }
  const afterBuild = async (): Promise<void> => {
    if (isWanted || needBuild.length > 0) {
      const built = await report(build)
      if (isWanted) results.push(built)
      queue.push(...(built ? needBuild : needBuild.map(notBuilt)))
    }
    await work()
  }
  await Promise.all([afterBuild(), ...Array.from({ length: SIDE_BY_SIDE - 1 }, work)])

  const failed = results.filter((passed) => !passed).length
  console.log(`gates: ${results.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

async function report(gate: Gate, part?: string): Promise<boolean> {
  const started = performance.now()
  const { failures, notes = [] } = await gate.examine(part).catch(couldNotRun)
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${gate.name} (${seconds} s)`)
  for (const line of [...failures, ...notes]) console.log(`       ${line.replaceAll('\n', '\n       ')}`)
  return failures.length === 0
}

function couldNotRun(error: unknown): Verdict {
  return { failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
}

function notBuilt({ name }: Gate): Gate {
  return { name, examine: () => Promise.resolve({ failures: ['there is no build to look at'] }) }
}

void main()
