// Makes dist/: one CommonJS file with its declarations, and in front of it a thin ESM wrapper for each entry point, so
// that `import` and `require` give the same classes.
import { readdir, rm, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from '../run-tool'
import { bundle } from './bundle'
import { reachableDeclarations } from './declaration-graph'
import { entryPoints, ROOT } from './entry-points'
import { writeEsmWrapper } from './esm-wrapper'
import { keepPublicDeclarations } from './public-declarations'
import { thirdPartyLicenses } from './third-party'

const DIST = join(ROOT, 'dist')

// Declared here and not left to the user's `lib`: `AsyncDisposable` is in the public declarations.
const LIB_REFERENCE = '/// <reference lib="esnext.disposable" />\n'

async function main(): Promise<void> {
  await rm(DIST, { recursive: true, force: true })
  const { status, output } = await runTool('typescript', 'tsc', ['-p', join(ROOT, 'tsconfig.build.json')])
  if (status !== 0) {
    process.stderr.write(output)
    process.exitCode = 1
    return
  }
  const entries = await entryPoints()
  if (entries.length !== 1)
    throw new Error('The parts of a bundle are those of one entry point; see parts.ts')
  const bundled = await Promise.all(
    entries.map(({ source, implementation }) => bundle(source, implementation)),
  )
  await writeFile(join(DIST, 'THIRD_PARTY_LICENSES.txt'), await thirdPartyLicenses(bundled.flat()))
  await keepPublicDeclarations(entries.map(({ types }) => types))
  for (const entry of entries) await writeEsmWrapper(entry)
  for (const { types } of entries) await writeFile(types, LIB_REFERENCE + (await readFile(types, 'utf8')))
  await removeUnreachable(
    await reachableDeclarations(entries.flatMap(({ types, esmTypes }) => [types, esmTypes])),
  )
}

/** Declarations no user can reach would only show what is inside. */
async function removeUnreachable(reachable: ReadonlySet<string>): Promise<void> {
  const files = await readdir(DIST, { recursive: true, withFileTypes: true })
  for (const { parentPath, name } of files.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name)
    if (/\.d\.[cm]?ts$/.test(name) && !reachable.has(path)) await rm(path)
  }
}

void main()
