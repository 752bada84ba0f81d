export default { test: { globals: true, include: ['vitest/*.test.mjs'] } }
