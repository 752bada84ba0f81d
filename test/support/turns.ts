// Turns of the event loop, for what waits for nothing but its turn: no time passes, so timers may be fake.

/** Lets all promises settle that wait for each other only. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

/** Lets sockets of this process be written and read as well. */
export async function socketTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
}
