// Packs the library and tests the package. `--only=TEXT` tries what has the text in its name, on the embedded server alone.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runNpm } from '../run-tool'
import { type Result, testPackage } from './package-test'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } })
  const folder = await mkdtemp(join(tmpdir(), 'coherence-ts-tarball-'))
  try {
    const { status, output } = await runNpm(['pack', `--pack-destination=${folder}`])
    const [tarball] = await readdir(folder)
    if (status !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${output}`)
    let passed = 0
    let failed = 0
    const onResult = ({ name, faults, seconds }: Result): void => {
      const isRight = faults.length === 0
      if (isRight) passed += 1
      else failed += 1
      console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`)
    }
    const { failures, notes = [] } = await testPackage(join(folder, tarball), { ...values, onResult })
    for (const line of [...notes, ...failures]) console.log(line)
    // Without a failed result, something was wrong before anything could be tried.
    console.log(`package: ${passed} passed, ${failures.length > 0 ? Math.max(failed, 1) : 0} failed`)
    if (failures.length > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

void main()
