// The tables: for people in a terminal, and in docs/performance.md.
import type { Client } from './clients'
import type { Figure, Measurements } from './measurements'
import { shortNumber, type Spread } from './statistics'
import type { Workload } from './workloads'

const COLUMNS: readonly (readonly [heading: string, figure: Figure])[] = [
  ['calls/s', 'callsPerSecond'],
  ['CPU us/call', 'cpuMicros'],
  ['p50 ms', 'p50Millis'],
  ['p99 ms', 'p99Millis'],
  ['peak MiB', 'peakMebibytes'],
  ['grown by MiB', 'growthMebibytes'],
  ['first entry ms', 'firstEntryMillis'],
  ['wall ms', 'wallMillis'],
  ['CPU ms', 'startCpuMillis'],
]

/** The table in Markdown, which is readable as it is: medians, with the lowest and the highest of the rounds. */
export function figuresTable(
  measurements: Measurements,
  clients: readonly Client[],
  workloads: readonly Workload[],
): string {
  const used = COLUMNS.filter(([, figure]) =>
    workloads.some((workload) =>
      clients.some((client) => measurements.figure(workload, client.name, figure) !== undefined),
    ),
  )
  const rows = workloads.flatMap((workload) =>
    clients
      .filter((client) => used.some(([, figure]) => measurements.figure(workload, client.name, figure)))
      .map((client) => [
        workload.name,
        client.label,
        ...used.map(([, figure]) => text(measurements.figure(workload, client.name, figure))),
      ]),
  )
  return table(['workload', 'client', ...used.map(([heading]) => heading)], rows)
}

/** What `clients[0]` takes as a multiple of what the others take: below 1 is better than they are. */
export function ratiosTable(
  measurements: Measurements,
  [first, ...others]: readonly Client[],
  workloads: readonly Workload[],
): string {
  if (first === undefined) return ''
  const rows = workloads.flatMap((workload) =>
    others.flatMap((other) => {
      const ratio = (figure: Figure): string =>
        text(measurements.ratio(workload, first.name, other.name, figure))
      const cpu = workload.operation === 'first' ? ratio('startCpuMillis') : ratio('cpuMicros')
      const time = { first: ratio('wallMillis'), iterate: ratio('firstEntryMillis') }
      const median = workload.operation in time ? time[workload.operation as 'first'] : ratio('p50Millis')
      return cpu === '' && median === ''
        ? []
        : [[workload.name, other.label, cpu, median, ratio('peakMebibytes')]]
    }),
  )
  return table(['workload', `${first.label} compared with`, 'CPU', 'time', 'memory'], rows)
}

function text(spread: Spread | undefined): string {
  if (spread === undefined) return ''
  const { median, lowest, highest } = spread
  if (lowest === highest) return shortNumber(median)
  return `${shortNumber(median)} (${shortNumber(lowest)}-${shortNumber(highest)})`
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
