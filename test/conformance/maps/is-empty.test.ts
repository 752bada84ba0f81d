// isEmpty: whether there are no entries.
import { describeMaps } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('isEmpty', (open) => {
  it('is true for a new map, false with an entry, true after its removal', async () => {
    const map = await open<string, number>()
    const answers = [await map.isEmpty()]
    await map.set('ann', 30)
    answers.push(await map.isEmpty())
    await map.delete('ann')
    answers.push(await map.isEmpty())
    expect(answers).toEqual([true, false, true])
  })

  it('is false where the only entry maps null to null', async () => {
    const map = await open([[null, null]])
    expect(await map.isEmpty()).toBe(false)
  })

  it('knows of the writes before it, awaited or not', async () => {
    const map = await open<string, number>()
    const [, empty] = await Promise.all([map.set('ann', 30), map.isEmpty()])
    expect(empty).toBe(false)
  })

  describeReceiver('isEmpty', (map, options) => map.isEmpty(options))
})
