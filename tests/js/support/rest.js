import { mock } from "node:test";

/** Let everything happen that waits for no clock. */
export async function rest() {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

/** Let so many ms go by on the clocks that the test has stopped, and what they set off happen. */
export async function pass(ms) {
  mock.timers.tick(ms);
  await rest();
}
