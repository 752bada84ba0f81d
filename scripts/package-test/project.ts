// An empty project with the packed tarball in it, installed as a user would, and beside it the programs that the
// consumers run.
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { runNpm } from '../run-tool'
import { runCommand, type Tools } from './tools'
import { REFERENCE_OPTIONS } from './typescript-consumers'

const FIXTURES = join(ROOT, 'test', 'package')

export class Project implements AsyncDisposable {
  readonly folder: string
  /** The folder of the installed package. */
  readonly library: string
  readonly #scratch: string

  private constructor(scratch: string) {
    this.#scratch = scratch
    this.folder = join(scratch, 'project')
    this.library = join(this.folder, 'node_modules', 'coherence-ts')
  }

  static async create(): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'coherence-ts-package-')))
    await mkdir(project.folder)
    return project
  }

  /** What went wrong. */
  async install(tarball: string): Promise<string[]> {
    await this.write({ 'package.json': '{ "private": true }\n' })
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', tarball]
    const { status, output } = await runNpm(args, { cwd: this.folder })
    if (status !== 0) return [`the package cannot be installed: ${output.trim()}`]
    const others = (await readdir(join(this.folder, 'node_modules'))).filter(
      (name) => !['coherence-ts', '.package-lock.json'].includes(name),
    )
    return others.map((name) => `${name} is installed beside the package, which should need no other`)
  }

  /** Puts the programs beside the package; returns what the compiler has against them. */
  async addPrograms(tools: Tools): Promise<string[]> {
    for (const name of ['@types/node', 'undici-types']) {
      await cp(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name), { recursive: true })
    }
    await cp(join(FIXTURES, 'project'), this.folder, { recursive: true })
    await cp(join(ROOT, 'examples', 'testing'), join(this.folder, 'testing'), { recursive: true })
    const other = join(this.folder, 'other', 'node_modules', 'coherence-ts')
    await cp(this.library, other, { recursive: true })
    for (const folder of ['esm', 'cjs']) {
      await cp(join(FIXTURES, 'sources'), join(this.folder, 'sources', folder), { recursive: true })
    }
    const compilerOptions = { ...REFERENCE_OPTIONS, rootDir: 'sources', outDir: '.' }
    await this.write({
      'tsconfig.json': JSON.stringify({ compilerOptions, include: ['sources'], exclude: [] }),
    })
    const { status, output } = await runCommand(tools.command('typescript', 'tsc', '--project', '.'), {
      cwd: this.folder,
    })
    return status === 0 ? [] : [`the programs cannot be compiled: ${output.trim()}`]
  }

  /** Writes files, by their paths in the project. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(this.folder, path, '..'), { recursive: true })
      await writeFile(join(this.folder, path), text)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true })
  }
}
