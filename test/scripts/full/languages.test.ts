import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LibraryCopy, run } from '../../support/packages/packed-library';
import { readFiles, runExample } from '../../support/pages/examples';

/** Go and Java need their toolchains, and minutes; their registries may lack the newest cdk8s, so that it is packed as well. */
const MODULES = ['constructs', 'cdk8s', 'cdk8s-plus-28'];
const GO_MODULES = {
  constructs: 'github.com/aws/constructs-go/constructs/v10',
  cdk8s: 'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2',
  cdk8splus28: 'github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2',
  cdk8srediscluster: 'github.com/cdk8s-redis-cluster/cdk8s-redis-cluster-go/cdk8srediscluster',
};
const example = join(__dirname, '..', '..', '..', 'examples', 'sessions');

let library: LibraryCopy;

beforeAll(() => {
  library = new LibraryCopy();
});

afterAll(() => library.remove());

/** A folder for the program's own project, and one for what it writes. */
function folders(language: string): { project: string; outdir: string } {
  const project = join(library.folder, `${language}-project`);
  mkdirSync(project);
  return { project, outdir: join(project, 'yaml') };
}

test('the example `sessions` in Go writes the same bytes', () => {
  const artifacts = library.pack('go', ...MODULES);
  const { project, outdir } = folders('go');
  cpSync(join(example, 'main.go'), join(project, 'main.go'));
  run(project, 'go', ['mod', 'init', 'sessions']);
  Object.entries(GO_MODULES).forEach(([folder, name]) => run(project, 'go', ['mod', 'edit', `-replace=${name}=${join(artifacts, folder)}`]));
  run(project, 'go', ['mod', 'tidy']);

  run(project, 'go', ['run', '.'], { CDK8S_OUTDIR: outdir });

  expect(run(project, 'gofmt', ['-l', '.'])).toBe('');
  expect(readFiles(outdir)).toEqual(runExample('sessions'));
});

test('the example `sessions` in Java writes the same bytes', () => {
  const artifacts = library.pack('java', ...MODULES);
  const { project, outdir } = folders('java');
  writeFileSync(join(project, 'pom.xml'), `<project>
    <modelVersion>4.0.0</modelVersion>
    <groupId>example</groupId><artifactId>sessions</artifactId><version>1</version>
    <repositories><repository><id>packed</id><url>file://${artifacts}</url></repository></repositories>
    <dependencies><dependency>
      <groupId>io.github.cdk8s-redis-cluster</groupId><artifactId>cdk8s-redis-cluster</artifactId><version>0.0.0</version>
    </dependency></dependencies>
  </project>`);
  // A repository of its own for what Maven keeps: version 0.0.0 of another run would be taken instead.
  const classPath = join(project, 'class-path');
  run(project, 'mvn', ['--batch-mode', '--quiet', `-Dmaven.repo.local=${join(project, 'repository')}`, 'dependency:build-classpath', `-Dmdep.outputFile=${classPath}`]);

  run(project, 'sh', ['-c', 'exec java -cp "$(cat "$0")" "$1"', classPath, join(example, 'Main.java')], { CDK8S_OUTDIR: outdir });

  expect(readFiles(outdir)).toEqual(runExample('sessions'));
});
