// Writes the reports of the public API anew.
import { faultsOfApiReports } from './api-report'

async function main(): Promise<void> {
  const faults = await faultsOfApiReports(true)
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}

void main()
