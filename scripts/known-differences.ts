// The table of what the embedded server does otherwise, in docs/testing.md. It is made of the tests that fail there.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KNOWN_DIFFERENCES as OF_PROGRAMS } from '../test/conformance/embedded/known-differences'
import { KNOWN_DIFFERENCES } from '../test/support/known-differences'
import { ROOT } from './entry-points'

const PAGE = join(ROOT, 'docs', 'testing.md')
const PLACE = /(<!-- known differences -->\n)[^]*(<!-- end of known differences -->)/

/** The page with the table as it has to be. */
export async function pageWithDifferences(): Promise<{ readonly is: string; readonly wanted: string }> {
  const is = await readFile(PAGE, 'utf8')
  const ofSuites = KNOWN_DIFFERENCES.map(
    ({ reason, tests }) => `| ${reason} | the tests of ${areaOf(tests)} |`,
  )
  const ofPrograms = OF_PROGRAMS.map(({ what, reason }) => `| ${what}: ${reason} | random programs |`)
  const rows = [...ofSuites, ...ofPrograms].map((row) =>
    row.replace(/^\| (\w)/, (_, first: string) => `| ${first.toUpperCase()}`),
  )
  const table = ['', '| difference | seen in |', '| --- | --- |', ...rows, '', ''].join('\n')
  return { is, wanted: is.replace(PLACE, (_, begin: string, end: string) => `${begin}${table}${end}`) }
}

/** Writes the table where it is not the one that has to be there. */
export async function writeDifferences(): Promise<void> {
  const { is, wanted } = await pageWithDifferences()
  if (is !== wanted) await writeFile(PAGE, wanted)
}

/** What the tests are about: the first parts of their names. */
function areaOf(tests: readonly string[]): string {
  return [...new Set(tests.map((name) => name.split(' >')[0]))].join(', ')
}
