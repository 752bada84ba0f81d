// The command line.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { LONG_WORKLOADS, QUICK_WORKLOADS, type Workload, WORKLOADS } from './workloads'

export interface BenchOptions {
  readonly help: boolean
  readonly clients: readonly string[]
  readonly workloads: readonly Workload[]
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly embedded: boolean
  readonly address: string | undefined
  readonly build: string
  readonly before: string
  readonly writeDocs: boolean
}

export const USAGE = `npm run bench -- [options]

  --quick               few workloads, three short rounds: less than a minute
  --workloads a,b       ${WORKLOADS.map(({ name }) => name).join(', ')};
                        on demand only: ${LONG_WORKLOADS.map(({ name }) => name).join(', ')}
  --rounds N            5 where left out
  --seconds N           length of a measurement, 1 where left out; it is warmed up for half as long
  --with a,b            more clients: go, python
  --raw                 the floor as well: node:http2 and frames written by hand, get only
  --only a,b            these clients and no others, the first compared with the rest
  --embedded            on the embedded server, without the clients that do not speak protocol v1
  --address HOST:PORT   on this server, rather than one that is started and stopped
  --build FOLDER        the build to be measured, dist where left out
  --before FOLDER       another build to compare it with
  --write-docs          writes the results to docs/performance.md and docs/performance.svg`

/** @throws {TypeError} an option is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      workloads: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      with: { type: 'string' },
      raw: { type: 'boolean', default: false },
      only: { type: 'string' },
      embedded: { type: 'boolean', default: false },
      address: { type: 'string' },
      build: { type: 'string', default: 'dist' },
      before: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  })
  const seconds = positive('seconds', values.seconds ?? (values.quick ? '0.4' : '1'))
  const clients = [
    'ours',
    ...(values.before === undefined ? [] : ['before']),
    ...(values.embedded ? [] : ['official']),
    ...list(values.with),
    ...(values.raw ? ['raw'] : []),
  ]
  return {
    help: values.help,
    clients: values.only === undefined ? clients : list(values.only),
    workloads: workloadsOf(list(values.workloads), values.quick),
    rounds: positive('rounds', values.rounds ?? (values.quick ? '3' : '5')),
    seconds,
    warmUpSeconds: seconds / 2,
    embedded: values.embedded,
    address: values.address,
    build: resolve(values.build),
    before: resolve(values.before ?? 'dist'),
    writeDocs: values['write-docs'],
  }
}

function workloadsOf(names: readonly string[], quick: boolean): readonly Workload[] {
  if (names.length === 0)
    return quick ? WORKLOADS.filter(({ name }) => QUICK_WORKLOADS.includes(name)) : WORKLOADS
  return names.map((asked) => {
    const workload = [...WORKLOADS, ...LONG_WORKLOADS].find(({ name }) => name === asked)
    if (workload === undefined) throw new TypeError(`There is no workload '${asked}'\n\n${USAGE}`)
    return workload
  })
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  throw new TypeError(`--${option} is '${text}'; pass a number above 0`)
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').filter((part) => part !== '')
}
