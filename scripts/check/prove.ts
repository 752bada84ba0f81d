// Proves that every gate can fail: plants faults in a copy of the project, gate by gate, and runs the gate on it.
// `--only=NAME` does so for one gate; `--built` takes dist/ as it is.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../entry-points'
import { run, runNpm, runTool } from '../run-tool'
import { GATES } from './gates'
import { FAULTS, type Fault } from './planted-faults'

const SIDE_BY_SIDE = 2
/** What the package test installs once. */
const INSTALLED = ['.cache/node', '.cache/package-tools']

async function main(): Promise<void> {
  const { only, built } = parseArgs({
    options: { only: { type: 'string' }, built: { type: 'boolean', default: false } },
  }).values
  const gates = GATES.filter(({ name }) => only === undefined || name === only)
  if (gates.length === 0) throw new TypeError(`There is no gate '${String(only)}'`)
  const unproven = gates.filter(({ name }) => !FAULTS.some(({ gate }) => gate === name))
  for (const { name } of unproven) console.log(`FAIL ${name}: no fault is planted for it`)
  if (!built) await build()
  const queue = gates.flatMap(({ name }) => plantedTogether(name))
  const results: boolean[] = unproven.map(() => false)
  const work = async (): Promise<void> => {
    const scratch = await mkdtemp(join(tmpdir(), 'coherence-ts-faults-'))
    try {
      await copyProject(scratch)
      for (let faults = queue.shift(); faults !== undefined; faults = queue.shift())
        results.push(...(await areFound(faults, scratch)))
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  const missed = results.filter((found) => !found).length
  console.log(`faults: ${results.length - missed} passed, ${missed} failed`)
  if (missed > 0) process.exitCode = 1
}

async function build(): Promise<void> {
  const { status, output } = await runNpm(['run', 'build'])
  if (status !== 0) throw new Error(`The project cannot be built:\n${output}`)
}

/** Plants faults of one gate together, and says which of them it finds. */
async function areFound(faults: readonly Fault[], project: string): Promise<boolean[]> {
  const started = performance.now()
  const output = await outputWith(faults, project)
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  return faults.map(({ gate, what, evidence }) => {
    const isFound = output.includes(`FAIL ${gate} `) && evidence.test(output)
    console.log(`${isFound ? 'ok  ' : 'FAIL'} ${gate} finds ${what} (${seconds} s)`)
    if (!isFound) console.log(`       ${output.trim().replaceAll('\n', '\n       ')}`)
    return isFound
  })
}

/** The files of the project as they are now, committed or not, and what was built of them. */
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
  await cp(join(ROOT, 'dist'), join(to, 'dist'), { recursive: true })
  await mkdir(join(to, '.cache'))
  for (const folder of ['node_modules', ...INSTALLED]) {
    await mkdir(join(ROOT, folder), { recursive: true })
    await symlink(join(ROOT, folder), join(to, folder))
  }
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
async function outputWith(faults: readonly Fault[], project: string): Promise<string> {
  const originals = new Map<string, string | undefined>()
  try {
    for (const fault of faults) await plantIn(project, fault, originals)
    const [first] = faults
    if (first === undefined) throw new Error('A fault has to be planted')
    const { gate, part } = first
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
