// Entries with a time to live: one of their own, or the default of the cache.
import { setTimeout as delay } from 'node:timers/promises'
import { Session } from 'coherence-ts'

await using session = await Session.create()
const tokens = await session.getCache<string, string>('example-tokens', { defaultTtlSeconds: 3600 })

await tokens.set('session', 'kept for an hour')
await tokens.set('captcha', 'kept for half a second', { ttlSeconds: 0.5 })
console.log(await tokens.has('session'), await tokens.has('captcha'))

while (await tokens.has('captcha')) await delay(50)
console.log(await tokens.has('session'), await tokens.has('captcha'))

await tokens.destroy()
