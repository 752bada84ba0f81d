// How every file of the bundle is made.
import { build, type Plugin } from 'esbuild'
import { ROOT } from './entry-points'

/** What stands before and behind the code. */
export interface Wrapping {
  readonly banner?: string
  readonly footer?: string
}

interface Making extends Wrapping {
  readonly plugins: readonly Plugin[]
}

/** Writes what `code` exports, with all that is behind it, as CommonJS. Gives the files in it, relative to the root. */
export function writeFileOf(code: string, outfile: string, making: Making): Promise<string[]> {
  return makeFile(code, outfile, making, true)
}

/** The files that `code` takes, relative to the root. */
export function filesBehind(code: string, plugins: readonly Plugin[]): Promise<string[]> {
  return makeFile(code, 'nowhere.js', { plugins }, false)
}

async function makeFile(
  code: string,
  outfile: string,
  { plugins, banner = '', footer = '' }: Making,
  write: boolean,
): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: code, resolveDir: ROOT },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // Modules can be left out of a bundle where nothing uses them, CommonJS cannot.
    mainFields: ['module', 'main'],
    plugins: [...plugins],
    metafile: true,
    write,
    // A process that starts reads all of it. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    banner: { js: banner },
    footer: { js: footer },
    logLevel: 'warning',
  })
  return Object.keys(metafile.inputs)
}
