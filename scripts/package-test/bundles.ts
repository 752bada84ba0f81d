// The bundlers that the package goes through, with the library inside of the bundle. What comes out is run where the
// package cannot be found.
import { type Consumer, GRPC_JS, type ModuleKind, packageJson, PROGRAMS, slugOf } from './consumer'
import type { Command, Tools } from './tools'

interface Bundle {
  readonly name: string
  readonly kind: ModuleKind
  readonly program: keyof typeof PROGRAMS
  readonly build: (program: string, out: string) => Command
  /** The file that is run, where it is not called as the program is. */
  readonly file?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Beside the project, and so without its packages. */
const OUT = '../bundles'

export function bundles(tools: Tools): Consumer[] {
  const rows = [...esbuild(tools), ...rollup(tools), ...vite(tools), ...webpack(tools), ...ncc(tools)]
  return [...rows.map(consumerOf), viteExternal(tools)]
}

function consumerOf({ name, kind, program, build, file, env = {} }: Bundle): Consumer {
  const out = `${OUT}/${slugOf(name)}`
  const entry = PROGRAMS[program]
  return {
    name,
    files: { [`${out}/package.json`]: packageJson(kind) },
    build: build(entry, out),
    runs: [[process.execPath, file ?? entry.replace(/^.*\//, '').replace('.mjs', '.js')]],
    folder: out,
    env,
  }
}

function esbuild(tools: Tools): Bundle[] {
  const options = ['--bundle', '--platform=node', '--log-level=warning']
  const build =
    (...more: readonly string[]): Bundle['build'] =>
    (program, out) =>
      tools.command('esbuild', 'esbuild', program, `--outdir=${out}`, ...options, ...more)
  const esm = { kind: 'module', program: 'import' } as const
  const cjs = { kind: 'commonjs', program: 'require' } as const
  return [
    { name: 'esbuild, ES module', ...esm, build: build('--format=esm') },
    { name: 'esbuild, ES module, minified', ...esm, build: build('--format=esm', '--minify') },
    {
      name: 'esbuild, ES module, grpc-js',
      ...esm,
      build: build('--format=esm', '--splitting'),
      env: GRPC_JS,
    },
    { name: 'esbuild, CommonJS', ...cjs, build: build('--format=cjs') },
    { name: 'esbuild, CommonJS, minified', ...cjs, build: build('--format=cjs', '--minify') },
    { name: 'esbuild, import and require', kind: 'module', program: 'both', build: build('--format=esm') },
  ]
}

function rollup(tools: Tools): Bundle[] {
  const options = ['--silent', '--plugin=node-resolve={preferBuiltins:true}', '--plugin=commonjs']
  const build =
    (...more: readonly string[]): Bundle['build'] =>
    (program, out) =>
      tools.command('rollup', 'rollup', program, `--dir=${out}`, ...options, ...more)
  const esm = { kind: 'module', program: 'import' } as const
  const umd = build('--format=umd', '--name=mainJob', '--inlineDynamicImports')
  return [
    { name: 'rollup, ES module', ...esm, build: build('--format=es') },
    { name: 'rollup, ES module, grpc-js', ...esm, build: build('--format=es'), env: GRPC_JS },
    { name: 'rollup, CommonJS', kind: 'commonjs', program: 'require', build: build('--format=cjs') },
    // All of it is indented.
    { name: 'rollup, UMD', kind: 'commonjs', program: 'import', build: umd },
    { name: 'rollup, import and require', kind: 'module', program: 'both', build: build('--format=es') },
  ]
}

function vite(tools: Tools): Bundle[] {
  const build: Bundle['build'] = (program, out) =>
    viteBuild(tools, program, out, '--config=vite/no-external.config.mjs')
  return [
    { name: 'Vite SSR, bundled', kind: 'module', program: 'import', build, file: 'program.mjs' },
    { name: 'Vite SSR, import and require', kind: 'module', program: 'both', build, file: 'both.mjs' },
  ]
}

function viteExternal(tools: Tools): Consumer {
  return {
    name: 'Vite SSR, external',
    build: viteBuild(tools, PROGRAMS.import, 'vite-external'),
    runs: [[process.execPath, 'vite-external/program.mjs']],
  }
}

function viteBuild(tools: Tools, program: string, out: string, ...more: readonly string[]): Command {
  return tools.command('vite', 'vite', 'build', `--ssr=${program}`, `--outDir=${out}`, ...more)
}

function webpack(tools: Tools): Bundle[] {
  const build: Bundle['build'] = (program, out) => {
    const options = [
      '--target=node20.19',
      '--mode=production',
      '--output-filename=program.js',
      '--stats=errors-warnings',
    ]
    return tools.command(
      'webpack-cli',
      'webpack-cli',
      'build',
      `--entry=./${program}`,
      `--output-path=${out}`,
      ...options,
    )
  }
  return (['import', 'require', 'both'] as const).map((program) => ({
    name: `webpack, ${program === 'both' ? 'import and require' : program}`,
    kind: 'commonjs',
    program,
    build,
    file: 'program.js',
  }))
}

function ncc(tools: Tools): Bundle[] {
  const build: Bundle['build'] = (program, out) =>
    tools.command('@vercel/ncc', 'ncc', 'build', program, `--out=${out}`, '--no-cache', '--quiet')
  return [
    { name: 'ncc, ES module', kind: 'module', program: 'import', build, file: 'index.js' },
    { name: 'ncc, CommonJS', kind: 'commonjs', program: 'require', build, file: 'index.js' },
  ]
}
