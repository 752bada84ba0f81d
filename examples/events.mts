// A copy of a map that follows it: begun with what is there, kept by events, and begun anew after a gap.
import { Session } from 'coherence-ts'

await using session = await Session.create()
const stock = await session.getMap<string, number>('example-stock')
await stock.setAll([
  ['apples', 3],
  ['pears', 5],
])

const copy = new Map<string, number>()
await using subscription = await stock.listen(
  {
    onAny: (event) => {
      if (event.newValue === undefined) copy.delete(event.key)
      else copy.set(event.key, event.newValue)
    },
    onTruncated: () => copy.clear(),
    onGap: () => copy.clear(),
  },
  { priming: true, resync: true },
)

// The events of one's own writes come before the writes are answered.
await stock.set('apples', 4)
await stock.delete('pears')
console.log(subscription.isActive, copy)

// The same as a stream: it keeps the events from here on until they are consumed, and ends with its loop.
const events = stock.events({ key: 'apples' })
await events.ready
for (const count of [3, 2, 1, 0]) await stock.set('apples', count)
for await (const event of events) {
  if (event.type === 'gap' || event.type === 'truncated') continue
  console.log(event.type, event.oldValue, event.newValue)
  if (event.newValue === 1) break
}

await stock.destroy()
