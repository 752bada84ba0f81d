// A hundred thousand entries are iterated in the memory of a few, by a consumer that takes its time, while other calls
// are answered; and an iteration that is left after ten entries ends the work.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serverAddress } from '../../support/conformance'
import { describeMaps } from '../../support/maps'

const ENTRIES = 100_000
const PROGRAM = join(__dirname, 'iteration-memory.ts')

describeMaps('iterating 100,000 entries', (open) => {
  it('takes no more than 40 MB, and holds up no other call', async () => {
    const map = await open<number, string>()
    await map.setAll(
      Array.from({ length: ENTRIES }, (_, key) => [key, `value ${key} ${'x'.repeat(80)}`] as const),
    )
    const node = ['--expose-gc', '--import', 'tsx', PROGRAM, serverAddress(), map.name]
    const { stdout } = await promisify(execFile)(process.execPath, node, {
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    const seen = JSON.parse(stdout) as { count: number; answered: number; grownMegabytes: number }
    expect(seen).toMatchObject({ count: ENTRIES, answered: ENTRIES / 1_000 })
    expect(seen.grownMegabytes).toBeLessThanOrEqual(40)
  })
})
