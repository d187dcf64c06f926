import { cdk8s, javascript, JsonFile, typescript, YamlFile } from 'projen';
import { addWorkflows } from './projenrc/workflows';

/** The library by its name, where Jest runs an example. */
const RUN = { globalSetup: '<rootDir>/test/support/run-start.ts', globalTeardown: '<rootDir>/test/support/run-end.ts' };
const LIBRARY = { '^cdk8s-redis-cluster$': '<rootDir>/src' };

/** What writes dist/: the first example. Node 22 and later keep what they compiled for the next time. */
const SYNTH = 'tsx --tsconfig examples/tsconfig.json examples/default/main.ts';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-redis-cluster',
  description: 'Redis Cluster on Kubernetes as typed cdk8s constructs: plain YAML, no operator',
  keywords: ['cdk8s', 'constructs', 'kubernetes', 'redis', 'redis-cluster', 'statefulset', 'valkey'], // Construct Hub finds it by `cdk8s`
  author: 'cdk8s-redis-cluster contributors',
  authorAddress: 'maintainers@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk8s-redis-cluster/cdk8s-redis-cluster.git',
  homepage: 'https://github.com/cdk8s-redis-cluster/cdk8s-redis-cluster#readme',
  bugsUrl: 'https://github.com/cdk8s-redis-cluster/cdk8s-redis-cluster/issues',
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  stability: 'experimental', // version 0
  copyrightOwner: 'cdk8s-redis-cluster contributors',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0', // also makes projen choose @types/node 20
  projenVersion: '0.103.25',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),

  // What users may have (peers), and what we build against.
  cdk8sVersion: '2.68.12',
  constructsVersion: '10.3.0',
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'cdk8s@2.70.106', 'cdk8s-plus-28@2.5.6', 'constructs@10.8.1', 'cdk8s-cli@2.207.60', 'tsx@4.23.15',
    '@grafana/grafana-foundation-sdk@0.0.21', // the types of dashboards
    'esbuild@0.28.2', // the one that tsx has
    'fast-check@^4', // props at random
    'ioredis', // the clients that keep writing in test/e2e/
    'yaml', // reads dist/ and the original YAML in tests
  ],

  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3', // 7 has no JavaScript API, which jsii and ts-jest need
  artifactsDirectory: 'artifacts', // jsii-pacmak's output; dist/ is for the YAML
  entrypoint: 'lib/index.js', // made of lib/src/ by projenrc/bundle-library.ts
  // rootDir is ".", so that imports/ compiles too; source maps inside the compiled files were three quarters of what every synth reads.
  tsconfig: { compilerOptions: { rootDir: '.', inlineSourceMap: false, inlineSources: false }, include: ['imports/**/*.ts'] },
  tsconfigDev: {
    // Examples import the library by its name, as they do in a project of their own.
    compilerOptions: { paths: { 'cdk8s-redis-cluster': ['../src/index.ts'] } },
    include: ['../bench/**/*.ts', '../examples/**/*.ts'],
  },

  typecheckTests: true, // jsii projects would run ts-jest in isolatedModules mode
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // what tests compare with changes only by `npm run test:update`
    passWithNoTests: false,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // as it comes, Jest leaves one of two cores idle
      ...RUN,
      setupFilesAfterEnv: ['<rootDir>/test/support/quiet.ts'],
      moduleNameMapper: LIBRARY,
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'bench', 'examples', 'projenrc'], prettier: false },
  gitignore: ['/artifacts/'],
  // Workflows are in projenrc/workflows.ts. Those that projen makes take artifacts from dist/, which is for the YAML here, and
  // publish with the latest version of a tool, whatever it is.
  githubOptions: { mergify: false, pullRequestLint: false },
  pullRequestTemplate: false,
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
});

