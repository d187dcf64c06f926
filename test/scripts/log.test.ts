import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { SHELLS } from '../support/servers/shells';

const common = join(__dirname, '..', '..', 'assets', 'common.sh');

/** The lines that a script prints after it has read common.sh. */
function logOf(shell: string, script: string, environment: Record<string, string> = {}): string[] {
  const output = execFileSync(shell, ['-c', `. '${common}'\n${script}`], { encoding: 'utf8', env: { PATH: process.env.PATH, ...environment } });
  return output.split('\n').slice(0, -1);
}

describe.each(SHELLS)('what is said in %s', (_name, path, shell) => {
  const odd = 'say \'node "a\\n" replied: %s\ta\nb\r ü\'';

  test('is a line, whatever a server replied', () => {
    expect(logOf(shell, odd, path)).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d node "a\\n" replied: %s a b {2}ü$/)]);
  });

  test('is an object with the time and the message, in JSON', () => {
    const [line, ...rest] = logOf(shell, odd, { ...path, LOG_FORMAT: 'json' });
    expect(rest).toEqual([]);
    const { time, message, ...more } = JSON.parse(line);
    expect(message).toBe('node "a\\n" replied: %s a b  ü');
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000);
    expect(more).toEqual({});
  });

  /** Says what is asked for at some seconds. */
  const said = (...asked: [number, string][]) => logOf(shell, [
    'date() { if [ "$1" = +%s ]; then echo "$((10000 + second))"; else echo "$second"; fi; }',
    ...asked.map(([second, text]) => `second=${second}; say_once '${text}'`),
  ].join('\n'), path);

  test('is said once, however long the trouble lasts', () => {
    const lasting = Array.from({ length: 40 }, (_, look): [number, string] => [look * 15, 'down']);
    expect(said(...lasting)).toEqual(['0 down']);
  });

  test('is said again when the trouble had been over for two minutes', () => {
    expect(said([0, 'down'], [30, 'up'], [60, 'down'], [190, 'down'])).toEqual(['0 down', '30 up', '190 down']);
    expect(said([0, 'down'], [3600, 'down'])).toEqual(['0 down', '3600 down']);
  });

  test('is each said, however many there are', () => {
    expect(said([0, 'down'], [1, 'down and out'], [2, 'out'], [61, 'out'], [125, 'out'], [126, 'down'])).toEqual(['0 down', '1 down and out', '2 out', '126 down']);
  });
});
