// Warnings of the process, which tests must not cause.

/** The warnings while `work` runs, and until what it caused has been told. */
export async function warningsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = []
  const process = processOfTheRun()
  const warned = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', warned)
  try {
    await work()
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('warning', warned)
  }
  return warnings
}

/** The one that is told of warnings; the one that tests see is a copy. */
function processOfTheRun(): NodeJS.Process {
  const { processOfTheRun: found } = globalThis as { processOfTheRun?: NodeJS.Process }
  if (found === undefined) throw new Error('The test environment does not give its process')
  return found
}
