// The tests of vitest that tests of jest run.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['*.vitest.ts'], testTimeout: 40_000 } })
