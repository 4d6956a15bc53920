/** How often a race is run: ten times in the daily run, more where TEST_ROUNDS says so. */
export const rounds = Number(process.env['TEST_ROUNDS'] ?? 10);

export async function inRounds(race: (round: number) => Promise<void>): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) await race(round);
}
