// What a cache on the server tells without being asked.

export interface CacheEvents {
  /** All its entries were removed at once, by whomever. */
  truncated(): void
  /** It was destroyed, by whomever; nothing more can be done with it. */
  destroyed(): void
}
