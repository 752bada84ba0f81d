// Jest runs this once before the conformance suites.
import { provideSharedServer } from './shared-server'

export default async function globalSetup(): Promise<void> {
  await provideSharedServer()
}
