// The entry points of the package, as its package.json exports them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The root of the project. */
export const ROOT = join(__dirname, '..')

/** The files behind one subpath, as absolute paths. */
export interface EntryPoint {
  /** `index`, or the name of the subpath. */
  readonly name: string
  /** What `require` loads, and `import` in Node.js. */
  readonly code: string
  /** The declarations. */
  readonly types: string
  /** The ES modules for bundlers. */
  readonly modules: string
}

interface Target {
  readonly types: string
  readonly module: string
  readonly default: string
}

/** Every subpath with code behind it; plain files such as `./package.json` are none. */
export async function entryPoints(root = ROOT): Promise<EntryPoint[]> {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Target>>
  }
  return Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : {
          name: subpath === '.' ? 'index' : subpath.slice('./'.length),
          code: join(root, target.default),
          types: join(root, target.types),
          modules: join(root, target.module),
        },
  )
}
