// What a part of the bundle takes from other files, told by the imports of its modules.
import { importedNames } from '../../../scripts/build/parts'

describe('the names that a module imports', () => {
  it.each<[what: string, text: string, names: string[]]>([
    ['by themselves', `import { a, b } from './x'`, ['a', 'b']],
    ['under other names', `import { a as own } from './x'`, ['a']],
    ['without types among them', `import { type T, a } from './x'`, ['a']],
    ['without types alone', `import type { T } from './x'`, []],
    ['to export them again', `export { a as b } from './x'`, ['a']],
    ['by several statements', `import { a } from './x'\nexport { b } from './x'`, ['a', 'b']],
    ['without those of others', `import { a } from './y'`, []],
  ])('are found %s', (_what, text, names) => {
    expect([...importedNames(text, './x')]).toEqual(names)
  })

  it.each([
    `import * as all from './x'`,
    `import preset from './x'`,
    `import preset, { a } from './x'`,
    `import './x'`,
    `export * from './x'`,
  ])('cannot be told of %s', (text) => {
    expect(() => importedNames(text, './x')).toThrow("'./x' is imported other than by names")
  })
})
