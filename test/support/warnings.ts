// Warnings of the process, which tests must not cause.

/** The warnings while `work` runs, and until what it caused has been told. */
export async function warningsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = []
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
