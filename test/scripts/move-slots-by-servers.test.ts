import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '../support/execute';

/**
 * Slots that the servers move by themselves, which the redis-server of this machine may be too old for: what move-slots.sh is told and
 * tells. The replies are those of Redis 8.6.3 and of Valkey 9.1.2.
 */

const [SOURCE, TARGET] = ['a'.repeat(40), 'b'.repeat(40)];
const NOW = Math.floor(Date.now() / 1000);

/** Stands for redis-cli: each question for the state of moves has the next of the replies, the last one again and again; the first comes before the move. */
const CLIENT = `#!/bin/sh
host=$4
shift 4
command=\${*:-$(cat)}
case $command in
  'CONFIG GET '*) printf 'cluster-replica-no-failover\\nno\\n' ;;
  'FUNCTION LIST'*) printf 'library_name\\nown\\nPONG\\n' ;;
  *COUNTKEYSINSLOT*) echo "$command" | sed 's/.*/3/' ;;
  *STATUS*|*GETSLOTMIGRATIONS*)
    echo "$host $command" | head -n 1 >> asked
    number=$(wc -l < asked)
    while [ ! -e "state.$number" ]; do number=$((number - 1)); done
    cat "state.$number"
    ;;
  *) echo "$host $command" >> told; cat reply ;;
esac
`;

/** As redis-cli prints a map. */
const printed = (fields: Record<string, unknown>) => Object.entries(fields).map(([name, value]) => `${name}\n${String(value)}\n`).join('');

const redis = (state: string, error = '') => printed({
  id: 'c'.repeat(40),
  slots: '0-1 5',
  source: SOURCE,
  dest: TARGET,
  operation: 'import',
  state,
  last_error: error,
  retries: 0,
  create_time: NOW * 1000,
  start_time: NOW * 1000,
  end_time: -1,
  write_pause_ms: 0,
});

const valkey = (state: string, message = '', name = 'c', time = NOW) => printed({
  name: name.repeat(40),
  operation: 'EXPORT',
  slot_ranges: '0-1 5',
  target_node: TARGET,
  source_node: SOURCE,
  create_time: time,
  last_update_time: time,
  last_ack_time: time,
  state,
  message,
  cow_size: 0,
  remaining_repl_size: 0,
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'move-slots-'));
  writeFileSync(join(folder, 'redis-cli'), CLIENT);
  chmodSync(join(folder, 'redis-cli'), 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Each state is followed by the reply to PING, which is asked with it, unless not all is replied to. */
async function move(how: string, reply: string, states: string[], isWhole = true, before = '') {
  writeFileSync(join(folder, 'reply'), `${reply}\n`);
  writeFileSync(join(folder, 'state.1'), before);
  states.forEach((state, index) => writeFileSync(join(folder, `state.${index + 2}`), isWhole ? `${state}PONG\n` : state));
  const script = join(__dirname, '..', '..', 'assets', 'move-slots.sh');
  const words = ['10.0.0.1', SOURCE, '10.0.0.2', TARGET, '1', how, '0-1', '5-5'];
  const { code, output } = await execute('sh', ['-c', 'cd "$1" && shift && exec "$@"', 'sh', folder, 'sh', script, ...words],
    { ...process.env, PATH: `${folder}:${process.env.PATH}` });
  return { code, output, told: readFileSync(join(folder, 'told'), 'utf8') };
}

const redisTold = '10.0.0.2 CLUSTER MIGRATION IMPORT 0 1 5 5\n';
const valkeyTold = `10.0.0.1 CLUSTER MIGRATESLOTS SLOTSRANGE 0 1 5 5 NODE ${TARGET}\n`;
const OVERLAPPING = 'ERR overlapping import exists for slot range: 0-1';

const FAILED_LONG_AGO = valkey('failed', 'no memory', 'd');

test.each<[string, how: string, reply: string, states: string[], told: string, before: string]>([
  ['Redis', 'target', 'c'.repeat(40), [redis('accumulate-buffer'), redis('completed')], redisTold, ''],
  ['Redis, after one that ended long ago', 'target', 'c'.repeat(40), [redis('canceled', 'a manual failover') + redis('handoff-prep'), redis('completed')], redisTold, ''],
  ['Valkey', 'source', 'OK', [valkey('snapshotting'), valkey('success')], valkeyTold, ''],
  ['Valkey, after one that failed before', 'source', 'OK', [FAILED_LONG_AGO + valkey('snapshotting'), FAILED_LONG_AGO + valkey('success')], valkeyTold, FAILED_LONG_AGO],
])('servers move slots: %s', async (_, how, reply, states, told, before) => {
  expect(await move(how, reply, states, true, before)).toEqual({ code: 0, output: 'moved 3 9 0\n', told });
  expect(readFileSync(join(folder, 'asked'), 'utf8').split('\n').length - 1).toBe(1 + states.length);
});

test.each<[string, how: string, reply: string, state: string]>([
  ['Redis', 'target', OVERLAPPING, redis('completed')],
  ['Redis, and it has just ended', 'target', 'ERR this node is already the owner of the slot range', redis('completed')],
  ['Valkey', 'source', 'ERR Slot range 0-1 is already being migrated', valkey('success')],
])('what an interrupted run told them goes on: %s', async (_, how, reply, state) => {
  expect(await move(how, reply, [state])).toMatchObject({ code: 0, output: '' });
});

test.each<[string, how: string, reply: string, states: string[], output: string]>([
  ['is not understood', 'target', 'ERR slot has no owner: 0', [''], 'refused 10.0.0.2: ERR slot has no owner: 0\n'],
  ['is not answered', 'source', '', [''], 'refused 10.0.0.1: no answer\n'],
  ['fails', 'target', 'c'.repeat(40), [redis('failed', 'no memory')], 'refused 10.0.0.2: no memory\n'],
  ['of an interrupted run fails', 'target', OVERLAPPING, [redis('failed', 'no memory')], 'refused 10.0.0.2: no memory\n'],
  ['fails', 'source', 'OK', [valkey('snapshotting'), valkey('failed', 'no memory')], 'refused 10.0.0.1: no memory\n'],
  ['fails at a server whose clock is behind', 'source', 'OK', [valkey('failed', 'no memory', 'c', NOW - 60)], 'refused 10.0.0.1: no memory\n'],
  ['is cancelled', 'source', 'OK', [valkey('cancelled', 'by an operator')], 'refused 10.0.0.1: by an operator\n'],
])('a move that %s (by the %s) is said, and tried again by the next look', async (_, how, reply, states, output) => {
  expect(await move(how, reply, states)).toMatchObject({ code: 1, output });
});

test.each<[string, state: string, isWhole: boolean, output: string]>([
  ['cannot be reached any more', 'Could not connect to Redis at 10.0.0.2:6379: Connection refused\n', false, 'Could not connect to Redis at 10.0.0.2:6379: Connection refused'],
  ['may not be asked', "NOPERM this user has no permissions to run the 'cluster|migration' command\n", true, "NOPERM this user has no permissions to run the 'cluster|migration' command"],
  ['does not reply in time', '', false, 'no reply in time'],
])('a server that %s has not moved anything', async (_, state, isWhole, output) => {
  expect(await move('target', 'c'.repeat(40), [state], isWhole)).toMatchObject({ code: 1, output: `refused 10.0.0.2: ${output}\n` });
});
