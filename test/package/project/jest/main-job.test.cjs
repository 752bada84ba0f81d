const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { mainJob } = require('../cjs/main-job.js')

test('does the main job', async () => {
  const expected = readFileSync(join(__dirname, '..', 'expected.txt'), 'utf8')
  const said = await mainJob({ address: process.env.MAIN_JOB_ADDRESS }, `jest-${process.pid}`)
  expect([...said, 'ended by itself', ''].join('\n')).toBe(expected)
})
