// Writes the ESM wrapper of an entry point: every export of the CommonJS implementation, by name. It imports the
// implementation by way of a file that does nothing but require it: Node.js looks through a CommonJS file that is
// imported for the names that it exports, which takes twice the time of loading this one, and looks no further.
import { writeFile } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import ts from 'typescript'
import type { EntryPoint } from './entry-points'

/** What an entry point's declarations export. */
export interface ExportedNames {
  /** What exists when the program runs. */
  readonly values: readonly string[]
  readonly types: readonly string[]
}

export async function writeEsmWrapper({ implementation, types, esm, esmTypes }: EntryPoint): Promise<void> {
  const values = exportsOfImplementation(implementation)
  const declared = exportsOfDeclarations(types)
  if (values.join() !== declared.values.join()) {
    throw new Error(
      `The declarations of ${implementation} export ${declared.values.join(', ')}, its code ${values.join(', ')}`,
    )
  }
  const bridge = esm.replace(/\.mjs$/, '.esm.js')
  const required = relativeModule(bridge, implementation)
  // As one statement, Node.js would recognise it and look on.
  await writeFile(bridge, `const implementation = require('${required}')\nmodule.exports = implementation\n`)
  await writeFile(
    esm,
    `import implementation from '${relativeModule(esm, bridge)}'\nexport const { ${values.join(', ')} } = implementation\n`,
  )
  const from = relativeModule(esmTypes, types.replace(/\.d\.ts$/, '.js'))
  const typeNames =
    declared.types.length === 0 ? '' : `export type { ${declared.types.join(', ')} } from '${from}'\n`
  await writeFile(esmTypes, `export { ${values.join(', ')} } from '${from}'\n${typeNames}`)
}

/** The names a CommonJS module exports, sorted. */
export function exportsOfImplementation(file: string): string[] {
  // The build loads what it has just made.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return Object.keys(require(file) as object).sort()
}

/** The names a declaration file exports, sorted. */
export function exportsOfDeclarations(file: string): ExportedNames {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    noEmit: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} is no module`)
  const values: string[] = []
  const types: string[] = []
  for (const symbol of checker.getExportsOfModule(module)) {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) === true
    ;(meant.flags & ts.SymbolFlags.Value && !isTypeOnly ? values : types).push(symbol.name)
  }
  return { values: values.sort(), types: types.sort() }
}

function relativeModule(from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join('/')
  return path.startsWith('.') ? path : `./${path}`
}
