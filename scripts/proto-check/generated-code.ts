// Tells whether the code in gen/ is what buf makes of the contract.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { complaintsOfBuf, ROOT } from './buf'

/** Makes the code anew in a scratch folder; lists the files in gen/ that are not the same. */
export async function driftOfGeneratedCode(scratch: string): Promise<string[]> {
  const complaints = complaintsOfBuf('generate', '--output', scratch)
  return complaints.length > 0 ? complaints : differingFiles(join(ROOT, 'gen'), join(scratch, 'gen'))
}

async function differingFiles(committed: string, made: string): Promise<string[]> {
  const [ours, fresh] = await Promise.all([filesUnder(committed), filesUnder(made)])
  return [...new Set([...ours.keys(), ...fresh.keys()])].sort().flatMap((name) => {
    const before = ours.get(name)
    const after = fresh.get(name)
    if (before === undefined) return [`gen/${name} is missing`]
    if (after === undefined) return [`gen/${name} is not made from the contract`]
    return before.equals(after) ? [] : [`gen/${name} is out of date`]
  })
}

async function filesUnder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }): Promise<[string, Buffer]> => {
        const path = join(parentPath, name)
        return [relative(folder, path).split(sep).join('/'), await readFile(path)]
      }),
    ),
  )
}
