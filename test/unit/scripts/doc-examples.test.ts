// The code in the documentation is taken out as modules that can be compiled.
import { modulesOf } from '../../../scripts/check/doc-examples'

function block(...lines: string[]): string {
  return ['```ts', ...lines, '```', ''].join('\n')
}

describe('the code of a page', () => {
  it('begins a module where it imports, and continues it where it does not', () => {
    const page = `# Title\n${block("import 'a'", 'one()')}Text.\n${block('two()')}${block("import 'b'")}`
    expect(modulesOf('docs/some-page.md', page)).toEqual([
      { name: 'docs-some-page-1.mts', text: "import 'a'\none()\n\ntwo()\n\nexport {}\n" },
      { name: 'docs-some-page-2.mts', text: "import 'b'\n\nexport {}\n" },
    ])
  })

  it('in other languages is left alone', () => {
    expect(modulesOf('README.md', '```sh\nnpm ci\n```\n')).toEqual([])
  })
})
