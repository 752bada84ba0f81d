// Finds every `any` that is written down, also where a comment tells the linter to look away.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../entry-points'

/** The places in the TypeScript files of a folder where the type `any` stands, as `file:line`. */
export async function anyTypesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?ts$/.test(entry.name))
  const found = await Promise.all(files.map(({ parentPath, name }) => anyTypesOf(join(parentPath, name))))
  return found.flat().sort()
}

async function anyTypesOf(path: string): Promise<string[]> {
  const file = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
      found.push(`${relative(ROOT, path)}:${line + 1} has the type any`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
