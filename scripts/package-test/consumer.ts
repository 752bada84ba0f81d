// What a consumer of the package is: something that does the main job with it.
import type { Command } from './tools'

export interface Consumer {
  readonly name: string
  /** Files that it needs, by their paths in the folder of the project. */
  readonly files?: Readonly<Record<string, string>>
  /** Makes what is run, in the folder of the project. */
  readonly build?: Command
  /** What is run, one after the other. */
  readonly runs: readonly Command[]
  /** Where it is run; the folder of the project where left out. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether it needs no server but its own. */
  readonly hasOwnServer?: boolean
  /** What it has to say; where left out, what the main job says, and nothing else. */
  readonly says?: RegExp
}

export const GRPC_JS = { MAIN_JOB_TRANSPORT: 'grpc-js' }

/** Which module a package.json makes of the files beside it. */
export type ModuleKind = 'module' | 'commonjs'

export function packageJson(type: ModuleKind): string {
  return `${JSON.stringify({ private: true, type })}\n`
}

/** The programs that do the main job, in the folder of the project. */
export const PROGRAMS = {
  import: 'esm/program.js',
  require: 'cjs/program.js',
  both: 'esm/both.mjs',
  /** Like `both`, and looks at names, which bundlers may change. */
  names: 'esm/names.mjs',
  twoCopies: 'esm/two-copies.mjs',
} as const

/** A name for files. */
export function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]+/g, '-')
}
