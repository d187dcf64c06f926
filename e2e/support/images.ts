/** The images under test; every one can be replaced by the environment. */
export const images = {
  redis: process.env.E2E_REDIS_IMAGE ?? 'redis:6.2',
  /** What a cluster of `redis` is rolled out to. */
  nextRedis: process.env.E2E_NEXT_REDIS_IMAGE ?? 'redis:7.0',
  newestRedis: process.env.E2E_NEWEST_REDIS_IMAGE ?? 'redis:8.0',
  valkey: process.env.E2E_VALKEY_IMAGE ?? 'valkey/valkey:8.1',
  kubectl: process.env.E2E_KUBECTL_IMAGE ?? 'alpine/kubectl:1.34.1',
};
