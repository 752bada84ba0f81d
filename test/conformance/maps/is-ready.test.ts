// isReady: whether the server's service of the map is ready.
import { describeMaps } from '../../support/maps'
import { describeReceiver } from '../../support/receivers'

describeMaps('isReady', (open) => {
  it('is true on a server that serves', async () => {
    const map = await open()
    expect(await map.isReady()).toBe(true)
  })

  describeReceiver('isReady', (map, options) => map.isReady(options))
})
