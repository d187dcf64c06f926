import { RedisUser } from './redis-user';
import { problem } from '../checks/problem';
import { NamesByVersion } from '../versions/names-by-version';
import { nearestName } from '../versions/nearest-name';
import { RedisVersion } from '../versions/redis-version';
import { CATEGORIES, COMMANDS } from '../versions/version-table';

const commandNames = new NamesByVersion(COMMANDS);
const categoryNames = new NamesByVersion(CATEGORIES);

const RULE = /^[+-](@[a-z]+|[a-z][a-z0-9._-]*(\|[a-z0-9_-]+)?)$/i;

/** All problems of what a user may call: a server that does not know a command or category of its users does not start. */
export function validateCommands(prop: string, user: RedisUser, loadsModules: boolean, version: RedisVersion): string[] {
  const { commands = [], moduleCommands = [] } = user;
  const ofModules = new Set(moduleCommands.map(name => name.toLowerCase()));
  return [
    ...commands.flatMap(rule => validateRule(`${prop}.commands`, rule, ofModules, version)),
    ...moduleCommands.filter(name => !RULE.test(`+${name}`)).map(name =>
      problem(`${prop}.moduleCommands`, 'hold names such as json.get, ft.config|get or @json', name, "it is not a name that 'commands' can hold")),
    ...moduleCommands.length === 0 || loadsModules ? [] : [problem(`${prop}.moduleCommands`, "come with a 'loadmodule' in 'config.extraDirectives'",
      moduleCommands.join(', '), 'the server loads no module by itself, and would not start: name the file of the module in the image')],
  ];
}

function validateRule(prop: string, rule: string, ofModules: ReadonlySet<string>, version: RedisVersion): string[] {
  if (!RULE.test(rule)) {
    return [problem(prop, 'hold rules such as +@read, -flushdb or +cluster|slots', rule, 'Redis would refuse to start, or read something else')];
  }
  const name = rule.slice(1).toLowerCase();
  const [command] = name.split('|');
  if (ofModules.has(name) || ofModules.has(command)) {
    return [];
  }
  if (name.startsWith('@')) {
    return name === '@all' || knows(categoryNames, version, name.slice(1)) ? [] : [unknown(prop, 'categories', rule, '@', categoryNames, version)];
  }
  if (command !== name) {
    return validateSubcommand(prop, rule, command, version);
  }
  return knows(commandNames, version, name) ? [] : [unknown(prop, 'commands', rule, '', commandNames, version)];
}

/** Servers know their subcommands from 7.0 on; what follows another command is its first argument, which can only be added. */
function validateSubcommand(prop: string, rule: string, command: string, version: RedisVersion): string[] {
  const name = rule.slice(1).toLowerCase();
  if (!knows(commandNames, version, command)) {
    return [unknown(prop, 'commands', rule, '', commandNames, version)];
  }
  const isAdded = rule.startsWith('+');
  if (!version.atLeast(7, 0)) {
    return isAdded ? [] : [problem(prop, `take whole commands away from ${version.name}`, rule, 'it knows no rule that takes a subcommand away, and would not start')];
  }
  const isContainer = commandNames.namesOf(version).some(known => known.startsWith(`${command}|`));
  if (isContainer) {
    return knows(commandNames, version, name) ? [] : [unknown(prop, 'commands', rule, '', commandNames, version)];
  }
  return isAdded || !version.isKnown ? [] : [problem(prop, `hold '-${command}' alone`, rule, 'it has no subcommands, and Redis would not start')];
}

function knows(names: NamesByVersion, version: RedisVersion, name: string): boolean {
  return names.has(version, name) || names.mayBeNew(version, name);
}

function unknown(prop: string, kind: string, rule: string, sign: string, names: NamesByVersion, version: RedisVersion): string {
  const name = rule.slice(1 + sign.length).toLowerCase();
  const versions = names.versionsWith(name);
  const nearest = nearestName(name, names.namesOf(version));
  const instead = versions ? `it exists in ${versions}` : nearest ? `did you mean '${rule[0]}${sign}${nearest}'?` : "name those of a module in 'moduleCommands' too";
  return problem(prop, `hold ${kind} of ${version.name}`, rule, `${version.isValkey ? 'Valkey' : 'Redis'} would not start with it: ${instead}`);
}
