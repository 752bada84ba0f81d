// Projects in TypeScript that use the package, by the way in which they find modules, with each compiler that is
// promised to work. What the compiler makes is run.
import { type Consumer, type ModuleKind, packageJson, slugOf } from './consumer'
import type { Tools } from './tools'

interface Project {
  readonly name: string
  readonly compilers: readonly Compiler[]
  /** Which of the sources are compiled. */
  readonly sources: readonly Sources[]
  readonly options: Readonly<Record<string, unknown>>
}

type Compiler = keyof typeof COMPILERS
type Sources = keyof typeof KINDS

const COMPILERS = { '5.4': 'typescript-5.4', '6.0': 'typescript', '7.0': 'typescript-7.0' } as const
const EVERY_COMPILER: readonly Compiler[] = ['5.4', '6.0', '7.0']
const KINDS = { esm: 'module', cjs: 'commonjs' } as const satisfies Record<string, ModuleKind>

const STRICT = { target: 'ES2022', lib: ['ES2022'], types: ['node'], strict: true, skipLibCheck: false }

const NODE10 = { module: 'commonjs', moduleResolution: 'node10' }

const PROJECTS: readonly Project[] = [
  { name: 'node10', compilers: ['5.4'], sources: ['cjs'], options: NODE10 },
  {
    name: 'node10',
    compilers: ['6.0'],
    sources: ['cjs'],
    options: { ...NODE10, ignoreDeprecations: '6.0' },
  },
  ...(['node16', 'nodenext'] as const).map((name): Project => ({
    name,
    compilers: EVERY_COMPILER,
    sources: ['esm', 'cjs'],
    options: { module: name, moduleResolution: name, exactOptionalPropertyTypes: name === 'nodenext' },
  })),
  {
    name: 'bundler',
    compilers: EVERY_COMPILER,
    sources: ['esm'],
    options: { module: 'esnext', moduleResolution: 'bundler' },
  },
]

/** Where `lib` leaves out the browser's types, a project needs the types of Node.js for `AbortSignal`. */
const WITHOUT_NODE_TYPES = {
  ...STRICT,
  ...{ module: 'node16', moduleResolution: 'node16', lib: ['ES2022', 'DOM'], types: [], noEmit: true },
}

export function typescriptConsumers(tools: Tools): Consumer[] {
  return [
    ...PROJECTS.flatMap((project) =>
      project.compilers.map((compiler) => consumerOf(tools, project, compiler)),
    ),
    ...EVERY_COMPILER.map((compiler) => withoutNodeTypes(tools, compiler)),
  ]
}

/** The project in which the programs are compiled that other consumers run. */
export const REFERENCE_OPTIONS = { ...STRICT, module: 'node16', moduleResolution: 'node16' }

function consumerOf(tools: Tools, { name, sources, options }: Project, compiler: Compiler): Consumer {
  const title = `TypeScript ${compiler}, ${name}`
  const out = slugOf(title)
  const configuration = {
    compilerOptions: { ...STRICT, ...options, rootDir: 'sources', outDir: out },
    include: sources.map((folder) => `sources/${folder}`),
  }
  const kinds = sources.map((folder): [string, string] => [
    `${out}/${folder}/package.json`,
    packageJson(KINDS[folder]),
  ])
  return {
    name: title,
    files: { [`tsconfig.${out}.json`]: JSON.stringify(configuration), ...Object.fromEntries(kinds) },
    build: tools.command(COMPILERS[compiler], 'tsc', '--project', `tsconfig.${out}.json`),
    runs: sources.map((folder) => [process.execPath, `${out}/${folder}/program.js`]),
  }
}

function withoutNodeTypes(tools: Tools, compiler: Compiler): Consumer {
  const title = `TypeScript ${compiler}, without the types of Node.js`
  const file = `tsconfig.${slugOf(title)}.json`
  const configuration = {
    compilerOptions: WITHOUT_NODE_TYPES,
    files: ['sources/esm/types.ts', 'sources/cjs/types.ts'],
  }
  return {
    name: title,
    files: { [file]: JSON.stringify(configuration) },
    build: tools.command(COMPILERS[compiler], 'tsc', '--project', file),
    runs: [],
  }
}
