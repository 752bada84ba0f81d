// Proves that every gate can fail: plants faults in a copy of the project, gate by gate, and runs the gate on it.
// `--only=NAME` does so for one gate.
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../entry-points'
import { run, runNpm, runTool } from '../run-tool'
import { GATES } from './gates'
import { FAULTS, type Fault } from './planted-faults'

async function main(): Promise<void> {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  const gates = GATES.filter(({ name }) => only === undefined || name === only)
  if (gates.length === 0) throw new TypeError(`There is no gate '${String(only)}'`)
  const unproven = gates.filter(({ name }) => !FAULTS.some(({ gate }) => gate === name))
  for (const { name } of unproven) console.log(`FAIL ${name}: no fault is planted for it`)
  const scratch = await mkdtemp(join(tmpdir(), 'coherence-ts-faults-'))
  try {
    await copyProject(scratch)
    const built = await runNpm(['run', 'build'], { cwd: scratch })
    if (built.status !== 0) throw new Error(`The copy of the project cannot be built:\n${built.output}`)
    let found = 0
    let missed = unproven.length
    for (const { name } of gates) {
      for (const faults of plantedTogether(name)) {
        const output = await outputWith(faults, name, scratch)
        for (const { what, evidence } of faults) {
          const isFound = output.includes(`FAIL ${name} `) && evidence.test(output)
          console.log(`${isFound ? 'ok  ' : 'FAIL'} ${name} finds ${what}`)
          if (isFound) {
            found += 1
          } else {
            missed += 1
            console.log(`       ${output.trim().replaceAll('\n', '\n       ')}`)
          }
        }
      }
    }
    console.log(`faults: ${found} passed, ${missed} failed`)
    if (missed > 0) process.exitCode = 1
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The files of the project as they are now, committed or not. */
async function copyProject(to: string): Promise<void> {
  const { status, output } = await run('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ])
  if (status !== 0) throw new Error(output)
  for (const file of output.split('\0')) {
    if (file !== '') await cp(join(ROOT, file), join(to, file)).catch(ignoreRemoved)
  }
  for (const folder of ['node_modules', '.cache']) await symlink(join(ROOT, folder), join(to, folder))
}

function ignoreRemoved(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}

/** The faults of a gate, those for a part of it one by one. */
function plantedTogether(name: string): Fault[][] {
  const faults = FAULTS.filter(({ gate }) => gate === name)
  const whole = faults.filter(({ part }) => part === undefined)
  const parts = faults.filter(({ part }) => part !== undefined)
  return [...(whole.length > 0 ? [whole] : []), ...parts.map((fault) => [fault])]
}

/** What a gate says of the project with the faults in it, which are gone afterwards. */
async function outputWith(faults: readonly Fault[], gate: string, project: string): Promise<string> {
  const originals = new Map<string, string | undefined>()
  try {
    for (const fault of faults) await plantIn(project, fault, originals)
    const part = faults[0]?.part
    const args = [
      'scripts/check/main.ts',
      `--only=${gate}`,
      '--built',
      ...(part === undefined ? [] : [`--part=${part}`]),
    ]
    return (await runTool('tsx', 'tsx', args, { cwd: project })).output
  } finally {
    for (const [path, text] of originals) await (text === undefined ? rm(path) : writeFile(path, text))
  }
}

async function plantIn(
  project: string,
  { file, plant, what }: Fault,
  originals: Map<string, string | undefined>,
): Promise<void> {
  let isPlanted = false
  for (const path of typeof file === 'string' ? [join(project, file)] : await filesOfDist(project, file)) {
    const before = await readFile(path, 'utf8').catch(() => undefined)
    const planted = plant(before ?? '')
    if (planted === before) continue
    if (!originals.has(path)) originals.set(path, before)
    await writeFile(path, planted)
    isPlanted = true
  }
  if (!isPlanted) throw new Error(`${String(file)} is not as the fault expects it: ${what}`)
}

async function filesOfDist(project: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(join(project, 'dist'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
}

void main()
