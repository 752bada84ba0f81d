// Takes the code out of the documentation, the docstrings of the sources included, as programs that can be compiled and
// run, and finds the code that is none.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../entry-points'

const FENCE = /^(\s*)(```+|~~~+)\s*(\S*)/
const IMPORT = /^import /m
/** With these words a page says of the block below them that the others go on from it. */
const SET_UP = /\bbegin\s+with\s+this\s+one:\s*$/
const PRINTED = /\/\/ prints ?(.*)$/gm
const NPM_SCRIPT = /\bnpm (?:run ([\w:-]+)|(test)\b)/g

/** A block of TypeScript that is a program: with its own imports, or with those of the set-up of its page before it. */
export interface DocProgram {
  /** Such as `docs/queries.md:57`. */
  readonly where: string
  /** A name for its file, such as `docs-queries-57.mts`. */
  readonly name: string
  readonly text: string
  /** The lines that it prints, where it says so in comments of the form `// prints …`. */
  readonly prints: readonly string[] | undefined
}

export interface DocExamples {
  readonly programs: readonly DocProgram[]
  /** Code that can be no program, each with its place and what to do. */
  readonly faults: readonly string[]
}

interface Block {
  readonly where: string
  readonly line: number
  readonly language: string
  readonly code: string
  readonly isSetUp: boolean
}

/** The code in README.md, the pages of docs/, and the docstrings of src/. */
export function docExamples(): DocExamples {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  const texts = [
    ...['README.md', ...pages.map((name) => `docs/${name}`)].map((page) => [page, read(page)] as const),
    ...sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [`src/${name}`, docstringsOf(read(`src/${name}`))] as const),
  ]
  const found = texts.map(([path, text]) => examplesOf(path, text, Object.keys(scripts)))
  return {
    programs: found.flatMap(({ programs }) => programs),
    faults: found.flatMap(({ faults }) => faults),
  }
}

/** The docstrings of a source as Markdown, each line in its place. */
export function docstringsOf(source: string): string {
  const lines = source.split('\n').map((line) => /^ *\* ?(.*)$/.exec(line)?.[1] ?? '')
  return lines.map((line) => (line === '/' ? '' : line)).join('\n')
}

/** The code of one page; `npmScripts` are those that its commands may run. */
export function examplesOf(page: string, markdown: string, npmScripts: readonly string[]): DocExamples {
  const programs: DocProgram[] = []
  const faults: string[] = []
  let setUp = ''
  for (const block of blocksOf(page, markdown)) {
    const { where, language, code } = block
    if (language === 'sh') {
      faults.push(
        ...unknownScripts(code, npmScripts).map(
          (name) => `${where} runs the npm script '${name}', which does not exist`,
        ),
      )
    } else if (language !== 'ts') {
      faults.push(
        `${where} is a block of '${language}': write 'ts' for programs and 'sh' for commands, without indentation`,
      )
    } else if (IMPORT.test(code) || setUp !== '') {
      programs.push(programOf(page, block, IMPORT.test(code) ? code : `${setUp}\n${code}`))
      if (block.isSetUp) setUp = code
    } else {
      faults.push(
        `${where} imports nothing: give it its imports, or the page a block that the others 'begin with'`,
      )
    }
  }
  return { programs, faults }
}

function programOf(page: string, { where, line }: Block, text: string): DocProgram {
  const stem = page.replace(/\.(md|ts)$/, '').replaceAll(/[^\w-]+/g, '-')
  const lines = [...text.matchAll(PRINTED)].map(([, printed = '']) => printed)
  return { where, name: `${stem}-${line}.mts`, text, prints: lines.length === 0 ? undefined : lines }
}

function unknownScripts(code: string, npmScripts: readonly string[]): string[] {
  const names = [...code.matchAll(NPM_SCRIPT)].map(([, script, test]) => script ?? test ?? '')
  return names.filter((name) => !npmScripts.includes(name))
}

/** All fenced blocks; one that is indented is of the language '(indented)', which is none. */
function blocksOf(page: string, markdown: string): Block[] {
  const blocks: Block[] = []
  const lines = markdown.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [, indentation = '', fence = '', language = ''] = FENCE.exec(lines[index] ?? '') ?? []
    if (fence === '') continue
    const begin = index + 1
    do index++
    while (index < lines.length && lines[index]?.trim() !== fence)
    blocks.push({
      where: `${page}:${begin}`,
      line: begin,
      language: indentation === '' ? language : '(indented)',
      code: `${lines.slice(begin, index).join('\n')}\n`,
      isSetUp: SET_UP.test(lines.slice(0, begin - 1).join('\n')),
    })
  }
  return blocks
}
