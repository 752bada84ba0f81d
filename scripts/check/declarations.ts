// What the declarations and the files in dist/ must be, so that a user's compiler sees the public surface and nothing
// of what is behind it.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { reachableDeclarations, referencesOf } from '../build/declaration-graph'
import { entryPoints, type EntryPoint, ROOT } from '../build/entry-points'
import { exportsOfDeclarations } from '../build/esm-wrapper'
import { anyTypesIn } from './no-any'

const DIST = join(ROOT, 'dist')

export async function faultsOfDeclarations(): Promise<string[]> {
  const entries = await entryPoints()
  const reachable = await reachableDeclarations(entries.flatMap(({ types, esmTypes }) => [types, esmTypes]))
  return [
    ...(await foreignReferences(reachable)),
    ...(await anyTypesIn(DIST)),
    ...(await unwantedTexts()),
    ...(await unreachableDeclarations(reachable)),
    ...entries.flatMap(missingInWrapper),
  ]
}

/** A user must not need the types of another package, nor see the generated code. */
async function foreignReferences(reachable: ReadonlySet<string>): Promise<string[]> {
  const references = await Promise.all([...reachable].map(referencesOf))
  return references.flat().flatMap(({ from, specifier, target }) => {
    const where = relative(ROOT, from)
    if (target === undefined) return [`${where} refers to ${specifier}, which is not of this package`]
    return target.startsWith(join(DIST, 'gen')) ? [`${where} refers to generated code, ${specifier}`] : []
  })
}

async function unwantedTexts(): Promise<string[]> {
  const faults: string[] = []
  for (const { parentPath, name } of await filesOfDist()) {
    const path = join(parentPath, name)
    const text = await readFile(path, 'utf8')
    const where = relative(ROOT, path)
    if (text.includes('sourceMappingURL=')) faults.push(`${where} points to a source map`)
    if (name.endsWith('.d.ts') && text.includes('@internal'))
      faults.push(`${where} declares something internal`)
    if (name.endsWith('.d.ts') && /\b(Buffer|NodeJS)\b/.test(text.replaceAll(/\/\*[^]*?\*\//g, ''))) {
      faults.push(`${where} names a type that only projects with the types of Node.js have`)
    }
  }
  return faults
}

async function unreachableDeclarations(reachable: ReadonlySet<string>): Promise<string[]> {
  return (await filesOfDist())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => /\.d\.[cm]?ts$/.test(path) && !reachable.has(path))
    .map((path) => `${relative(ROOT, path)} is reached from no entry point`)
}

function missingInWrapper({ subpath, types, esmTypes }: EntryPoint): string[] {
  const names = ({ values, types: declared }: ReturnType<typeof exportsOfDeclarations>): string =>
    `values ${values.join(', ')}; types ${declared.join(', ')}`
  const required = names(exportsOfDeclarations(types))
  const imported = names(exportsOfDeclarations(esmTypes))
  return required === imported ? [] : [`${subpath} exports ${imported} to import, but ${required} to require`]
}

async function filesOfDist(): Promise<{ readonly parentPath: string; readonly name: string }[]> {
  return (await readdir(DIST, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
}
