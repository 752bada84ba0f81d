// The files that a bundle is made of. A process that starts reads all of a file before it does anything, so what it can
// connect without is in parts that the first file loads when they are needed: the modules that the `deferred` of a folder
// name. A part is a function of what other files have: a module is in one file only. Only generated code, which nothing
// tells apart, may be in two.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Plugin } from 'esbuild'
import ts from 'typescript'
import { ROOT } from './entry-points'
import { lookBehind, type Wrapping, writeFileOf } from './esbuild'

interface Part {
  readonly file: string
  /** The modules that are asked for by `deferred`. */
  readonly modules: readonly string[]
}

/** Each finds in those before it what they have. */
export const PARTS: readonly Part[] = [
  // Values that are more than plain objects, arrays, strings and numbers.
  { file: 'json-writer.js', modules: ['src/codec/json-writer.ts'] },
  {
    // Calls for many entries, and events.
    file: 'many-entries.js',
    modules: [
      'src/cache/bulk-calls.ts',
      'src/cache/listen-calls.ts',
      'src/cache/query-calls.ts',
      'src/protocol/v1/entry-batch.ts',
      'src/protocol/v1/event-lane.ts',
      'src/protocol/v1/key-batch.ts',
      'src/protocol/v1/listener-messages.ts',
      'src/protocol/v1/paced-events.ts',
      'src/protocol/v1/query-lanes.ts',
      'src/protocol/v1/remote-queries.ts',
    ],
  },
]

/** In each file: what others have, by file and path of the module. A part is loaded when it is asked for. */
const SHARED = '__parts'
/** A function that is given what users see, and what others take. */
const PUBLISH = '__publish'
/** What other files take of a module is exported under its path and this. */
const TAKEN = ' taken'
/** Marks what was resolved for a plugin of this file, which need not look at it again. */
const RESOLVED = {}
const GENERATED = 'gen/'
/** What esbuild reports that is no file of its own. */
const VIRTUAL = /^[a-z0-9 ]+:|^<stdin>$/

/** What a file has to give to later ones: names by module. */
type Given = Map<string, Set<string>>

interface Planned extends Part {
  /** What it takes from earlier files, by file. */
  readonly takes: Map<string, Given>
  /** What its own code exports. */
  readonly names: readonly string[]
}

/** Writes the bundle of `source` to `outfile`, and its parts beside it. Gives the files in them. */
export async function bundleInParts(
  source: string,
  outfile: string,
  plugins: readonly Plugin[],
): Promise<string[]> {
  const first = { file: basename(outfile), modules: [pathOf(source)] }
  /** Which file has a module. */
  const home = new Map<string, string>()
  const planned: Planned[] = []
  const asked = new Set<string>()
  const sources = new Set<string>()
  for (const part of [first, ...PARTS]) {
    const plan = { ...part, takes: new Map<string, Given>() }
    for (const path of part.modules) {
      const other = home.get(path)
      if (other !== undefined)
        throw new Error(`${path} is in ${other} already: something imports it other than by its deferred`)
    }
    const own = part === first ? `export * from ${JSON.stringify(source)}` : exportsAsModules(part.modules)
    const { files, names } = await lookBehind(own, [...plugins, deferred(asked), noting(home, plan)])
    for (const path of files) sources.add(path)
    for (const path of files) if (!path.startsWith(GENERATED) && !home.has(path)) home.set(path, part.file)
    planned.push({ ...plan, names })
  }
  assertAllAskedFor(asked)
  const build = await buildOf([...sources].filter((path) => !VIRTUAL.test(path)))
  const files = await Promise.all(
    planned.map((plan) => {
      const isFirst = plan.file === first.file
      const given = givenBy(plan.file, planned)
      const code = isFirst
        ? publishing(source, plan.names, given)
        : `${exportsAsModules(plan.modules)}\n${exporting(given)}`
      return writeFileOf(code, join(dirname(outfile), plan.file), {
        plugins: [...plugins, deferred(asked), taking(plan.takes)],
        ...(isFirst ? firstFile(first.file, build) : functionOfParts(build)),
      })
    }),
  )
  return files.flat().filter((path) => !VIRTUAL.test(path))
}

