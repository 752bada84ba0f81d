// Installs the packed tarball into an empty project, as a user would, and compiles and runs programs against it.
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import type { Verdict } from '../check/gate'
import { run, runNpm, runTool } from '../run-tool'
import { nodeReleases } from './node-releases'

const CONSUMERS = join(ROOT, 'test', 'package')
const EXPECTED_OUTPUT = `${JSON.stringify({
  address: 'example.com:4444',
  refused: 'ERR_COHERENCE_OPTIONS',
  // By a part of the bundle, with a class of its first file.
  notStorable: 'ERR_COHERENCE_CODEC',
  // Over either transport.
  unreachable: ['not-sent', 'not-sent'],
})}\n`

// What a package must hold and may hold beside it, as paths in it.
const WANTED = [
  'package.json',
  ...['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/THIRD_PARTY_LICENSES.txt'],
  ...['dist/index.js', 'dist/index.d.ts', 'dist/esm/index.mjs'],
]
const OTHERS = /^dist\/(?:esm\/)?chunks\/[\w-]+\.m?js$|^docs\/[\w-]+\.(?:md|svg)$/

// Where `lib` leaves out the browser's types, a project needs the types of Node.js for `AbortSignal`.
const PROJECTS = [
  {
    name: 'without the types of Node.js',
    types: [],
    lib: ['ES2022', 'DOM'],
    exactOptionalPropertyTypes: false,
  },
  {
    name: 'with exactOptionalPropertyTypes',
    types: ['node'],
    lib: ['ES2022'],
    exactOptionalPropertyTypes: true,
  },
]

export async function testPackage(tarball: string): Promise<Verdict> {
  const project = await mkdtemp(join(tmpdir(), 'coherence-ts-package-'))
  try {
    const installed = await install(project, tarball)
    if (installed.length > 0) return { failures: installed }
    const contents = await faultsOfContents(tarball)
    const compiled = await compile(project)
    if (compiled.length > 0) return { failures: [...contents, ...compiled] }
    const { releases, failures, notes } = await nodeReleases()
    const runs: string[] = []
    for (const { name, path } of releases) runs.push(...(await runPrograms(project, name, path)))
    return { failures: [...contents, ...failures, ...runs], notes }
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}

async function install(project: string, tarball: string): Promise<string[]> {
  await writeFile(join(project, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', tarball]
  const { status, output } = await runNpm(args, { cwd: project })
  if (status !== 0) return [`the package cannot be installed: ${output.trim()}`]
  const others = (await readdir(join(project, 'node_modules'))).filter(
    (name) => !['coherence-ts', '.package-lock.json'].includes(name),
  )
  return others.map((name) => `${name} is installed beside the package, which should need no other`)
}

async function faultsOfContents(tarball: string): Promise<string[]> {
  const { output } = await run('tar', ['-tzf', tarball])
  const files = output.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/^package\//, '')]))
  return [
    ...WANTED.filter((path) => !files.includes(path)).map((path) => `${path} is not in the package`),
    ...files
      .filter((path) => !WANTED.includes(path) && !OTHERS.test(path))
      .map((path) => `${path} should not be in the package`),
  ]
}

/** Every compiler and way to be strict; the last compilation also makes the programs that are run. */
async function compile(project: string): Promise<string[]> {
  const failures: string[] = []
  await mkdir(join(project, 'node_modules', '@types'), { recursive: true })
  for (const name of ['node', '../undici-types']) {
    const from = join(ROOT, 'node_modules', '@types', name)
    await cp(from, join(project, 'node_modules', '@types', name), { recursive: true })
  }
  await cp(CONSUMERS, project, { recursive: true })
  for (const compiler of ['typescript-5.4', 'typescript-7.0', 'typescript']) {
    for (const { name, ...options } of PROJECTS) {
      const compilerOptions = { ...STRICT, ...options }
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
      const { status, output } = await runTool(compiler, 'tsc', ['-p', project], { cwd: project })
      if (status !== 0) failures.push(`${compiler}, ${name}: ${output.trim()}`)
    }
  }
  return failures
}

const STRICT = {
  target: 'ES2022',
  module: 'node16',
  moduleResolution: 'node16',
  strict: true,
  skipLibCheck: false,
  outDir: 'out',
}

async function runPrograms(project: string, name: string, node: string): Promise<string[]> {
  const failures: string[] = []
  const expected = {
    'out/consumer.mjs': EXPECTED_OUTPUT,
    'out/consumer.cjs': EXPECTED_OUTPUT,
    'same-exports.mjs': 'same\n',
  }
  for (const [program, output] of Object.entries(expected)) {
    const result = await run(node, [program], { cwd: project, timeoutSeconds: 30 })
    if (result.status === 0 && result.output === output) continue
    failures.push(
      `${program} on Node.js ${name} ended with ${String(result.status)} and said:\n${result.output}`,
    )
  }
  return failures
}
