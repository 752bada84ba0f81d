// Proves that every gate can fail: plants faults in a copy of the project, gate by gate, and runs the gate on it.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { run, runNpm, runTool } from '../run-tool'
import { GATES } from './gates'
import { FAULTS, type Fault } from './planted-faults'

async function main(): Promise<void> {
  const unproven = GATES.filter(({ name }) => !FAULTS.some(({ gate }) => gate === name))
  for (const { name } of unproven) console.log(`FAIL ${name}: no fault is planted for it`)
  const scratch = await mkdtemp(join(tmpdir(), 'coherence-ts-faults-'))
  try {
    await copyProject(scratch)
    const built = await runNpm(['run', 'build'], { cwd: scratch })
    if (built.status !== 0) throw new Error(`The copy of the project cannot be built:\n${built.output}`)
    let missed = unproven.length
    for (const { name } of GATES) {
      const faults = FAULTS.filter(({ gate }) => gate === name)
      const output = faults.length === 0 ? '' : await outputWith(faults, name, scratch)
      for (const { what, evidence } of faults) {
        const found = output.includes(`FAIL ${name} `) && evidence.test(output)
        console.log(`${found ? 'ok  ' : 'FAIL'} ${name} finds ${what}`)
        if (found) continue
        missed += 1
        console.log(`       ${output.trim().replaceAll('\n', '\n       ')}`)
      }
    }
    console.log(`faults: ${FAULTS.length + unproven.length - missed} passed, ${missed} failed`)
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

/** What a gate says of the project with the faults in it, which are gone afterwards. */
async function outputWith(faults: readonly Fault[], gate: string, project: string): Promise<string> {
  const originals = new Map<string, string | undefined>()
  try {
    for (const { file, plant, what } of faults) {
      const path = join(project, file)
      const before = await readFile(path, 'utf8').catch(() => undefined)
      if (!originals.has(path)) originals.set(path, before)
      const planted = plant(before ?? '')
      if (planted === before) throw new Error(`${file} is not as the fault expects it: ${what}`)
      await writeFile(path, planted)
    }
    const args = ['scripts/check/main.ts', `--only=${gate}`, '--built']
    return (await runTool('tsx', 'tsx', args, { cwd: project })).output
  } finally {
    for (const [path, text] of originals) await (text === undefined ? rm(path) : writeFile(path, text))
  }
}

void main()
