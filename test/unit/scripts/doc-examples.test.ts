// The code in the documentation is taken out as programs that can be compiled and run.
import { docExamples, docstringsOf, examplesOf } from '../../../scripts/check/doc-examples'

function block(language: string, ...lines: string[]): string {
  return ['```' + language, ...lines, '```', ''].join('\n')
}

describe('a block of TypeScript', () => {
  it('that imports is a program', () => {
    const page = `# Title\n\n${block('ts', "import 'a'", 'one()')}`
    expect(examplesOf('docs/some-page.md', page, [])).toEqual({
      programs: [
        {
          where: 'docs/some-page.md:3',
          name: 'docs-some-page-3.mts',
          text: "import 'a'\none()\n",
          prints: undefined,
        },
      ],
      faults: [],
    })
  })

  it('that does not import begins with the set-up of its page, and with nothing else', () => {
    const page = [
      'Each of the blocks below begins\nwith this one, as all begin with this one:\n',
      block('ts', "import 'set-up'"),
      block('ts', 'one()'),
      block('ts', "import 'b'"),
      block('ts', 'two()'),
    ].join('\n')
    expect(examplesOf('README.md', page, []).programs.map(({ text }) => text)).toEqual([
      "import 'set-up'\n",
      "import 'set-up'\n\none()\n",
      "import 'b'\n",
      "import 'set-up'\n\ntwo()\n",
    ])
  })

  it('that does not import is a fault on a page without a set-up', () => {
    const page = `Text.\n\n${block('ts', "import 'a'")}\nText.\n\n${block('ts', 'one()')}`
    expect(examplesOf('README.md', page, []).faults).toEqual([
      "README.md:9 imports nothing: give it its imports, or the page a block that the others 'begin with'",
    ])
  })

  it('says in comments what it prints', () => {
    const page = block(
      'ts',
      "import 'a'",
      'one() // prints 1',
      '// prints { a: 2 }',
      '// prints',
      '// Prints it.',
    )
    expect(examplesOf('README.md', page, []).programs.map(({ prints }) => prints)).toEqual([
      ['1', '{ a: 2 }', ''],
    ])
  })
})

describe('a block of commands', () => {
  it('is no program, and names scripts that there are', () => {
    const page = block('sh', 'npm ci && npm run demo', 'npm test', 'npm run planted')
    expect(examplesOf('README.md', page, ['demo', 'test'])).toEqual({
      programs: [],
      faults: ["README.md:1 runs the npm script 'planted', which does not exist"],
    })
  })
})

describe('a block that would be left out', () => {
  it.each([
    ['for its language', block('typescript', "import 'a'"), 'typescript'],
    ['for having none', block('', "import 'a'"), ''],
    [
      'for its indentation',
      `- item\n\n  ${block('ts', "import 'a'").replaceAll('\n', '\n  ')}`,
      '(indented)',
    ],
    ['for its fence', block('ts', "import 'a'").replaceAll('```', '~~~') + block('js', '1'), 'js'],
  ])('%s is a fault', (_why, page, language) => {
    const { faults } = examplesOf('README.md', page, [])
    expect(faults).toEqual([expect.stringContaining(`is a block of '${language}': write 'ts' for programs`)])
  })
})

describe('a docstring', () => {
  const source = [
    '/** One line. */',
    'export class Thing {',
    '  /**',
    '   * Does it.',
    '   *',
    '   * @example',
    ...block('ts', "import 'a'", '', 'one()')
      .trimEnd()
      .split('\n')
      .map((line) => `   * ${line}`),
    '   */',
    '  one(): number {',
    '    return 5',
    '      * 2',
    '  }',
    '}',
  ].join('\n')

  it('has its examples in their places', () => {
    expect(examplesOf('src/cache/thing.ts', docstringsOf(source), [])).toEqual({
      programs: [
        {
          where: 'src/cache/thing.ts:7',
          name: 'src-cache-thing-7.mts',
          text: "import 'a'\n\none()\n",
          prints: undefined,
        },
      ],
      faults: [],
    })
  })
})

describe('the documentation of this library', () => {
  it('has no code that is neither a program nor a command', () => {
    const { programs, faults } = docExamples()
    expect(faults).toEqual([])
    expect(programs.map(({ where }) => where)).toContainEqual(expect.stringMatching(/^README\.md:/))
    expect(programs.map(({ where }) => where)).toContainEqual(expect.stringMatching(/^src\/errors\.ts:/))
  })
})
