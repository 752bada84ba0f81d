export default { test: { globals: true, include: ['vitest/*.test.mjs', 'testing/*.vitest.test.mjs'] } }
