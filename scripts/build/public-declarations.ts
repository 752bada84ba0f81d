// Reduces the declarations in dist/ to what the entry points lead to, name by name: a file that declares a public type
// beside private ones keeps only the public one, and what only the private ones import is not imported any more.
import { writeFile } from 'node:fs/promises'
import ts from 'typescript'

type Specifier =
  ts.ImportSpecifier | ts.ExportSpecifier | ts.ImportClause | ts.NamespaceImport | ts.NamespaceExport

/** Rewrites the given declaration files and those they lead to. */
export async function keepPublicDeclarations(entries: readonly string[]): Promise<void> {
  const program = ts.createProgram([...entries], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
  })
  const walk = new PublicWalk(program)
  for (const entry of entries) walk.enter(entry)
  for (const file of walk.files) await writeFile(file.fileName, walk.textOf(file))
}

class PublicWalk {
  readonly files = new Set<ts.SourceFile>()
  readonly #program: ts.Program
  readonly #checker: ts.TypeChecker
  readonly #symbols = new Set<ts.Symbol>()
  readonly #statements = new Set<ts.Statement>()
  readonly #specifiers = new Set<Specifier>()

  constructor(program: ts.Program) {
    this.#program = program
    this.#checker = program.getTypeChecker()
  }

  enter(entry: string): void {
    const file = this.#program.getSourceFile(entry)
    const module = file === undefined ? undefined : this.#checker.getSymbolAtLocation(file)
    if (module === undefined) throw new Error(`${entry} is no module`)
    this.#keepSymbol(module)
  }

  textOf(file: ts.SourceFile): string {
    return (
      file.statements
        .map((statement) => this.#statementText(statement, file))
        .join('')
        .trimStart() + '\n'
    )
  }

  #keepSymbol(symbol: ts.Symbol): void {
    if (this.#symbols.has(symbol)) return
    this.#symbols.add(symbol)
    for (const declaration of symbol.declarations ?? []) this.#keepDeclaration(declaration)
    if (symbol.flags & ts.SymbolFlags.Alias) {
      const next = this.#checker.getImmediateAliasedSymbol(symbol)
      if (next !== undefined) this.#keepSymbol(next)
    } else if (symbol.flags & ts.SymbolFlags.Module) {
      for (const exported of this.#checker.getExportsOfModule(symbol)) this.#keepSymbol(exported)
    }
  }

  #keepDeclaration(declaration: ts.Node): void {
    const file = declaration.getSourceFile()
    if (file.fileName.includes('/node_modules/')) return
    this.files.add(file)
    if (isSpecifier(declaration)) this.#specifiers.add(declaration)
    else if (!ts.isSourceFile(declaration)) this.#keepStatement(statementOf(declaration))
  }

  #keepStatement(statement: ts.Statement): void {
    if (this.#statements.has(statement)) return
    this.#statements.add(statement)
    const visit = (node: ts.Node): void => {
      const symbol = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined
      if (symbol !== undefined) this.#keepSymbol(symbol)
      ts.forEachChild(node, visit)
    }
    visit(statement)
  }

  #statementText(statement: ts.Statement, file: ts.SourceFile): string {
    if (ts.isImportDeclaration(statement)) return this.#importText(statement, file)
    if (ts.isExportDeclaration(statement)) return this.#exportText(statement, file)
    return this.#statements.has(statement) ? statement.getFullText(file) : ''
  }

  #importText(statement: ts.ImportDeclaration, file: ts.SourceFile): string {
    const clause = statement.importClause
    const bindings = clause?.namedBindings
    if (clause === undefined || bindings === undefined) return ''
    const type = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type ' : ''
    const from = `from ${statement.moduleSpecifier.getText(file)};`
    if (ts.isNamespaceImport(bindings)) {
      return this.#specifiers.has(bindings) ? `\nimport ${type}${bindings.getText(file)} ${from}` : ''
    }
    const names = bindings.elements.filter((element) => this.#specifiers.has(element))
    if (names.length === 0) return ''
    return `\nimport ${type}{ ${names.map((name) => name.getText(file)).join(', ')} } ${from}`
  }

  #exportText(statement: ts.ExportDeclaration, file: ts.SourceFile): string {
    const clause = statement.exportClause
    if (clause === undefined || ts.isNamespaceExport(clause) || clause.elements.length === 0) {
      return statement.getFullText(file)
    }
    const names = clause.elements.filter((element) => this.#specifiers.has(element))
    if (names.length === 0) return ''
    const from =
      statement.moduleSpecifier === undefined ? '' : ` from ${statement.moduleSpecifier.getText(file)}`
    const list = names.map((name) => name.getText(file)).join(', ')
    return `\nexport ${statement.isTypeOnly ? 'type ' : ''}{ ${list} }${from};`
  }
}

function isSpecifier(node: ts.Node): node is Specifier {
  return (
    ts.isImportSpecifier(node) ||
    ts.isExportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node) ||
    ts.isNamespaceExport(node)
  )
}

function statementOf(node: ts.Node): ts.Statement {
  let statement = node
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent
  return statement as ts.Statement
}
