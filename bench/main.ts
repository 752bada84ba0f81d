// `npm run bench`: measures this client beside others, on a real server, and prints what came out.
import { cpus } from 'node:os'
import { ClientMissing, type Client, compileMeasured, prepareClient } from './clients'
import { writeDocs } from './docs'
import { type BenchOptions, readOptions, USAGE } from './options'
import { figuresTable, ratiosTable } from './report'
import { runRounds } from './rounds'
import { fill, type MeasuredServer, startEmbeddedServer, startRealServer } from './server'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    console.log(USAGE)
    return
  }
  await compileMeasured()
  const clients = await availableClients(options)
  await using server = await serverOf(options)
  const { rounds, seconds, warmUpSeconds } = options
  const { workloads } = options
  await fill((await prepareClient('ours', options.build, '')).module, server.address, workloads)
  const measurements = await runRounds({
    address: server.address,
    clients,
    workloads,
    rounds,
    seconds,
    warmUpSeconds,
    progress,
    failed: (text) => {
      console.error(text)
      process.exitCode = 1
    },
  })
  progress('')
  const method = `${server.label}; Node.js ${process.version}, ${cpus().length} CPUs; ${rounds} rounds of ${seconds} s each`
  const figures = figuresTable(measurements, clients, workloads)
  const ratios = ratiosTable(measurements, clients, workloads)
  console.log(`${method}\n\n${figures}\n\n${ratios}`)
  if (options.writeDocs) await writeDocs({ method, figures, ratios, measurements, clients, workloads })
}

async function availableClients(options: BenchOptions): Promise<Client[]> {
  const clients: Client[] = []
  for (const name of options.clients) {
    try {
      const client = await prepareClient(name, options.build, options.before)
      if (options.embedded && !client.speaksV1)
        console.log(`${name} is left out: it does not speak protocol v1`)
      else clients.push(client)
    } catch (error) {
      if (!(error instanceof ClientMissing) || name === 'ours') throw error
      console.log(`${name} is left out: ${error.message}`)
    }
  }
  return clients
}

async function serverOf({ address, embedded }: BenchOptions): Promise<MeasuredServer> {
  if (address !== undefined)
    return { address, label: address, [Symbol.asyncDispose]: () => Promise.resolve() }
  return embedded ? startEmbeddedServer() : startRealServer()
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? error.message : error)
  process.exitCode = 1
})
