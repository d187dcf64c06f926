import { javascript } from 'projen';
import { ActionRefs, GitHub, GithubWorkflow, workflows } from 'projen/lib/github';

/** v6.4.0 by its commit; projen names this action, and no other of these, by a tag. */
const SETUP_NODE = 'actions/setup-node@48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e';

/** Its npm is 11.5.1 or later, as trusted publishing needs. */
const NODE = '24';
const RUNNER = ['ubuntu-24.04'];
const READ = { contents: workflows.JobPermission.READ };

const checkout: workflows.JobStep = { name: 'check out', uses: ActionRefs.ACTIONS_CHECKOUT, with: { 'persist-credentials': false } };
const setUpNode = (version: string, more: Record<string, string> = {}): workflows.JobStep => ({
  name: 'set up Node.js', uses: SETUP_NODE, with: { 'node-version': version, 'package-manager-cache': false, ...more },
});
const downloadArtifacts: workflows.JobStep = {
  name: 'download what was packed', uses: ActionRefs.ACTIONS_DOWNLOAD_ARTIFACT, with: { name: 'package', path: 'artifacts' },
};

/** The workflows of GitHub: what runs for each pull request, and what a tag publishes. docs/releasing.md is about them. */
export function addWorkflows(project: javascript.NodeProject): void {
  const github = GitHub.of(project)!;
  addBuild(github);
  addRelease(github);
}

function addBuild(github: GitHub): void {
  const build = new GithubWorkflow(github, 'build');
  build.on({ pullRequest: {}, push: { branches: ['main'] }, workflowCall: {} });
  build.addJob('generated', {
    name: 'what is generated is committed, Node.js ${{ matrix.node }}',
    runsOn: RUNNER,
    permissions: READ,
    timeoutMinutes: 20,
    strategy: { matrix: { domain: { node: ['20', NODE] } } },
    steps: [
      checkout,
      setUpNode('${{ matrix.node }}'),
      { name: 'install', run: 'npm ci' },
      { name: 'build and test', run: 'npx projen build' },
      { name: 'compare with what is committed', run: 'git add --all && git diff --staged --exit-code' },
    ],
  });
  build.addJob('test', {
    name: 'all tests that need no Kubernetes',
    runsOn: RUNNER,
    permissions: READ,
    timeoutMinutes: 45,
    steps: [
      checkout,
      setUpNode('20'),
      // As root, as it installs servers and makes a network namespace. A runner has no three nodes to drain and to cut off.
      { name: 'test', run: 'sudo env "PATH=$PATH" E2E_LAB=none .ci/run' },
    ],
  });
}

function addRelease(github: GitHub): void {
  const release = new GithubWorkflow(github, 'release', { limitConcurrency: true, concurrencyOptions: { cancelInProgress: false } });
  release.on({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  release.addJob('build', { name: 'build', permissions: READ, uses: './.github/workflows/build.yml' });
  release.addJob('pack', {
    name: 'pack',
    needs: ['build'],
    runsOn: RUNNER,
    permissions: READ,
    timeoutMinutes: 20,
    steps: [
      checkout,
      setUpNode(NODE),
      { name: 'find the notes', run: FIND_NOTES },
      { name: 'install', run: 'npm ci' },
      { name: 'compile and pack', run: PACK },
      { name: 'list what an installation has', run: LIST_MATERIALS },
      {
        name: 'upload',
        uses: ActionRefs.ACTIONS_UPLOAD_ARTIFACT,
        with: { 'name': 'package', 'path': 'artifacts', 'if-no-files-found': 'error' },
      },
    ],
  });
  // The job that npm trusts runs nothing of the project and of its dependencies.
  release.addJob('publish', {
    name: 'publish to npm',
    needs: ['pack'],
    runsOn: RUNNER,
    permissions: { idToken: workflows.JobPermission.WRITE },
    environment: 'npm',
    timeoutMinutes: 10,
    steps: [
      downloadArtifacts,
      setUpNode(NODE, { 'registry-url': 'https://registry.npmjs.org' }),
      { name: 'publish', run: 'npm publish --provenance --access public --ignore-scripts ./artifacts/*.tgz' },
    ],
  });
  release.addJob('announce', {
    name: 'make the release on GitHub',
    needs: ['publish'],
    runsOn: RUNNER,
    permissions: { contents: workflows.JobPermission.WRITE },
    timeoutMinutes: 10,
    steps: [
      downloadArtifacts,
      {
        name: 'release',
        env: { GH_TOKEN: '${{ github.token }}' },
        run: [
          'gh release create "$GITHUB_REF_NAME" --repo "$GITHUB_REPOSITORY" --verify-tag --title "$GITHUB_REF_NAME" \\',
          '  --notes-file artifacts/notes.md ./artifacts/*.tgz ./artifacts/*.cdx.json',
        ].join('\n'),
      },
    ],
  });
}

/** A version without a section in CHANGELOG.md is not released. */
const FIND_NOTES = `mkdir artifacts
awk -v version="\${GITHUB_REF_NAME#v}" '/^## / { found = $2 == version; next } found' CHANGELOG.md > artifacts/notes.md
grep -q '[^[:space:]]' artifacts/notes.md || { echo "::error::CHANGELOG.md has no section $GITHUB_REF_NAME"; exit 1; }`;

/** The version is the tag's; in the repository it stays 0.0.0. */
const PACK = `npm version --no-git-tag-version "\${GITHUB_REF_NAME#v}"
npx projen compile
npm pack --ignore-scripts --pack-destination artifacts`;

/** The library has peers only, so npm lists them (as an SBOM) where it is installed. */
const LIST_MATERIALS = `mkdir installed
cd installed
echo '{ "name": "installation", "version": "0.0.0", "private": true }' > package.json
npm install --ignore-scripts --no-audit --no-fund ../artifacts/*.tgz
npm sbom --sbom-format cyclonedx --sbom-type library > "../artifacts/$GITHUB_REF_NAME.cdx.json"`;
