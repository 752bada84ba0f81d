// Small lives of sessions that must not end or keep alive their process in the wrong way. Prints what came of each.
import { CoherenceError, Filters, Session } from '../../../src/index'
import { startTcpProxy } from '../tcp-proxy'

interface Life {
  readonly name: keyof typeof LIVES
  readonly address: string
}

const LIVES = {
  /** A session that is closed. */
  async closed(address: string): Promise<unknown> {
    const session = await Session.create({ address })
    const map = await session.getMap('lives')
    await map.set('k', 1)
    await session.close()
    return session.closed
  },

  /** One that the language closes. */
  async disposed(address: string): Promise<unknown> {
    let kept: Session
    {
      await using session = await Session.create({ address })
      kept = session
      await (await session.getMap('lives')).size()
    }
    return kept.closed
  },

  /** Reads while there is no connection, of which clients are known that end the process. */
  async 'reads while disconnected'(address: string): Promise<unknown> {
    const proxy = await startTcpProxy(address)
    const session = await Session.create({ address: proxy.address })
    const map = await session.getMap<string, number>('lives')
    const lost = new Promise((resolve) => session.on('disconnected', resolve))
    proxy.refuse()
    proxy.cut()
    await lost
    const options = { timeoutSeconds: 1 }
    const filtered = { ...options, filter: Filters.always<number>() }
    const reads = [
      map.keys(filtered),
      map.values(filtered),
      map.entries(filtered),
      map.keys(options),
      map.entries(options),
    ]
    const outcomes = await Promise.all(reads.map((read) => read.toArray().then(() => 'answered', codeOf)))
    const start = performance.now()
    await session.close()
    await proxy.close()
    return { outcomes, closedQuickly: performance.now() - start < 1_000 }
  },

  /** Listeners that throw, with nobody to tell. */
  async 'listeners that throw'(address: string): Promise<unknown> {
    const proxy = await startTcpProxy(address)
    const session = await Session.create({ address: proxy.address })
    const map = await session.getMap('lives')
    session.on('disconnected', () => {
      throw new Error('thrown by a listener')
    })
    map.on('released', () => {
      throw new Error('thrown by another')
    })
    const again = new Promise((resolve) => session.on('reconnected', resolve))
    proxy.cut()
    await again
    await map.size()
    await session.close()
    await proxy.close()
    return session.closed
  },

  /** Calls that nobody waits for, which fail. */
  async 'abandoned streamed reads'(address: string): Promise<unknown> {
    const session = await Session.create({ address })
    const map = await session.getMap<string, number>('lives')
    await map.setAll([
      ['a', 1],
      ['b', 2],
    ])
    for await (const key of map.keys()) {
      if (key !== '') break
    }
    const unread = map.entries()
    await session.close()
    return unread.toArray().then(() => 'answered', codeOf)
  },

  /** More maps than Node.js likes listeners. */
  async 'many maps'(address: string): Promise<unknown> {
    const session = await Session.create({ address })
    const names = Array.from({ length: 40 }, (_, index) => `lives-${index}`)
    const { signal } = new AbortController()
    const maps = await Promise.all(names.map((name) => session.getMap(name, { signal })))
    await Promise.all(maps.map((map) => map.get('k', { signal })))
    await session.close()
    return maps.length
  },
}

function codeOf(error: unknown): string {
  return error instanceof CoherenceError ? error.code : String(error)
}

async function main(): Promise<void> {
  const { name, address } = JSON.parse(process.argv[2] ?? '{}') as Life
  process.stdout.write(`${JSON.stringify(await LIVES[name](address))}\n`)
}

void main()
