/** Let everything happen that waits for no clock. */
export async function rest() {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