project.addFields({ types: 'lib/src/index.d.ts' });
project.compileTask.exec('tsx projenrc/bundle-library.ts');
project.npmignore?.exclude('/lib/*/**/*.js'); // lib/index.js has them all
// The packages of other languages: their names, but nothing that publishes them, as .NET was never built (docs/languages.md).
const manifest = project.tryFindObjectFile('package.json');
manifest?.addOverride('jsii.targets', {
  python: { distName: 'cdk8s-redis-cluster', module: 'cdk8s_redis_cluster' },
  java: { package: 'io.github.cdk8srediscluster', maven: { groupId: 'io.github.cdk8s-redis-cluster', artifactId: 'cdk8s-redis-cluster' } },
  go: { moduleName: 'github.com/cdk8s-redis-cluster/cdk8s-redis-cluster-go' },
  dotnet: { namespace: 'Cdk8sRedisCluster', packageId: 'Cdk8sRedisCluster' },
});
manifest?.addOverride('jest.testMatch', ['<rootDir>/test/unit/*.test.ts']); // projen would add all of test/
project.gitignore.removePatterns('/dist/'); // dist/*.yaml is committed
project.gitignore.exclude('/examples/*/dist/'); // what an example writes when it is run there; examples/*/yaml/ is committed
for (const path of ['artifacts', '/imports/', '/crds/', '/cdk8s.yaml', '/bench/', '/examples/', '/docs/', '/.ci/', '/dist/', '/CONTRIBUTING.md', '/jest.*.json', '/*.tsbuildinfo']) {
  project.npmignore?.exclude(path);
}
project.gitattributes.addAttributes('/dist/scripts.yaml', 'linguist-generated'); // the scripts are reviewed in assets/
project.gitattributes.addAttributes('/src/versions/version-table.ts', 'linguist-generated'); // what servers say of themselves
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true'); // the lock names no registry
project.package.addPackageResolutions('unrs-resolver@1.12.2'); // later ones lock platform packages that `npm ci` misses
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// ESLint and editors take the nearest tsconfig.json; `npm test` type-checks all of them by test/tsconfig.json.
for (const folder of ['bench', 'examples']) {
  new JsonFile(project, `${folder}/tsconfig.json`, { obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] } });
}

project.eslint?.addRules({ 'import/no-unresolved': ['error', { ignore: ['^cdk8s-redis-cluster$'] }] }); // the library by its name: TypeScript checks it

// The layers that need more than Node run by their own tasks; `.ci/run` calls them.
for (const [layer, seconds, more] of [
  ['scripts', 240, { ...RUN, maxWorkers: 2 }],
  // The gate: `test/support/kubernetes/selection.ts` says what is in it.
  ['e2e', 900, { maxWorkers: 1, globalSetup: '<rootDir>/test/support/kubernetes/run-start.ts', globalTeardown: '<rootDir>/test/support/kubernetes/run-end.ts' }],
] as const) {
  new JsonFile(project, `jest.${layer}.json`, {
    marker: false,
    obj: {
      rootDir: '.',
      testMatch: [`<rootDir>/test/${layer}/*.test.ts`],
      testTimeout: seconds * 1000,
      setupFilesAfterEnv: ['<rootDir>/test/support/quiet.ts'],
      moduleNameMapper: LIBRARY,
      ...more,
      transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
    },
  });
  project.addTask(`test:${layer}`, { exec: `jest --config jest.${layer}.json`, receiveArgs: true });
}

project.addTask('test:languages:full', {
  description: 'The packages of Go and Java, with their toolchains: minutes',
  exec: 'jest --testMatch "<rootDir>/test/scripts/full/languages.test.ts" --config jest.scripts.json --testTimeout 1200000',
  receiveArgs: true,
});

project.addTask('test:e2e:full', {
  description: 'End to end on all versions, in both modes, with repetitions and beside the original YAML: writes docs/faults.md and docs/day-two.md',
  env: { E2E_FULL: '1', E2E_REPORT: 'docs' },
  exec: 'jest --testMatch "<rootDir>/test/e2e/**/*.test.ts" --config jest.e2e.json',
  receiveArgs: true,
});

addWorkflows(project);

new YamlFile(project, 'cdk8s.yaml', {
  obj: { language: 'typescript', app: `npx ${SYNTH}`, output: 'dist', importDirectory: 'imports', imports: ['crds/certificates.yaml', 'crds/monitoring.yaml'] },
});
project.addTask('import', { description: 'Regenerates imports/ from crds/', exec: 'cdk8s import --no-check-upgrade' });
project.addTask('version-table', {
  description: 'Regenerates src/versions/version-table.ts; arguments are commands of servers, whose lines it then has as they are',
  exec: 'tsx projenrc/update-version-table.ts',
  receiveArgs: true,
});
project.addTask('dashboard', { description: 'Regenerates dashboards/', exec: 'tsx projenrc/dashboard/write.ts' });
project.addTask('synth', {
  description: 'Compiles, then writes dist/ (only if all of it could be rendered)',
  env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
  steps: [{ exec: 'jsii --silence-warnings=reserved-word' }, { exec: SYNTH }],
});
project.postCompileTask.prependExec(SYNTH);

// Everything that tests compare with what is rendered: dist/, examples/, test/unit/golden/ and Jest's own snapshots.
const update = project.tasks.tryFind('test:update');
update?.env('GOLDEN', 'update');
update?.prependSpawn(project.tasks.tryFind('synth')!);

project.synth();
