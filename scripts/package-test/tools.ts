// The bundlers, test runners and runtimes that the package is tried with: those of the project itself, and those of
// test/package/package.json, which are installed once into the project's cache folder.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../entry-points'
import { run, runNpm, type RunOptions, type ToolResult, toolPath } from '../run-tool'

const MANIFEST = join(ROOT, 'test', 'package')
const FILES = ['package.json', 'package-lock.json', '.npmrc']
const CACHE = join(ROOT, '.cache', 'package-tools')

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: string[]]

export function runCommand([program, ...args]: Command, options: RunOptions): Promise<ToolResult> {
  return run(program, args, options)
}

export class Tools {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws they cannot be installed. */
  static async install(): Promise<Tools> {
    const hash = createHash('sha256')
    for (const file of FILES) hash.update(await readFile(join(MANIFEST, file)))
    const folder = join(CACHE, hash.digest('hex').slice(0, 16))
    const installed = join(folder, 'node_modules', '.package-lock.json')
    if (!existsSync(installed)) {
      await rm(CACHE, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      for (const file of FILES) await cp(join(MANIFEST, file), join(folder, file))
      // No package needs its scripts: the runtimes are packages of their own.
      const { status, output } = await runNpm(['ci', '--ignore-scripts', '--prefer-offline'], { cwd: folder })
      if (status !== 0) throw new Error(`The tools of ${MANIFEST} cannot be installed:\n${output}`)
    }
    return new Tools(folder)
  }

  /** The command `name` of a package that is installed here, or else in the project. */
  command(packageName: string, name: string, ...args: string[]): Command {
    const folder = existsSync(join(this.#folder, 'node_modules', packageName)) ? this.#folder : ROOT
    return [process.execPath, toolPath(packageName, name, folder), ...args]
  }

  bun(...args: string[]): Command {
    const cpu = process.arch === 'arm64' ? 'aarch64' : process.arch
    return [this.#binary('@oven', `bun-${process.platform}-${cpu}`, 'bin', 'bun'), ...args]
  }

  deno(...args: string[]): Command {
    const libc = process.platform === 'linux' ? '-glibc' : ''
    return [this.#binary('@deno', `${process.platform}-${process.arch}${libc}`, 'deno'), ...args]
  }

  #binary(...path: string[]): string {
    return join(this.#folder, 'node_modules', ...path)
  }
}