/** Exports modules whole, each under its path. */
function exportsAsModules(paths: readonly string[]): string {
  return paths.map((path) => `export * as ${JSON.stringify(path)} from ${fileOf(path)}`).join('\n')
}

/** What later files take of one module. */
interface Taken {
  /** Imports it and makes an object of it. */
  readonly code: string
  /** What the object is called in the code. */
  readonly variable: string
  /** What others ask for it by, as a literal. */
  readonly key: string
}

function givenBy(file: string, planned: readonly Planned[]): Taken[] {
  const given: Given = new Map()
  for (const { takes } of planned) for (const [path, names] of takes.get(file) ?? []) add(given, path, names)
  return [...given]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, unsorted], module) => {
      const names = [...unsorted].sort()
      const own = (name: string): string => `${name}_of_${module}`
      const imported = names.map((name) => `${name} as ${own(name)}`).join(', ')
      const members = names.map((name) => `${name}: ${own(name)}`).join(', ')
      const variable = `taken_${module}`
      return {
        code: `import { ${imported} } from ${fileOf(path)}; const ${variable} = { ${members} }`,
        variable,
        key: JSON.stringify(`${path}${TAKEN}`),
      }
    })
}

function exporting(given: readonly Taken[]): string {
  return given.map(({ code, variable, key }) => `${code}; export { ${variable} as ${key} }`).join('\n')
}

/** Hands over the exports of `source` as they are: those that esbuild makes cost a getter and a copy each. */
function publishing(source: string, names: readonly string[], given: readonly Taken[]): string {
  return `import { ${names.join(', ')} } from ${JSON.stringify(source)}
    ${given.map(({ code }) => code).join('\n')}
    ${PUBLISH}({ ${names.join(', ')} }, { ${given.map(({ variable, key }) => `${key}: ${variable}`).join(', ')} })`
}

/** What `require` in a `deferred` gives: the module, out of its part. Adds it to `asked`. */
function deferred(asked: Set<string>): Plugin {
  return {
    name: 'deferred',
    setup: (build) => {
      const namespace = 'deferred'
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, kind, resolveDir }) => {
        if (kind !== 'require-call' || !/[\\/]deferred\.ts$/.test(importer)) return undefined
        return { path: pathOf(join(resolveDir, `${path}.ts`)), namespace }
      })
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const part = PARTS.find(({ modules }) => modules.includes(path))
        if (part === undefined) throw new Error(`${path} is in no part of the bundle; name it in parts.ts`)
        asked.add(path)
        return { contents: `module.exports = ${SHARED}['${part.file}'][${JSON.stringify(path)}]` }
      })
    },
  }
}

function assertAllAskedFor(asked: ReadonlySet<string>): void {
  const left = PARTS.flatMap(({ modules }) => modules).filter((path) => !asked.has(path))
  if (left.length > 0) throw new Error(`No deferred asks for ${left.join(', ')}; take it out of parts.ts`)
}

/** Names what the files are made of, the same for the same sources. */
async function buildOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of [...paths].sort()) hash.update(await readFile(join(ROOT, path)))
  return hash.digest('hex').slice(0, 16)
}

/** Leaves out what earlier files have, and notes what is taken of them. */
function noting(home: ReadonlyMap<string, string>, { takes }: Pick<Planned, 'takes'>): Plugin {
  return {
    name: 'noting',
    setup: (build) => {
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...by }) => {
        if (by.kind === 'entry-point' || by.importer === '' || pluginData === RESOLVED) return undefined
        const resolved = await build.resolve(path, { ...by, pluginData: RESOLVED })
        const found =
          resolved.namespace === 'file' ? pathOf(resolved.path) : `${resolved.namespace}:${resolved.path}`
        const from = home.get(found)
        if (from === undefined) return resolved
        if (by.kind !== 'import-statement')
          throw new Error(`${by.importer} takes ${found}, which ${from} has, and no part can have it too`)
        const given = takes.get(from) ?? new Map<string, Set<string>>()
        takes.set(from, given)
        add(given, found, importedNames(await readFile(by.importer, 'utf8'), path))
        return { path: found, external: true }
      })
    },
  }
}

