import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Job {
  readonly 'permissions': Record<string, string>;
  readonly 'needs'?: string;
  readonly 'steps'?: Step[];
  readonly 'timeout-minutes'?: number;
}

const root = join(__dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const texts = Object.fromEntries(readdirSync(folder).map(file => [file, readFileSync(join(folder, file), 'utf8')]));
const jobsOf = (file: string): Record<string, Job> => parse(texts[file], { strict: true, uniqueKeys: true }).jobs;
const release = jobsOf('release.yml');
const jobs = Object.keys(texts).flatMap(file => Object.entries(jobsOf(file)).map(([name, job]) => ({ name: `${file}: ${name}`, job })));
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map(step => ({ name: `${name}: ${step.name}`, step })));
const commandOf = (job: Job, name: string): string => job.steps!.find(step => step.name === name)!.run!;

test('a job may do no more than it needs, and only two of a release may write', () => {
  expect(Object.keys(texts)).toEqual(['build.yml', 'release.yml']);
  expect(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]))).toEqual({
    'build.yml: generated': { contents: 'read' },
    'build.yml: test': { contents: 'read' },
    'release.yml: build': { contents: 'read' },
    'release.yml: pack': { contents: 'read' },
    'release.yml: publish': { 'id-token': 'write' },
    'release.yml: announce': { contents: 'write' },
  });
  expect(jobs.filter(({ job }) => job.steps && !job['timeout-minutes'])).toEqual([]);
});

test('jobs that may write run nothing of the project or of its dependencies, only what was packed before', () => {
  const writing = jobs.filter(({ job }) => Object.values(job.permissions).includes('write')).flatMap(({ job }) => job.steps!);
  expect(writing.filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
  expect(writing.flatMap(({ run }) => run ?? [])).toEqual([expect.stringMatching(/^npm publish [^&;|\n]*$/), expect.stringMatching(/^gh release create [^&;|]*$/)]);
});

test('actions are pinned to a commit, and a checkout leaves no token behind', () => {
  const actions = steps.flatMap(({ step }) => step.uses ?? []);
  expect(actions.length).toBeGreaterThan(8);
  expect(actions.filter(action => !/^actions\/[a-z-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  expect(steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)).toEqual([]);
});

test('no secret is used, and no text of an event becomes part of a command', () => {
  expect(Object.values(texts).join('')).not.toMatch(/secrets\.|_TOKEN: (?!\$\{\{ github\.token \}\}$)/m);
  expect(steps.filter(({ step }) => step.run?.includes('${{')).map(({ name }) => name)).toEqual([]);
});

test('a version is published once all tests have passed, from its tag, with provenance', () => {
  expect(parse(texts['release.yml']).on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  expect(Object.entries(release).map(([name, { needs }]) => [name, needs])).toEqual(
    [['build', undefined], ['pack', 'build'], ['publish', 'pack'], ['announce', 'publish']]);
  expect(release.build).toMatchObject({ uses: './.github/workflows/build.yml' });
  expect(parse(texts['build.yml']).on).toHaveProperty('workflow_call');
  expect(commandOf(release.publish, 'publish')).toMatch(/ --provenance .*--ignore-scripts /);
});

test('provenance names the repository that package.json names, and Construct Hub finds the package', () => {
  const { repository, keywords, license, stability } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(repository).toEqual({ type: 'git', url: expect.stringMatching(/^https:\/\/github\.com\/[\w-]+\/cdk8s-redis-cluster\.git$/) });
  expect({ keywords, license, stability }).toEqual({ keywords: expect.arrayContaining(['cdk', 'cdk8s']), license: 'Apache-2.0', stability: 'experimental' });
});

test('every command is one that a shell can read', () => {
  const commands = steps.flatMap(({ name, step }) => step.run === undefined ? [] : [[name, step.run] as const]);
  expect(commands.length).toBeGreaterThan(8);
  expect(commands.filter(([, run]) => spawnSync('bash', ['-n', '-c', run]).status !== 0)).toEqual([]);
});

describe('the notes of a release', () => {
  const changelog = '# Changelog\n\n## Unreleased\n\n- soon\n\n## 0.2.0 (2026-12-01)\n\n### Added\n\n- this\n\n## 0.1.0\n\n- that\n\n## 0.0.1\n';
  const notes = (tag: string) => {
    const place = mkdtempSync(join(tmpdir(), 'release-'));
    writeFileSync(join(place, 'CHANGELOG.md'), changelog);
    // As GitHub runs it.
    const { status, stdout } = spawnSync('bash', ['-e', '-c', commandOf(release.pack, 'find the notes')],
      { cwd: place, encoding: 'utf8', env: { ...process.env, GITHUB_REF_NAME: tag } });
    const text = readFileSync(join(place, 'artifacts', 'notes.md'), 'utf8').trim();
    rmSync(place, { recursive: true });
    return { status, stdout, text };
  };

  test('are the section of its version', () => {
    expect(notes('v0.2.0')).toEqual({ status: 0, stdout: '', text: '### Added\n\n- this' });
    expect(notes('v0.1.0')).toEqual({ status: 0, stdout: '', text: '- that' });
  });

  test.each(['v0.3.0', 'v0.0.1'])('must be there: %s has none', tag => {
    expect(notes(tag)).toEqual({ status: 1, stdout: `::error::CHANGELOG.md has no section ${tag}\n`, text: '' });
  });
});
