// The size and shape of src/: what a reader can still hold in mind.
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ROOT } from '../entry-points'

const MOST_LINES = 400
const MOST_LINES_OF_CODE = 350
const MOST_FILES = 24

/** The files of a folder that are too long, and the folders in it that have too many files. */
export async function faultsOfShape(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
  const faults: string[] = []
  const filesOf = new Map<string, number>()
  for (const path of paths) {
    filesOf.set(dirname(path), (filesOf.get(dirname(path)) ?? 0) + 1)
    const text = await readFile(path, 'utf8')
    const lines = text.trimEnd().split('\n').length
    const code = linesOfCode(text)
    const name = relative(ROOT, path)
    if (lines > MOST_LINES) faults.push(`${name} has ${lines} lines, more than ${MOST_LINES}`)
    if (code > MOST_LINES_OF_CODE)
      faults.push(`${name} has ${code} lines of code, more than ${MOST_LINES_OF_CODE}`)
  }
  for (const [path, files] of filesOf) {
    if (files > MOST_FILES) faults.push(`${relative(ROOT, path)} has ${files} files, more than ${MOST_FILES}`)
  }
  return faults
}

/** Lines that are neither blank nor a comment alone. */
export function linesOfCode(text: string): number {
  const withoutBlocks = text.replaceAll(/\/\*.*?\*\//gs, '')
  return withoutBlocks.split('\n').filter((line) => /\S/.test(line) && !/^\s*\/\//.test(line)).length
}