/** Takes what was noted from where it is. */
function taking(takes: ReadonlyMap<string, Given>): Plugin {
  return {
    name: 'taking',
    setup: (build) => {
      const namespace = 'taken'
      const fileByPath = new Map(
        [...takes].flatMap(([file, given]) => [...given.keys()].map((path) => [path, file])),
      )
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...by }) => {
        if (by.kind !== 'import-statement' || by.importer === '' || pluginData === RESOLVED) return undefined
        const resolved = await build.resolve(path, { ...by, pluginData: RESOLVED })
        const found = pathOf(resolved.path)
        return fileByPath.has(found) ? { path: found, namespace } : resolved
      })
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const file = fileByPath.get(path) ?? ''
        const names = [...(takes.get(file)?.get(path) ?? [])].sort()
        // Constants, because what is read from another module each time costs each time.
        return {
          contents: `const { ${names.map((name) => `${name}: own_${name}`).join(', ')} } = ${SHARED}['${file}'][${JSON.stringify(`${path}${TAKEN}`)}]
            export { ${names.map((name) => `own_${name} as ${name}`).join(', ')} }`,
          resolveDir: ROOT,
        }
      })
    },
  }
}

/** The names that `text` imports by one specifier, or exports again. */
export function importedNames(text: string, specifier: string): Set<string> {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest)
  const names = new Set<string>()
  for (const statement of source.statements) {
    const isImport = ts.isImportDeclaration(statement)
    if (!isImport && !ts.isExportDeclaration(statement)) continue
    const clause = isImport ? statement.importClause : undefined
    const isTypeOnly = isImport ? clause?.phaseModifier === ts.SyntaxKind.TypeKeyword : statement.isTypeOnly
    const { moduleSpecifier } = statement
    if (isTypeOnly || moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue
    if (moduleSpecifier.text !== specifier) continue
    const named = isImport ? clause?.namedBindings : statement.exportClause
    const isByNames = named !== undefined && (ts.isNamedImports(named) || ts.isNamedExports(named))
    if (!isByNames || clause?.name !== undefined)
      throw new Error(`'${specifier}' is imported other than by names, which a part cannot`)
    for (const element of named.elements)
      if (!element.isTypeOnly) names.add((element.propertyName ?? element.name).text)
  }
  return names
}

/** Loads the parts, and exports what users see and nothing that parts take. */
function firstFile(file: string, build: string): Wrapping {
  const getters = PARTS.map(
    (part) => `get '${part.file}'() {
      const { build, make } = require('./${part.file}')
      if (build !== '${build}')
        throw new Error('coherence-ts was replaced while this process was running; start it anew')
      const value = make(${SHARED})
      Object.defineProperty(${SHARED}, '${part.file}', { value })
      return value
    },`,
  )
  return {
    // A class that names itself is called differently in a bundle, which users would see where one is printed.
    banner: `"use strict";const ${SHARED} = { ${getters.join('')} };
    function ${PUBLISH}(exported, taken) {
      for (const [name, value] of Object.entries(exported))
        if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true })
      ${SHARED}['${file}'] = taken
      module.exports = Object.freeze(Object.defineProperty(exported, '__esModule', { value: true }))
    }`,
  }
}

/** In parentheses, where V8 reads a function only once: it is called at once. */
function functionOfParts(build: string): Wrapping {
  return {
    banner: `exports.build = '${build}';exports.make = (function (${SHARED}) { "use strict"; const module = { exports: {} };`,
    footer: 'return module.exports })',
  }
}

function add(given: Given, path: string, names: ReadonlySet<string>): void {
  given.set(path, new Set([...(given.get(path) ?? []), ...names]))
}

/** Relative to the root, as it is in esbuild's reports. */
function pathOf(file: string): string {
  return relative(ROOT, file).split(sep).join('/')
}

function fileOf(path: string): string {
  return JSON.stringify(join(ROOT, path))
}
