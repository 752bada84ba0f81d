// Published declarations show what the entry points lead to and nothing else.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reachableDeclarations } from '../../../scripts/build/declaration-graph'
import { exportsOfDeclarations } from '../../../scripts/build/esm-wrapper'
import { keepPublicDeclarations } from '../../../scripts/build/public-declarations'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coherence-ts-declarations-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

function path(name: string): string {
  return join(folder, `${name}.d.ts`)
}

/** Writes the declaration files, reduces them to what `index` leads to and gives what is left of them. */
async function reduced(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text)
  await keepPublicDeclarations([path('index')])
  const reachable = await reachableDeclarations([path('index')])
  const left = Object.keys(files).filter((name) => reachable.has(path(name)))
  return Object.fromEntries(
    await Promise.all(
      left.map(async (name) => [name, (await readFile(path(name), 'utf8')).trim()] as [string, string]),
    ),
  )
}

describe('declarations', () => {
  it('of something private beside something public are dropped, with what they import', async () => {
    expect(
      await reduced({
        index: "export { Open } from './door';",
        door: [
          "import { Lock } from './lock';",
          "import { Wood } from './wood';",
          '/** What people see. */',
          'export interface Open { wood: Wood }',
          'export declare function lock(): Lock;',
        ].join('\n'),
        lock: 'export declare class Lock {}',
        wood: 'export type Wood = string;',
      }),
    ).toEqual({
      index: "export { Open } from './door';",
      door: [
        "import { Wood } from './wood';",
        '/** What people see. */',
        'export interface Open { wood: Wood }',
      ].join('\n'),
      wood: 'export type Wood = string;',
    })
  })

  it('that a file does not export are kept where an exported one names them', async () => {
    const shape = 'interface Hidden { a: 1 }\nexport type Shown = Hidden;\nexport {};'
    expect(
      await reduced({
        index: "export type { Shown } from './shape';",
        shape: `interface Other { b: 2 }\n${shape}`,
      }),
    ).toEqual({ index: "export type { Shown } from './shape';", shape })
  })

  it('of a namespace are all kept', async () => {
    const files = {
      index: "export * as Filters from './filters';",
      filters: 'export declare function all(): void;\nexport declare function any(): void;',
    }
    expect(await reduced(files)).toEqual(files)
  })

  it('are followed through files that only pass them on, and types written as imports', async () => {
    const files = {
      index: "export { A } from './between';",
      between: "export { A } from './a';",
      a: "export interface A { b: import('./b').B }",
      b: 'export interface B { c: 1 }',
    }
    expect(
      await reduced({ ...files, between: "export { A } from './a';\nexport { C } from './c';" }),
    ).toEqual(files)
  })
})

describe('the names that declarations export', () => {
  it('are told apart: values and types', async () => {
    await writeFile(
      path('a'),
      'export declare class A {}\nexport interface B {}\nexport declare const c = 1;',
    )
    await writeFile(
      path('index'),
      "export { A, B, c } from './a';\nexport type { A as OnlyType } from './a';",
    )
    expect(exportsOfDeclarations(path('index'))).toEqual({ values: ['A', 'c'], types: ['B', 'OnlyType'] })
  })
})
