// What is known to differ between the servers is on the page for users.
import { pageWithDifferences } from '../../scripts/known-differences'

it('the page on testing has the table of known differences', async () => {
  const { is, wanted } = await pageWithDifferences()
  expect(is).toBe(wanted)
})
