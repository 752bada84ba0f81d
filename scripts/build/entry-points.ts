// The entry points of the package, as its package.json exports them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The root of the project. */
export const ROOT = join(__dirname, '..', '..')

/** The files behind one subpath, as absolute paths. */
export interface EntryPoint {
  /** `.` or `./subpath`. */
  readonly subpath: string
  /** The TypeScript that it is made of. */
  readonly source: string
  /** The CommonJS implementation and its declarations. */
  readonly implementation: string
  readonly types: string
  /** The ESM wrapper and its declarations. */
  readonly esm: string
  readonly esmTypes: string
}

interface Target {
  readonly types: string
  readonly default: string
}

type Conditions = Readonly<Record<'import' | 'require', Target>>

/** Every subpath with code behind it; plain files such as `./package.json` are none. */
export async function entryPoints(root = ROOT): Promise<EntryPoint[]> {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Conditions>>
  }
  return Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : {
          subpath,
          source: sourceOf(root, target.require.types),
          implementation: join(root, target.require.default),
          types: join(root, target.require.types),
          esm: join(root, target.import.default),
          esmTypes: join(root, target.import.types),
        },
  )
}

/** The declarations lie in dist/ as the sources lie in the project. */
function sourceOf(root: string, types: string): string {
  return join(root, types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'))
}
