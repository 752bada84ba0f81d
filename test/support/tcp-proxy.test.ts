// The proxy that breaks connections for tests closes all of its sockets, however the connections end.
import { once } from 'node:events'
import { connect, createServer, Socket } from 'node:net'
import { addressOf, startTcpProxy } from './tcp-proxy'

it('a connection that is cut while it is being shut down is closed', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end()
    const end = jest.spyOn(Socket.prototype, 'end').mockImplementation(function (this: Socket) {
      end.mockRestore()
      this.end()
      // The shutdown itself begins a moment after the call.
      process.nextTick(() => proxy.cut())
      return this
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const proxy = await startTcpProxy(addressOf(server))
  const [host, port] = proxy.address.split(':')
  const client = connect(Number(port), host).on('error', () => undefined)

  await once(client, 'close')
  await proxy.close()
  server.close()

  expect(proxy.connections).toBe(0)
})
