// What a user's compiler reads of the package: the declarations that can be reached from an entry point.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** One reference of a declaration file to something else. */
export interface Reference {
  readonly from: string
  readonly specifier: string
  /** The declaration file of this package that it names, `undefined` where it names anything else. */
  readonly target: string | undefined
}

/** The given declarations and all that they refer to inside the package. */
export async function reachableDeclarations(entries: readonly string[]): Promise<Set<string>> {
  const reached = new Set(entries)
  // The set grows while it is walked.
  for (const file of reached) {
    for (const { target } of await referencesOf(file)) if (target !== undefined) reached.add(target)
  }
  return reached
}

/** What a declaration file imports, re-exports or refers to. */
export async function referencesOf(file: string): Promise<Reference[]> {
  const source = ts.createSourceFile(file, await readFile(file, 'utf8'), ts.ScriptTarget.Latest)
  const specifiers = [...source.typeReferenceDirectives, ...source.referencedFiles].map(
    ({ fileName }) => fileName,
  )
  const visit = (node: ts.Node): void => {
    const module = moduleOf(node)
    if (module !== undefined && ts.isStringLiteral(module)) specifiers.push(module.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return specifiers.map((specifier) => reference(file, specifier))
}

function moduleOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isExternalModuleReference(node)) return node.expression
  return ts.isModuleDeclaration(node) ? node.name : undefined
}

function reference(from: string, specifier: string): Reference {
  const isRelative = specifier.startsWith('./') || specifier.startsWith('../')
  return { from, specifier, target: isRelative ? declarationOf(join(dirname(from), specifier)) : undefined }
}

function declarationOf(module: string): string {
  if (/\.d\.[cm]?ts$/.test(module)) return module
  return module.endsWith('.js') ? module.replace(/\.js$/, '.d.ts') : `${module}.d.ts`
}
