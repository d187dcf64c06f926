/** The outcome of a promise that may never settle; fails, naming what was waited for, when it does not in time. */
export async function within<Type>(seconds: number, what: string, promise: Promise<Type>): Promise<Type> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
