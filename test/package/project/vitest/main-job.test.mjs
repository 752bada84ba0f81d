import { readFile } from 'node:fs/promises'
import { mainJob } from '../esm/main-job.js'

test('does the main job', async () => {
  const expected = await readFile('expected.txt', 'utf8')
  const said = await mainJob({ address: process.env.MAIN_JOB_ADDRESS }, `vitest-${process.pid}`)
  expect([...said, 'ended by itself', ''].join('\n')).toBe(expected)
})
