// The heap over time, and whether it grows: a line fitted to samples that are taken after a collection.

/** What the first minutes fill does not count as growth: caches, and what the oracle has not judged yet. */
const WARM_UP_MINUTES = 2
const LEAST_SAMPLES = 8
/** More than this, and more than chance explains, is growth. */
const MOST_GROWTH = 0.1
const BYTES_PER_MEGABYTE = 1024 * 1024

export interface Sample {
  readonly minute: number
  readonly megabytes: number
  readonly handles: number
}

/** The line through samples; its error is the standard error of the slope. */
export interface Fit {
  readonly samples: number
  readonly meanMegabytes: number
  readonly megabytesPerMinute: number
  readonly error: number
  /** How much it grew from the first sample to the last, as a share of the mean. */
  readonly growth: number
}

/** The heap now, after a collection if Node.js runs with `--expose-gc`. */
export function heapMegabytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / BYTES_PER_MEGABYTE
}

/** The line through the samples after the first minutes; `undefined` if they are too few. */
export function fitOf(samples: readonly Sample[]): Fit | undefined {
  const warm = samples.filter(({ minute }) => minute >= WARM_UP_MINUTES)
  if (warm.length < LEAST_SAMPLES) return undefined
  const mean = (of: (sample: Sample) => number): number =>
    warm.reduce((sum, sample) => sum + of(sample), 0) / warm.length
  const meanMinute = mean(({ minute }) => minute)
  const meanMegabytes = mean(({ megabytes }) => megabytes)
  const spread = mean(({ minute }) => (minute - meanMinute) ** 2)
  const slope = mean(({ minute, megabytes }) => (minute - meanMinute) * (megabytes - meanMegabytes)) / spread
  const residual = mean(
    ({ minute, megabytes }) => (megabytes - meanMegabytes - slope * (minute - meanMinute)) ** 2,
  )
  const minutes = (warm.at(-1)?.minute ?? 0) - (warm[0]?.minute ?? 0)
  return {
    samples: warm.length,
    meanMegabytes,
    megabytesPerMinute: slope,
    error: Math.sqrt(residual / spread / (warm.length - 2)),
    growth: (slope * minutes) / meanMegabytes,
  }
}

export function isGrowing({ megabytesPerMinute, error, growth }: Fit): boolean {
  return growth > MOST_GROWTH && megabytesPerMinute > 3 * error
}
