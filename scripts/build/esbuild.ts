// How every file of the bundle is made.
import { writeFile } from 'node:fs/promises'
import { minify } from '@swc/core'
import { build, type BuildOptions, type Plugin, transform } from 'esbuild'
import { ROOT } from './entry-points'

/** What stands before and behind the code. */
export interface Wrapping {
  readonly banner?: string
  readonly footer?: string
}

interface Making extends Wrapping {
  readonly plugins: readonly Plugin[]
}

/** What is behind some code. */
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
  const { metafile, outputFiles } = await build({
    ...common(code, plugins),
    format: 'cjs',
    minifySyntax: true,
    legalComments: 'none',
  })
  const bundled = outputFiles.map(({ text }) => text).join('')
  await writeFile(outfile, `${banner}\n${await shortened(bundled)}\n${footer}`)
  return Object.keys(metafile.inputs)
}

/** A process that starts reads all of it: without white space and long names, but with those that stack traces show. */
async function shortened(code: string): Promise<string> {
  const named = await minify(code, {
    compress: false,
    mangle: {
      keep_fnames: true,
      keep_classnames: true,
      keep_private_props: true,
      reserved: classVariables(code),
    },
  })
  // Node.js shows the line that an error comes from.
  const { code: short } = await transform(named.code, {
    minifyWhitespace: true,
    lineLimit: 160,
    logLevel: 'warning',
  })
  return short
}

/** Variables that hold a class without a name, which stack traces call by them. */
function classVariables(code: string): string[] {
  return [...code.matchAll(/\b(\w+) = class(?: \{| extends\b)/g)].map(([, name = '']) => name)
}

/** Bundles `code` without writing it. */
export async function lookBehind(code: string, plugins: readonly Plugin[]): Promise<Behind> {
  const { metafile } = await build({ ...common(code, plugins), format: 'esm' })
  return {
    files: Object.keys(metafile.inputs),
    names: Object.values(metafile.outputs).flatMap((output) => output.exports),
  }
}

function common(code: string, plugins: readonly Plugin[]): BuildOptions & { metafile: true; write: false } {
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
    write: false,
    logLevel: 'warning',
  }
}
