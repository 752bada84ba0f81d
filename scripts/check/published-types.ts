// Compiles the type tests, the examples and the code in the documentation as a user would: against the declarations that are published, not against
// the sources, and with every compiler that is promised to work.
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { runTool } from '../run-tool'
import { docExamples } from './doc-examples'
import { brokenDocLinks } from './doc-links'
import type { Verdict } from './gate'

/** The installed compilers, oldest first, by the name of their package. */
const COMPILERS = ['typescript-5.4', 'typescript', 'typescript-7.0'] as const

export async function compileTypeTests(): Promise<Verdict> {
  const folder = join('test', 'types')
  return compileBeside(folder, (to) => cp(join(ROOT, folder), to, { recursive: true }))
}

export async function compileExamples(): Promise<Verdict> {
  return compileBeside('examples', (to) => cp(join(ROOT, 'examples'), to, { recursive: true }))
}

export async function compileDocs(): Promise<Verdict> {
  const { programs, faults } = docExamples()
  const { failures } = await compileBeside('docs', async (to) => {
    await mkdir(to)
    for (const { name, text } of programs) await writeFile(join(to, name), text)
  })
  return { failures: [...brokenDocLinks(), ...faults, ...failures] }
}

/** Compiles what `fill` writes into `folder`, beside a `src` that is the published declarations. */
async function compileBeside(folder: string, fill: (to: string) => Promise<void>): Promise<Verdict> {
  const scratch = await mkdtemp(join(tmpdir(), 'coherence-ts-types-'))
  try {
    await mkdir(join(scratch, 'node_modules'))
    await symlink(ROOT, join(scratch, 'node_modules', 'coherence-ts'))
    await symlink(join(ROOT, 'node_modules', '@types'), join(scratch, 'node_modules', '@types'))
    await symlink(join(ROOT, 'dist'), join(scratch, 'src'))
    await fill(join(scratch, folder))
    await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify(configuration(folder)))
    const results = await Promise.all(
      COMPILERS.map(async (compiler) => {
        const { status, output } = await runTool(compiler, 'tsc', ['-p', scratch], { cwd: scratch })
        return status === 0 ? [] : [`${compiler}: ${output.trim()}`]
      }),
    )
    return { failures: results.flat() }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function configuration(folder: string): object {
  return {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023'],
      module: 'node16',
      moduleResolution: 'node16',
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    },
    include: [folder],
  }
}
