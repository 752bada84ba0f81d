// Tries to create sessions with each of the options it is given, and prints how that went. It ends when nothing keeps
// it alive.
import { ConnectionError, Session, type SessionOptions } from '../../../src/index'

interface Attempt {
  readonly name: string
  readonly options: SessionOptions
}

async function attempt({ name, options }: Attempt): Promise<object> {
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1_000
  try {
    const session = await Session.create(options)
    const created = { name, seconds: seconds(), ping: await session.ping() }
    await session.close()
    return created
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { code } = error as { code?: string }
    const address = error instanceof ConnectionError ? error.address : undefined
    return { name, seconds: seconds(), code, message: error.message, address }
  }
}

async function main(): Promise<void> {
  const attempts = JSON.parse(process.argv[2] ?? '[]') as Attempt[]
  for (const result of await Promise.all(attempts.map(attempt))) {
    process.stdout.write(`${JSON.stringify(result)}\n`)
  }
}

void main()
