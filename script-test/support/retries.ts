/** Real servers have real timeouts, which a machine that stands still for seconds exceeds; .ci/run names what needed another attempt. */
jest.retryTimes(Number(process.env.TEST_RETRIES ?? 0), { logErrorsBeforeRetry: true });
