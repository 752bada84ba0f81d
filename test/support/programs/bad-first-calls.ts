// Makes each bad call as the first of a session of its own, then a good one, and prints what came of them. It ends when
// nothing keeps it alive.
import { Session } from '../../../src/index'
import { BAD_FIRST_CALLS, type BadCall, type LooseMap } from '../bad-first-calls'

async function attempt({ what, call }: BadCall, address: string): Promise<object> {
  const session = await Session.create({ address })
  const map = await session.getCache(what)
  try {
    await call(map as unknown as LooseMap)
    return { what, error: 'none' }
  } catch (error) {
    if (!(error instanceof Error)) return { what, error: typeof error }
    return { what, error: error.name, message: error.message, next: await map.getOrDefault('k', 'absent') }
  } finally {
    await session.close()
  }
}

async function main(): Promise<void> {
  const address = JSON.parse(process.argv[2] ?? '') as string
  for (const bad of BAD_FIRST_CALLS) {
    process.stdout.write(`${JSON.stringify(await attempt(bad, address))}\n`)
  }
}

void main()
