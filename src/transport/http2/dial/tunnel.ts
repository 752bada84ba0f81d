// Connects through an HTTP proxy (RFC 9110, section 9.3.6, CONNECT). It is loaded only if there is a proxy.
import { connect, type Socket } from 'node:net'
import type { Proxy } from './proxy'
import type { HostPort } from './target'

const END_OF_HEAD = '\r\n\r\n'
const MOST_HEAD_BYTES = 64 * 1024
const LONGEST_SHOWN = 40

/**
 * Requests a tunnel to a server from a proxy.
 *
 * @param address The proxy's IP address.
 * @param server `host:port`, which the proxy looks up.
 * @param signal Gives the attempt up; the promise rejects with its reason.
 * @returns a socket on which nothing was sent to the server; data of the server is still to be read.
 */
export function openTunnel(
  address: HostPort,
  proxy: Proxy,
  server: string,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect({ ...address })
    let received = Buffer.alloc(0)
    const settle = (): void => {
      signal.removeEventListener('abort', giveUp)
      socket.off('connect', ask).off('data', receive).off('error', unreachable).off('close', closed)
      // The next owner of the socket adds its own listeners. Errors of a socket without an owner are ignored.
      socket.on('error', () => undefined)
    }
    const end = (reason: Error): void => {
      settle()
      socket.destroy()
      reject(reason)
    }
    const fail = (what: string): void => end(new Error(`The proxy at ${proxy.name} ${what}`))
    const giveUp = (): void => end(signal.reason as Error)
    const unreachable = (error: Error): void => fail(`cannot be reached: ${error.message}`)
    const closed = (): void => fail('closed the connection without an answer')
    const ask = (): void => {
      socket.write(requestOf(proxy, server))
    }
    const receive = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk])
      const text = received.toString('latin1')
      const head = text.indexOf(END_OF_HEAD)
      if (!isHttp(text)) fail(`answered '${shown(text)}', which is not HTTP`)
      else if (head >= 0) answered(text.slice(0, head), received.subarray(head + END_OF_HEAD.length))
      else if (received.length > MOST_HEAD_BYTES)
        fail(`answered with a head of more than ${MOST_HEAD_BYTES} bytes`)
    }
    const answered = (head: string, rest: Buffer): void => {
      const [, status = '', reason = ''] = /^\S+ (\d+) ?([^\r\n]*)/.exec(head) ?? []
      if (!status.startsWith('2')) {
        fail(`did not connect to ${server}: ${shown(`${status} ${reason}`)}${hintOn(status, proxy)}`)
        return
      }
      settle()
      socket.pause()
      if (rest.length > 0) socket.unshift(rest)
      resolve(socket)
    }
    signal.addEventListener('abort', giveUp)
    socket.unref()
    socket.setNoDelay(true)
    socket.on('connect', ask).on('data', receive).on('error', unreachable).on('close', closed)
  })
}

function requestOf({ authorization }: Proxy, server: string): string {
  const lines = [`CONNECT ${server} HTTP/1.1`, `Host: ${server}`]
  if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Whether the part of an answer that has arrived may be HTTP. */
function isHttp(text: string): boolean {
  const form = 'HTTP/0.0 000'
  return form.startsWith(text.slice(0, form.length).replace(/\d/g, '0'))
}

function hintOn(status: string, { variable }: Proxy): string {
  return status === '407' ? ` (are user and password in the URL of ${variable}?)` : ''
}

function shown(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return printable.length > LONGEST_SHOWN ? `${printable.slice(0, LONGEST_SHOWN)}…` : printable
}
