// Everything that is checked besides the tests, gate by gate.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { testPackage } from '../package-test/package-test'
import { run, runNpm, runTool } from '../run-tool'
import { faultsOfApiReports } from './api-report'
import { faultsOfDeclarations } from './declarations'
import { filesGate, type Gate, toolGate, type Verdict, verdictOf } from './gate'
import { anyTypesIn } from './no-any'
import { faultsOfShape } from './shape'
import { compileDocs, compileExamples, compileTypeTests } from './published-types'

const PACKAGE_FOLDER = join(ROOT, '.cache', 'package')
const TARBALL = join(PACKAGE_FOLDER, 'coherence-ts.tgz')

/** Makes `dist/` and the tarball that the gates after it look at. */
export const BUILD: Gate = {
  name: 'build',
  examine: async (): Promise<Verdict> => {
    const built = verdictOf(await runNpm(['run', 'build']))
    return built.failures.length > 0 ? built : pack()
  },
}

export const GATES: readonly Gate[] = [
  filesGate('format', 'prettier', ['--check', '--log-level=warn']),
  filesGate('lint', 'eslint', []),
  // The newest compiler is the fastest; the build and the type tests use the older ones.
  toolGate('types', 'typescript-7.0', 'tsc', ['-p', 'tsconfig.json']),
  toolGate('layers', 'dependency-cruiser', 'depcruise', [
    ...['src', 'gen', 'scripts', 'test', 'examples'],
    '--output-type=err',
  ]),
  { name: 'no any', examine: async () => ({ failures: await anyTypesIn(join(ROOT, 'src')) }) },
  { name: 'shape', examine: async () => ({ failures: await faultsOfShape(join(ROOT, 'src')) }) },
  {
    name: 'contract',
    examine: async (): Promise<Verdict> => {
      const result = await runTool('tsx', 'tsx', ['scripts/proto-check/main.ts'])
      return {
        ...verdictOf(result),
        notes: result.output.split('\n').filter((line) => line.startsWith('skip')),
      }
    },
  },
  { name: 'publint', needsBuild: true, examine: publint },
  {
    name: 'attw',
    needsBuild: true,
    examine: async () =>
      verdictOf(
        await runTool('@arethetypeswrong/cli', 'attw', [
          TARBALL,
          '--profile=node16',
          '--no-color',
          '--no-emoji',
        ]),
      ),
  },
  {
    name: 'declarations',
    needsBuild: true,
    examine: async () => ({ failures: await faultsOfDeclarations() }),
  },
  { name: 'api report', examine: async () => ({ failures: await faultsOfApiReports() }) },
  { name: 'type tests', needsBuild: true, examine: compileTypeTests },
  { name: 'examples', needsBuild: true, examine: compileExamples },
  { name: 'docs', needsBuild: true, examine: compileDocs },
  { name: 'package', needsBuild: true, examine: (part) => testPackage(TARBALL, { only: part }) },
]

/** Packs what was built, without building it again. */
export async function pack(): Promise<Verdict> {
  await rm(PACKAGE_FOLDER, { recursive: true, force: true })
  await mkdir(PACKAGE_FOLDER, { recursive: true })
  const packed = await runNpm(['pack', '--ignore-scripts', `--pack-destination=${PACKAGE_FOLDER}`])
  if (packed.status !== 0) return verdictOf(packed)
  // The name has the version in it; the gates need not know it.
  return verdictOf(await run('sh', ['-c', `mv "$1"/*.tgz "$2"`, 'sh', PACKAGE_FOLDER, TARBALL]))
}

async function publint(): Promise<Verdict> {
  return verdictOf(await runTool('publint', 'publint', ['run', TARBALL, '--strict']))
}
