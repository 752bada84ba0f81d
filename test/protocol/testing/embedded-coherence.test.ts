// The embedded server as a user's tests use it: sessions on it, faults on demand, time that is moved.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { ConnectionError, Filters, Processors, ServerError, Session } from 'coherence-ts'
import { Clock } from '../../../src/testing/clock'
import { EmbeddedCoherence, type Operation } from '../../../src/testing/embedded-coherence'
import { type CertificateFiles, type Certificates, makeCertificates } from '../../support/certificates'

interface User {
  readonly name: string
  readonly age: number
}

const ANN: User = { name: 'Ann', age: 41 }

describe('an embedded server', () => {
  it('keeps what sessions store, and shows it', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    await using other = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    expect(await users.set('ann', ANN)).toBeUndefined()
    expect(await (await other.getMap<string, User>('users')).get('ann')).toEqual(ANN)
    expect(await users.invoke('ann', Processors.increment('age', 1))).toBe(42)
    expect(await users.keys({ filter: Filters.greater('age', 41) }).toArray()).toEqual(['ann'])
    expect(server.inspect('users')).toEqual(new Map([['ann', { name: 'Ann', age: 42 }]]))
    expect(server.inspect('others')).toEqual(new Map())
    expect(session.serverInfo).toEqual({ protocol: 'v1', proxyVersion: '25.03.2', memberId: 1 })
  })

  it('listens on loopback, on the port that is asked for, which is free again when it has stopped', async () => {
    const first = await EmbeddedCoherence.start()
    const { address } = first
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    const port = Number(address.split(':')[1])
    await expect(EmbeddedCoherence.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.stop()
    await using second = await EmbeddedCoherence.start({ port })
    expect(second.address).toBe(address)
  })

  describe('with TLS', () => {
    let certificates: Certificates
    let pem: { readonly key: Buffer; readonly cert: Buffer; readonly ca: Buffer }

    beforeAll(async () => {
      certificates = await makeCertificates()
      const { server, ca } = certificates
      const [key, cert, authority] = await Promise.all(
        [server.keyPath, server.certPath, ca.certPath].map((path) => readFile(path)),
      )
      pem = { key, cert, ca: authority } as typeof pem
    })

    afterAll(async () => {
      await certificates.remove()
    })

    /** What a session stores and gets, or the name of its error. */
    async function outcome(address: string, tlsOptions: object | undefined): Promise<unknown> {
      try {
        await using session = await Session.create({ address, readyTimeoutSeconds: 0, tlsOptions })
        const users = await session.getMap<string, User>('users')
        await users.set('ann', ANN)
        return await users.get('ann')
      } catch (error) {
        return error instanceof ConnectionError ? error.name : error
      }
    }

    it('serves clients that trust its authority, and no others', async () => {
      await using server = await EmbeddedCoherence.start({ tls: { key: pem.key, cert: pem.cert } })
      const { ca, otherCa } = certificates
      expect(await outcome(server.address, { enabled: true, caCertPath: ca.certPath })).toEqual(ANN)
      expect(await outcome(server.address, { enabled: true, caCertPath: otherCa.certPath })).toBe(
        'ConnectionError',
      )
      expect(await outcome(server.address, undefined)).toBe('ConnectionError')
    })

    it('asks clients for a certificate if it has an authority for them', async () => {
      await using server = await EmbeddedCoherence.start({ tls: pem })
      const { ca, client, otherClient } = certificates
      const trusting = { enabled: true, caCertPath: ca.certPath }
      const showing = (of: CertificateFiles): object => ({
        ...trusting,
        clientCertPath: of.certPath,
        clientKeyPath: of.keyPath,
      })
      expect(await outcome(server.address, showing(client))).toEqual(ANN)
      expect(await outcome(server.address, showing(otherClient))).toBe('ConnectionError')
      expect(await outcome(server.address, trusting)).toBe('ConnectionError')
    })
  })

  it('forgets its maps when it is restarted; sessions connect again', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    await users.set('ann', ANN)
    await server.restart()
    expect(await users.get('ann')).toBeUndefined()
  })

  it('starts again after it was stopped, with entries that expire by its clock', async () => {
    await using server = await EmbeddedCoherence.start({ clock: new Clock({ frozen: true }) })
    await server.stop()
    await server.restart()
    await using session = await Session.create({ address: server.address })
    const carts = await session.getCache<string, string>('carts')
    let deleted: (event: unknown) => void = () => undefined
    const deletion = new Promise((resolve) => (deleted = resolve))
    await carts.listen({ onDelete: deleted })
    await carts.set('ann', 'tea', { ttlSeconds: 60 })
    server.clock.advance(60)
    expect(await deletion).toMatchObject({ key: 'ann', expired: true })
  })

  it('can be stopped, and started again, after its port was taken', async () => {
    await using server = await EmbeddedCoherence.start()
    await server.stop()
    const other = createServer().listen(Number(server.address.split(':')[1]), '127.0.0.1')
    await once(other, 'listening')
    await expect(server.restart()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await server.stop()
    await expect(server.restart()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    other.close()
    await once(other, 'close')

    await server.restart()
    await using session = await Session.create({ address: server.address })
    expect(session.connected).toBe(true)
  })

  it('keeps its maps when connections are dropped', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    await users.set('ann', ANN)
    const reconnected = new Promise((resolve) => session.once('reconnected', resolve))
    server.dropConnections()
    await reconnected
    expect(await users.get('ann')).toEqual(ANN)
  })

  it('answers nothing while it is paused, and everything afterwards', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    server.pause()
    await expect(users.get('ann', { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'ERR_COHERENCE_TIMEOUT',
    })
    const written = users.set('ann', ANN)
    server.resume()
    await written
    expect(server.inspect('users').size).toBe(1)
  })

  it('fails and delays the next requests of a kind, and those only', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    server.failNext('Put', 'the disk is full')
    await expect(users.set('ann', ANN)).rejects.toThrow(ServerError)
    expect(server.inspect('users').size).toBe(0)
    await users.set('ann', ANN)

    server.delayNext('Get', 0.05)
    const order: string[] = []
    await Promise.all([
      users.get('ann').then(() => order.push('get')),
      users.size().then(() => order.push('size')),
    ])
    expect(order).toEqual(['size', 'get'])
  })

  it('shows each request that arrives', async () => {
    await using server = await EmbeddedCoherence.start()
    const seen: unknown[] = []
    const note = (request: unknown): unknown => seen.push(request)
    server.on('request', note)
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    await users.set('ann', ANN)
    server.off('request', note)
    await users.get('ann')
    expect(seen).toEqual([
      { operation: 'EnsureCache', mapName: undefined },
      { operation: 'Put', mapName: 'users' },
    ])
  })

  it('lets entries expire by its clock, with their events', async () => {
    const clock = new Clock({ frozen: true })
    await using server = await EmbeddedCoherence.start({ clock })
    await using session = await Session.create({ address: server.address })
    const carts = await session.getCache<string, string>('carts')
    const events = carts.events()
    await events.ready
    await carts.set('ann', 'tea', { ttlSeconds: 60 })
    clock.advance(59)
    expect(await carts.get('ann')).toBe('tea')
    clock.advance(1)
    expect(server.inspect('carts').size).toBe(0)
    const seen: unknown[] = []
    for await (const event of events) {
      seen.push([event.type, 'expired' in event && event.expired])
      if (seen.length === 2) break
    }
    expect(seen).toEqual([
      ['insert', false],
      ['delete', true],
    ])
    expect(server.clock).toBe(clock)
  })

  it('is emptied for the next test without a new connection', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    await users.set('ann', ANN)
    server.failNext('Get')
    server.clear()
    expect(await users.get('ann')).toBeUndefined()
    expect(session.connected).toBe(true)
  })

  it('takes what is slow from its options', async () => {
    await using server = await EmbeddedCoherence.start({ latencySeconds: 0.03, partitions: 3 })
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    await expect(users.get('ann', { timeoutSeconds: 0.01 })).rejects.toThrow('did not complete')
    expect(await users.get('ann')).toBeUndefined()
  })

  it('goes on with calls after many reads of large values that were left early', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const map = await session.getMap<number, string>('m')
    const values = Array.from({ length: 40 }, (_, index) => [index, 'x'.repeat(300_000)] as const)
    await map.setAll(values)

    for (let read = 0; read < 100; read++) {
      const left = map.values({ filter: Filters.always() })[Symbol.asyncIterator]()
      await left.next()
      await left.return?.()
    }

    expect(await map.keys({ filter: Filters.always() }).toArray()).toHaveLength(40)
  })

  it('is not disturbed by what is no gRPC', async () => {
    await using server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address })
    const users = await session.getMap<string, User>('users')
    const port = Number(server.address.split(':')[1])
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0\x01\x02\x03'.repeat(1_000),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + '\xff'.repeat(100),
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(garbage, 'latin1')
      socket.resume()
      await once(socket, 'close')
    }
    await users.set('ann', ANN)
    expect(await users.get('ann')).toEqual(ANN)
  })

  it('ends calls that are under way when it stops', async () => {
    const server = await EmbeddedCoherence.start()
    await using session = await Session.create({ address: server.address, readyTimeoutSeconds: 0 })
    const users = await session.getMap<string, User>('users')
    server.pause()
    const written = users.set('ann', ANN)
    await session.ping({ timeoutSeconds: 0.05 }).catch(() => undefined)
    await server.stop()
    await expect(written).rejects.toThrow(ConnectionError)
    await server.stop()
  })

  it.each<[string, () => unknown, string]>([
    ['a port that is none', () => EmbeddedCoherence.start({ port: 70_000 }), 'an integer from 0 to 65535'],
    ['no partitions', () => EmbeddedCoherence.start({ partitions: 0 }), 'an integer from 1'],
    ['a negative latency', () => EmbeddedCoherence.start({ latencySeconds: -1 }), 'latencySeconds -1'],
    ['an unknown release', () => EmbeddedCoherence.start({ release: '12.2' }), "'25.03.2'"],
  ])('refuses %s', async (_what, start, message) => {
    await expect(start()).rejects.toThrow(message)
  })

  it('refuses wrong arguments of its switches', async () => {
    await using server = await EmbeddedCoherence.start()
    expect(() => server.failNext('put' as Operation)).toThrow("such as 'Put'")
    expect(() => server.failNext('17' as Operation)).toThrow(TypeError)
    expect(() => server.delayNext('Put', NaN)).toThrow('a finite number of seconds')
    expect(() => server.clock.advance(-1)).toThrow(RangeError)
  })
})
