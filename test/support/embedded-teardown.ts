// Jest runs this once after the suites that run on the embedded server. It writes what is known to differ into the
// documentation.
import { writeDifferences } from '../../scripts/known-differences'
import { embedded } from './embedded-server'

export default async function tearDown(): Promise<void> {
  await embedded.server?.stop()
  await writeDifferences()
}
