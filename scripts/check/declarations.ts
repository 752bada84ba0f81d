// What the files in dist/ must be, so that a user's compiler sees the public surface and nothing of what is behind it,
// and so that all forms of an entry point export the same.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { entryPoints, type EntryPoint, ROOT } from '../entry-points'
import { anyTypesIn } from './no-any'

const DIST = join(ROOT, 'dist')

export async function faultsOfDeclarations(): Promise<string[]> {
  const exported = (await entryPoints()).map(differencesOfExports)
  return [...(await unwantedTexts()), ...(await anyTypesIn(DIST)), ...(await Promise.all(exported)).flat()]
}

async function unwantedTexts(): Promise<string[]> {
  const faults: string[] = []
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true })
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name)
    const text = await readFile(path, 'utf8')
    const where = relative(ROOT, path)
    if (text.includes('sourceMappingURL=')) faults.push(`${where} points to a source map`)
    if (!name.endsWith('.d.ts')) continue
    if (text.includes('@internal')) faults.push(`${where} declares something internal`)
    if (/\b(Buffer|NodeJS)\b/.test(text.replaceAll(/\/\*[^]*?\*\//g, ''))) {
      faults.push(`${where} names a type that only projects with the types of Node.js have`)
    }
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.'))
        faults.push(`${where} refers to ${fileName}, which is not of this package`)
    }
  }
  return faults
}

async function differencesOfExports({ name, code, types, modules }: EntryPoint): Promise<string[]> {
  const declared = await declaredValues(types)
  const loaded: Record<string, object> = {
    require: (await import(code)) as object,
    import: (await import(pathToFileURL(modules).href)) as object,
  }
  return Object.entries(loaded).flatMap(([form, namespace]) => {
    const values = Object.keys(namespace).filter((value) => value !== 'default')
    const names = values.sort().join(', ')
    return names === declared ? [] : [`${name} exports ${names} to ${form}, but declares ${declared}`]
  })
}

/** The names that exist when a program runs. */
async function declaredValues(path: string): Promise<string> {
  const file = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest)
  const names = file.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    !statement.isTypeOnly &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text)
      : [],
  )
  return names.sort().join(', ')
}
