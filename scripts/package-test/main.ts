// Packs the library and tests the package.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNpm } from '../run-tool'
import { testPackage } from './package-test'

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'coherence-ts-tarball-'))
  try {
    const { status, output } = await runNpm(['pack', `--pack-destination=${folder}`])
    const [tarball] = await readdir(folder)
    if (status !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${output}`)
    const { failures, notes = [] } = await testPackage(join(folder, tarball))
    for (const line of [...notes, ...failures]) console.log(line)
    console.log(failures.length === 0 ? `ok   ${tarball}` : `FAIL ${tarball}`)
    if (failures.length > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

void main()
