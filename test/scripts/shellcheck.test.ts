import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../support/execute';

const assets = join(__dirname, '..', '..', 'assets');
const scripts = readdirSync(assets).filter(file => file.endsWith('.sh'));

test.each(scripts)('shellcheck has nothing to say of %s', async script => {
  const { code, output } = await execute('shellcheck', ['--external-sources', '--source-path=SCRIPTDIR', '--shell=sh', join(assets, script)]);
  expect(output).toBe('');
  expect(code).toBe(0);
});

test.each(scripts)('dash and busybox can parse %s', async script => {
  for (const shell of [['dash'], ['busybox', 'sh']]) {
    expect(await execute(shell[0], [...shell.slice(1), '-n', join(assets, script)])).toMatchObject({ code: 0, output: '' });
  }
});
