// What a package must hold and may hold, and what its code must not have, since tools that lay it out anew would change
// what it says.
import { readdir, readFile } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import ts from 'typescript'

const DOCUMENTS = ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/THIRD_PARTY_LICENSES.txt']
const ALLOWED = [
  /^dist\/(?:esm\/)?chunks\/(?:testing\/)?[\w-]+\.(?:m?js|d\.ts)$/,
  /^docs\/[\w-]+\.(?:md|svg)$/,
]

/** What is wrong with the files of the package that is installed in `folder`. */
export async function faultsOfContents(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
  const code = files.filter((path) => /\.m?js$/.test(path))
  const broken = await Promise.all(code.map((path) => stringsOverLines(folder, path)))
  const wanted = ['package.json', ...DOCUMENTS, ...(await entryFiles(folder))]
  return [
    ...wanted.filter((path) => !files.includes(path)).map((path) => `${path} is not in the package`),
    ...files
      .filter((path) => !wanted.includes(path) && !ALLOWED.some((pattern) => pattern.test(path)))
      .map((path) => `${path} should not be in the package`),
    ...broken.flat(),
  ]
}

/** The files that package.json names. */
async function entryFiles(folder: string): Promise<string[]> {
  const { main, types, exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  const named = [main, types, exports].flatMap(pathsIn)
  return [...new Set(named.map((path) => posix.normalize(path)))]
}

function pathsIn(target: unknown): string[] {
  if (typeof target === 'string') return [target]
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(pathsIn) : []
}

/** Strings that go on in the next line: where a tool indents that, it becomes a part of them. Templates are safe. */
async function stringsOverLines(folder: string, path: string): Promise<string[]> {
  const text = await readFile(join(folder, path), 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const start = node.getStart(file)
    if (ts.isStringLiteral(node) && /[\r\n]/.test(text.slice(start, node.end))) {
      const { line } = file.getLineAndCharacterOfPosition(start)
      found.push(`${path}:${line + 1} has a string over several lines`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
