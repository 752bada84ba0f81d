// The measured process: one client, one workload, one line of JSON. Loads nothing but the client that it measures.
import type { OpenClient } from './client'
import type { Job, Result } from './job'

async function run(client: string, job: Job): Promise<Result> {
  const { open } = (await import(`./${client}`)) as { readonly open: OpenClient }
  const { workload, warmUpSeconds, seconds } = job
  const opened = await open(job.module, job.address, job.mapName)
  if (workload.operation === 'first') {
    const value = await opened.get('key-1')
    if (value?.age !== 42) throw new Error(`A wrong value came: ${JSON.stringify(value)}`)
    return startUsage()
  }
  const { measureCalls, measureIteration, measureSoak } = await import('./loop.js')
  switch (workload.operation) {
    case 'iterate':
      return measureIteration(opened, workload)
    case 'soak':
      return measureSoak(opened, workload)
    case 'get':
    case 'set':
    case 'getAll':
    case 'setAll':
      return measureCalls(opened, workload, warmUpSeconds, seconds)
  }
}

function startUsage(): Result {
  const { user, system } = process.cpuUsage()
  return { startCpuMillis: (user + system) / 1_000 }
}

async function main([, , client = '', job = '']: readonly string[]): Promise<void> {
  const result = client === 'nothing' ? startUsage() : await run(client, JSON.parse(job) as Job)
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
}

void main(process.argv)
