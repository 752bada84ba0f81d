// How every file of the bundle is made.
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { ROOT } from './entry-points'

/** What stands before and behind the code. */
export interface Wrapping {
  readonly banner?: string
  readonly footer?: string
}

interface Making extends Wrapping {
  readonly plugins: readonly Plugin[]
}

/** What a bundle of some code is made of. */
export interface Behind {
  /** Relative to the root. */
  readonly files: readonly string[]
  /** The names that the code exports. */
  readonly names: readonly string[]
}

/** Writes what `code` exports, with all that is behind it, as CommonJS. Gives the files in it, relative to the root. */
export async function writeFileOf(
  code: string,
  outfile: string,
  { plugins, banner = '', footer = '' }: Making,
): Promise<string[]> {
  const { metafile } = await build({
    ...common(code, plugins),
    outfile,
    format: 'cjs',
    // A process that starts reads all of it. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    banner: { js: banner },
    footer: { js: footer },
  })
  return Object.keys(metafile.inputs)
}

export async function lookBehind(code: string, plugins: readonly Plugin[]): Promise<Behind> {
  const { metafile } = await build({ ...common(code, plugins), format: 'esm', write: false })
  return {
    files: Object.keys(metafile.inputs),
    names: Object.values(metafile.outputs).flatMap((output) => output.exports),
  }
}

function common(code: string, plugins: readonly Plugin[]): BuildOptions & { metafile: true } {
  return {
    absWorkingDir: ROOT,
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // Modules can be left out of a bundle where nothing uses them, CommonJS cannot.
    mainFields: ['module', 'main'],
    plugins: [...plugins],
    metafile: true,
    logLevel: 'warning',
  }
}
