// What a listener does is its own affair: it harms neither the others nor the session.
import type { NamedCache, Session } from 'coherence-ts'
import { eventually } from '../../support/eventually'
import { describeMaps, openSession } from '../../support/maps'
import { warningsDuring } from '../../support/warnings'
import { inserted, Notes, updated } from './noted'

describeMaps('a listener that fails', (open) => {
  let session: Session
  let errors: unknown[]
  beforeEach(async () => {
    session = await openSession()
    errors = []
    session.on('error', (error) => errors.push(error))
  })
  afterEach(async () => {
    await session.close()
  })

  async function openIts(): Promise<NamedCache<string, number>> {
    return session.getCache<string, number>((await open()).name)
  }

  // Other clients give no more events of the map, for ever.
  it('because it throws gets the next event, and so do the others', async () => {
    const map = await openIts()
    const notes = [new Notes(), new Notes()] as const
    const failure = new Error('in the listener')
    await map.listen((event) => {
      notes[0].note(event)
      throw failure
    })
    await map.listen(notes[1].note)
    await map.set('a', 1)
    await map.set('a', 2)
    const told = [inserted('a', 1), updated('a', 1, 2)]
    expect(notes.map(({ all }) => all)).toEqual([told, told])
    expect(errors).toEqual([failure, failure])
  })

  it('because its promise rejects gets the next event', async () => {
    const map = await openIts()
    const notes = new Notes()
    const failure = { not: 'an error' }
    await map.listen(async (event) => {
      await Promise.resolve()
      notes.note(event)
      throw failure as unknown as Error
    })
    await map.set('a', 1)
    await map.set('a', 2)
    expect(await notes.until(2)).toEqual([inserted('a', 1), updated('a', 1, 2)])
    await eventually(() => errors.length === 2)
    expect(errors).toEqual([failure, failure])
  })

  it('because it returns a thenable that misbehaves gets the next event', async () => {
    const map = await openIts()
    const notes = new Notes()
    const failure = new Error('in then')
    await map.listen((event) => {
      notes.note(event)
      return {
        then: () => {
          throw failure
        },
      }
    })
    await map.set('a', 1)
    await map.set('a', 2)
    expect(await notes.until(2)).toHaveLength(2)
    await eventually(() => errors.length === 2)
    expect(errors).toEqual([failure, failure])
  })

  it('in onAny has its other functions called all the same', async () => {
    const map = await openIts()
    const notes = new Notes()
    await map.listen({
      onAny: () => {
        throw new Error('in onAny')
      },
      onInsert: notes.note,
    })
    await map.set('a', 1)
    expect(notes.all).toEqual([inserted('a', 1)])
  })

  it('causes a warning of the process where its session has no listener to errors', async () => {
    const other = await openSession()
    const map = await other.getMap<string, number>((await open()).name)
    await map.listen(() => {
      throw new Error('that nobody wants to hear of')
    })
    const warnings = await warningsDuring(() => map.set('a', 1))
    expect(warnings).toEqual([expect.stringContaining('that nobody wants to hear of')])
    await other.close()
  })

  it('while it gets the entries of the map gets the rest of them', async () => {
    const map = await openIts()
    await map.setAll([
      ['a', 1],
      ['b', 2],
    ])
    let told = 0
    const subscription = await map.listen(
      () => {
        told += 1
        throw new Error('while priming')
      },
      { priming: true },
    )
    expect([told, errors.length, subscription.isActive]).toEqual([2, 2, true])
  })

  it('by never settling does not stop the others, and can be closed', async () => {
    const map = await openIts()
    const notes = new Notes()
    const never = await map.listen(() => new Promise(() => undefined))
    await map.listen(notes.note)
    for (let value = 0; value < 100; value++) await map.set('a', value)
    expect(notes.all).toHaveLength(100)
    await never.close()
    expect(never.isActive).toBe(false)
  })
})

describeMaps('a listener', (open) => {
  it('can call the map it listens to', async () => {
    const map = await open<string, number>()
    const reads: unknown[] = []
    await map.listen(async ({ key, newValue }) => {
      if (key !== 'a' || newValue === undefined) return
      reads.push(await map.get('a'))
      await map.set('b', newValue)
      if (newValue < 5) await map.set('a', newValue + 1)
    })
    await map.set('a', 1)
    await eventually(async () => (await map.get('b')) === 5)
    expect(reads).toEqual([1, 2, 3, 4, 5])
  })

  it('can listen and close others, and iterate', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    const inner = await map.listen(() => undefined, { key: 'b' })
    const done = new Promise<string[]>((resolve) => {
      void map.listen(
        async () => {
          await inner.close()
          const second = await map.listen(notes.note, { key: 'b' })
          await map.set('b', 1)
          await second.close()
          resolve(await map.keys().toArray())
        },
        { key: 'a' },
      )
    })
    await map.set('a', 1)
    expect(new Set(await done)).toEqual(new Set(['a', 'b']))
    expect(notes.all).toEqual([inserted('b', 1)])
  })

  it('can close its session', async () => {
    const other = await openSession()
    const name = (await open()).name
    const map = await other.getMap<string, number>(name)
    const closed = new Promise((resolve) => other.on('closed', resolve))
    await map.listen(() => other.close())
    await map.set('a', 1)
    expect(await closed).toEqual({ type: 'closed' })
  })
})
