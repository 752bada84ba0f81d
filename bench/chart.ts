// The chart of docs/performance.md: processor time for one call, as bars, the first client's as 1.
import type { Client } from './clients'
import type { Measurements } from './measurements'
import { shortNumber } from './statistics'
import type { Workload } from './workloads'

const BAR = 14
const GAP = 14
const LEFT = 250
const WIDTH = 760
const TOP = 56
const COLORS = ['#1f6f8b', '#c06014', '#7a8b99', '#99a88c', '#b8a1c9']

interface Bar {
  readonly label: string
  readonly color: string
  readonly times: number
  readonly micros: number
}

/** An SVG without scripts or fonts of its own; light and dark pages show it alike. */
export function cpuChart(
  measurements: Measurements,
  clients: readonly Client[],
  workloads: readonly Workload[],
): string {
  const groups = workloads.flatMap((workload) => {
    const bars = barsOf(measurements, clients, workload)
    return bars.length < 2 ? [] : [{ title: workload.about, bars }]
  })
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ times }) => times)))
  const scale = (WIDTH - LEFT - 120) / longest
  let y = TOP
  const parts: string[] = []
  for (const { title, bars } of groups) {
    parts.push(textAt(LEFT - 10, y + (bars.length * BAR) / 2 + 4, title, 'end'))
    for (const { color, times, micros } of bars) {
      const width = Math.max(1, times * scale)
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${color}"/>`,
      )
      parts.push(
        textAt(LEFT + width + 6, y + BAR - 4, `${shortNumber(times)} (${shortNumber(micros)} us)`, 'start'),
      )
      y += BAR
    }
    y += GAP
  }
  const legend = clients.map(({ label }, index) => {
    const x = 12 + index * 190
    return `<rect x="${x}" y="30" width="12" height="12" fill="${colorOf(index)}"/>${textAt(x + 18, 40, label, 'start')}`
  })
  const heading = textAt(
    12,
    18,
    'Processor time of the client for one call, coherence-ts = 1 (shorter is better)',
    'start',
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    heading,
    ...legend,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function barsOf(measurements: Measurements, clients: readonly Client[], workload: Workload): Bar[] {
  const [first] = clients
  const unit = first && measurements.figure(workload, first.name, 'cpuMicros')?.median
  if (unit === undefined) return []
  return clients.flatMap(({ name, label }, index) => {
    const micros = measurements.figure(workload, name, 'cpuMicros')?.median
    return micros === undefined ? [] : [{ label, color: colorOf(index), times: micros / unit, micros }]
  })
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? '#000000'
}

function textAt(x: number, y: number, text: string, anchor: 'start' | 'end'): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#222222">${escaped}</text>`
}
