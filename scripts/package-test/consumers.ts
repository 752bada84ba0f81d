// Who uses the package, row by row: runtimes, test runners, bundlers and compilers.
import { bundles } from './bundles'
import { type Consumer, GRPC_JS, PROGRAMS } from './consumer'
import type { NodeRelease } from './node-releases'
import type { Command, Tools } from './tools'
import { typescriptConsumers } from './typescript-consumers'

export function consumers(tools: Tools, releases: readonly NodeRelease[]): Consumer[] {
  return [
    ...releases.flatMap(nodeConsumers),
    ...otherRuntimes(tools),
    ...testRunners(tools),
    ...bundles(tools),
    ...typescriptConsumers(tools),
  ]
}

function nodeConsumers({ name, path }: NodeRelease, index: number): Consumer[] {
  const node = `Node.js ${name}`
  const every: Consumer[] = [
    { name: `${node}, import`, runs: [[path, PROGRAMS.import]] },
    { name: `${node}, require`, runs: [[path, PROGRAMS.require]] },
    { name: `${node}, import and require`, runs: [[path, PROGRAMS.names]] },
  ]
  const first: Consumer[] = [
    { name: `${node}, two copies`, runs: [[path, PROGRAMS.twoCopies]] },
    { name: `${node}, import, grpc-js`, runs: [[path, PROGRAMS.import]], env: GRPC_JS },
    { name: `${node}, require, grpc-js`, runs: [[path, PROGRAMS.require]], env: GRPC_JS },
  ]
  return index === 0 ? [...every, ...first] : every
}

function otherRuntimes(tools: Tools): Consumer[] {
  const tsx = (program: string): Command => tools.command('tsx', 'tsx', program)
  const deno = (program: string): Command => tools.deno('run', '--allow-all', program)
  return [
    { name: 'tsx', runs: [tsx('sources/esm/program.ts'), tsx('sources/cjs/program.ts')] },
    { name: 'Bun, import', runs: [tools.bun(PROGRAMS.import)] },
    { name: 'Bun, require', runs: [tools.bun(PROGRAMS.require)] },
    { name: 'Bun, import and require', runs: [tools.bun(PROGRAMS.both)] },
    { name: 'Deno, import', runs: [deno(PROGRAMS.import)] },
    { name: 'Deno, require', runs: [deno(PROGRAMS.require)] },
    { name: 'Deno, import and require', runs: [deno(PROGRAMS.both)] },
  ]
}

function testRunners(tools: Tools): Consumer[] {
  const vitest = (config: string): Command => tools.command('vitest', 'vitest', 'run', `--config=${config}`)
  const passed = (tests: number): RegExp => new RegExp(`^\\s*Tests:?\\s+${tests} passed`, 'm')
  return [
    {
      name: 'jest',
      runs: [tools.command('jest', 'jest', '--config=jest/jest.config.json')],
      says: passed(3),
    },
    { name: 'vitest', runs: [vitest('vitest/vitest.config.mjs')], says: passed(2) },
    { name: 'vitest, the library inlined', runs: [vitest('vitest/inlined.config.mjs')], says: passed(2) },
    {
      name: 'node:test',
      runs: [[process.execPath, '--test', 'testing/stock.node.test.mjs']],
      hasOwnServer: true,
      says: /^\S+ pass 1$/m,
    },
  ]
}
