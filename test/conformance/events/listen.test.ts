// listen: a listener is told of what happens to the entries of a map, in the server's order.
import { inspect } from 'node:util'
import { CodecError, type CodecRole, jsonCodec, MapEvent, type StreamedEvent } from 'coherence-ts'
import { describeMaps, openSession } from '../../support/maps'
import { deleted, inserted, Notes, plain, updated } from './noted'

describeMaps('listen', (open, session) => {
  it('reports inserts, updates and deletes with the values before and after', async () => {
    const map = await open<string, unknown>()
    const notes = new Notes()
    await map.listen(notes.note)
    await map.set('a', 1)
    await map.set('a', { deep: [2] })
    await map.delete('a')
    expect(notes.all).toEqual([inserted('a', 1), updated('a', 1, { deep: [2] }), deleted('a', { deep: [2] })])
  })

  it('reports changes as instances of MapEvent, and gaps and truncations as plain objects', async () => {
    const map = await open<string, number>()
    const told: [type: string, isMapEvent: boolean][] = []
    const note = (event: StreamedEvent<string, number>): void =>
      void told.push([event.type, event instanceof MapEvent])
    await map.listen({ onAny: note, onTruncated: note })
    await map.set('a', 1)
    await map.truncate()
    expect(told).toEqual([
      ['insert', true],
      ['truncated', false],
    ])
  })

  it('reports null, false, 0 and the empty string as what they are', async () => {
    const map = await open<string, unknown>()
    const notes = new Notes()
    await map.listen(notes.note)
    for (const value of [0, '', false, null]) await map.set('a', value)
    await map.delete('a')
    expect(notes.all).toEqual([
      inserted('a', 0),
      updated('a', 0, ''),
      updated('a', '', false),
      updated('a', false, null),
      deleted('a', null),
    ])
  })

  it('calls onAny before the function of the kind, and each for its kind alone', async () => {
    const map = await open<string, number>()
    const told: string[] = []
    const note =
      (name: string) =>
      ({ type }: MapEvent<string, number>): void =>
        void told.push(`${name} ${type}`)
    await map.listen({
      onAny: note('any'),
      onInsert: note('insert'),
      onUpdate: note('update'),
      onDelete: note('delete'),
    })
    await map.set('a', 1)
    await map.set('a', 2)
    await map.delete('a')
    expect(told).toEqual([
      'any insert',
      'insert insert',
      'any update',
      'update update',
      'any delete',
      'delete delete',
    ])
  })

  it('calls the functions of an object as its methods', async () => {
    const map = await open<string, number>()
    class Counting {
      inserts = 0
      onInsert(): void {
        this.inserts += 1
      }
    }
    const counting = new Counting()
    await map.listen(counting)
    await map.setAll([
      ['a', 1],
      ['b', 2],
    ])
    expect(counting.inserts).toBe(2)
  })

  it('calls every listener of every map of the session', async () => {
    const one = await open<string, number>()
    const other = await open<string, number>()
    const notes = [new Notes(), new Notes(), new Notes()] as const
    await one.listen(notes[0].note)
    await one.listen(notes[1].note)
    await other.listen(notes[2].note)
    await one.set('a', 1)
    await other.set('b', 2)
    expect(notes.map(({ all }) => all)).toEqual([[inserted('a', 1)], [inserted('a', 1)], [inserted('b', 2)]])
  })

  it('reports a write of this session before the write is answered', async () => {
    const map = await open<number, number>()
    let told = 0
    await map.listen(() => (told += 1))
    const toldAtAnswer: number[] = []
    for (let key = 0; key < 50; key++) {
      await map.set(key, key)
      toldAtAnswer.push(told)
    }
    expect(toldAtAnswer).toEqual(Array.from({ length: 50 }, (_, key) => key + 1))
  })

  it('reports what another session writes', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note)
    const other = await openSession()
    const its = await other.getMap<string, number>(map.name)
    await its.set('a', 1)
    await its.delete('a')
    await other.close()
    expect(await notes.until(2)).toEqual([inserted('a', 1), deleted('a', 1)])
  })

  it('reports writes that are made right after it, awaited or not', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    const listening = map.listen(notes.note)
    const written = map.set('a', 1)
    await Promise.all([listening, written])
    expect(notes.all).toEqual([inserted('a', 1)])
  })

  it('reports a delete for each entry when the map is cleared', async () => {
    const map = await open([
      ['a', 1],
      ['b', 2],
    ])
    const notes = new Notes()
    await map.listen(notes.note)
    await map.clear()
    expect(notes.all).toHaveLength(2)
    expect(notes.all).toEqual(expect.arrayContaining([deleted('a', 1), deleted('b', 2)]))
  })

  it('reports the changes of one key in their order', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    await map.listen(notes.note)
    const writes = Array.from({ length: 200 }, (_, value) => map.set('a', value))
    await Promise.all(writes)
    expect(notes.all).toEqual([
      inserted('a', 0),
      ...Array.from({ length: 199 }, (_, value) => updated('a', value, value + 1)),
    ])
  })

  it('reports nothing after close, which can be called again', async () => {
    const map = await open<string, number>()
    const closed = new Notes()
    const open2 = new Notes()
    const subscription = await map.listen(closed.note)
    await map.listen(open2.note)
    expect(subscription.isActive).toBe(true)
    await map.set('a', 1)
    await Promise.all([subscription.close(), subscription.close()])
    await map.set('a', 2)
    await subscription.close()
    expect(subscription.isActive).toBe(false)
    expect(closed.all).toEqual([inserted('a', 1)])
    expect(open2.all).toEqual([inserted('a', 1), updated('a', 1, 2)])
  })

  it('ends with the scope that uses it', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    {
      await using subscription = await map.listen(notes.note)
      expect(subscription.isActive).toBe(true)
      await map.set('a', 1)
    }
    await map.set('a', 2)
    expect(notes.all).toEqual([inserted('a', 1)])
  })

  it('is as it was when it is closed and registered again', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    for (let round = 0; round < 5; round++) {
      const subscription = await map.listen(notes.note)
      await map.set('a', round)
      await subscription.close()
      await map.set('a', -1)
    }
    expect(notes.all).toEqual([inserted('a', 0), ...[1, 2, 3, 4].map((round) => updated('a', -1, round))])
  })

  it('can be closed by the listener itself', async () => {
    const map = await open<string, number>()
    const notes = new Notes()
    const subscription = await map.listen((event) => {
      notes.note(event)
      void subscription.close()
    })
    await map.set('a', 1)
    await map.set('a', 2)
    await subscription.close()
    expect(notes.all).toEqual([inserted('a', 1)])
  })

  it('gives events that name their map and can be logged', async () => {
    const map = await open<string, number>()
    const events: MapEvent<string, number>[] = []
    await map.listen((event) => events.push(event))
    await map.set('a', 1)
    const [event] = events
    expect(event?.map).toBe(map)
    const flags = { expired: false, synthetic: false, priming: false, versionUpdate: false }
    const data = { type: 'insert', mapName: map.name, key: 'a', oldValue: undefined, newValue: 1, ...flags }
    expect(event?.toJSON()).toEqual(data)
    expect(inspect(event)).toBe(`MapEvent ${inspect(data)}`)
  })

  it('fails to read a value that cannot be decoded, and goes on', async () => {
    const json = jsonCodec()
    const codec = {
      encode: (value: unknown, role: CodecRole) => json.encode(value, role),
      decode: (bytes: Uint8Array, role: CodecRole) => {
        const value = json.decode(bytes, role)
        if (value === 'poison') throw new CodecError('Cannot decode it', { path: role })
        return value
      },
    }
    const choosy = await openSession({ codec })
    const map = await open<string, string>()
    const its = await choosy.getMap<string, string>(map.name)
    const told: unknown[] = []
    const note = (event: MapEvent<string, string>): void => {
      try {
        told.push(plain(event))
      } catch (error) {
        told.push((error as Error).name)
      }
    }
    await its.listen(note)
    await its.listen(() => undefined, { key: 'a' })
    await map.set('poison', 'a')
    await map.set('a', 'poison')
    await map.set('a', 'b')
    await map.delete('a')
    await map.set('b', 'c')
    const end = await its.get('b')
    await choosy.close()
    expect([told, end]).toEqual([
      ['CodecError', 'CodecError', 'CodecError', deleted('a', 'b'), inserted('b', 'c')],
      'c',
    ])
  })

  it('ends with its session', async () => {
    const other = await openSession()
    const map = await open<string, number>()
    const its = await other.getMap<string, number>(map.name)
    const notes = new Notes()
    const subscription = await its.listen(notes.note)
    await other.close()
    await map.set('a', 1)
    await session().ping()
    expect([subscription.isActive, notes.all]).toEqual([false, []])
    await subscription.close()
  })
})
