import { App, Chart } from 'cdk8s';
import { askServer } from '../../projenrc/ask-server';
import { readTable } from '../../projenrc/version-facts';
import { RedisConfig } from '../../src';
import { ConfiguredServer, versionOfThisMachine as version } from '../support/servers/configured-server';

const ADDRESS = '127.0.7.2';

test('the table has the commands and categories that the server of this machine tells, and no others', async () => {
  const { name, facts } = await askServer(['redis-server']);
  const known = readTable().get(name)!;

  expect(name).toBe(version.name);
  expect([...known.commands].sort()).toEqual([...facts.commands].sort());
  expect([...known.categories].sort()).toEqual([...facts.categories].sort());
});

test('the server takes every command and category of the table as a rule', async () => {
  const { content, port } = new RedisConfig(new Chart(new App(), 'test'), 'Config', { version });
  const { commands, categories } = readTable().get(version.name)!;
  const server = new ConfiguredServer({ address: ADDRESS, port });
  try {
    await server.start(content, ['--bind', ADDRESS]);
    const rules = [...categories.map(name => `+@${name}`), ...commands.map(name => `-${name}`), ...commands.map(name => `+${name}`)];
    expect(server.command('ACL', 'SETUSER', 'everything', ...rules)).toBe('OK');
  } finally {
    await server.stop();
  }
});
