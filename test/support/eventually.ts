/**
 * Waits until a condition holds; fails, naming it and the last error, when it does not within the time.
 * A condition that throws does not hold yet: its error says what is missing.
 */
export async function eventually(
  what: string, condition: () => Promise<boolean>, seconds = 20, pauseMilliseconds = 100,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      if (await condition()) {
        return;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise(resolve => setTimeout(resolve, pauseMilliseconds));
  } while (Date.now() < end);
  throw new Error(`not within ${seconds} s: ${what}${last ? ` (${last})` : ''}`);
}
