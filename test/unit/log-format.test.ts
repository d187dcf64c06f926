import {
  BackupTarget, ClusterInitJob, RedisBackup, RedisCluster, RedisClusterProps, RedisLogFormat, RedisMonitoring, RedisRestoreDrill,
} from '../../src';
import { containerOf, synth, synthCluster, Synthesized } from '../support/synth';

const target = BackupTarget.claim('backups');

/** Whether each container is told to write JSON, by its name. */
function formats(objects: Synthesized, kind: string, name?: string): Record<string, string | undefined> {
  const { spec } = objects.one(kind, name);
  const { initContainers = [], containers } = (spec.jobTemplate?.spec ?? spec).template.spec;
  return Object.fromEntries([...initContainers, ...containers].map((container: any) =>
    [container.name, container.env?.find((variable: any) => variable.name === 'LOG_FORMAT')?.value]));
}

function withBackups(props: RedisClusterProps, logFormat?: RedisLogFormat): Synthesized {
  return synth(scope => {
    const cluster = new RedisCluster(scope, 'Cluster', { monitoring: RedisMonitoring.podMonitor(), planJob: true, ...props });
    new RedisBackup(scope, 'Backup', { cluster, schedule: '@daily', target, logFormat });
    new RedisRestoreDrill(scope, 'Drill', { cluster, schedule: '@weekly', target });
  }, { namespace: 'data' });
}

test('text is what scripts write, and nothing says so', () => {
  for (const logFormat of [undefined, RedisLogFormat.TEXT]) {
    expect(JSON.stringify(withBackups({ logFormat }).objects.filter(({ kind }) => kind !== 'ConfigMap'))).not.toMatch(/LOG_FORMAT|log-format/);
  }
});

test('JSON is told to every container that runs a script, and to the exporter', () => {
  const restoreFrom = { target, time: '20260101T000000Z' };
  const objects = withBackups({ logFormat: RedisLogFormat.JSON, restoreFrom });
  expect(formats(objects, 'StatefulSet')).toEqual({ restore: 'json', heal: 'json', redis: 'json', exporter: undefined });
  expect(containerOf(objects.one('StatefulSet'), 'exporter').args).toContain('--log-format=json');
  expect(formats(objects, 'Job', 'redis-cluster-init')).toEqual({ 'kubectl': 'json', 'redis-init': 'json' });
  expect(formats(objects, 'Job', 'redis-cluster-plan')).toEqual({ 'kubectl': 'json', 'redis-init': 'json' });
  expect(formats(objects, 'CronJob', 'redis-cluster-backup')).toEqual({ backup: 'json' });
  expect(formats(objects, 'CronJob', 'redis-cluster-restore-drill')).toEqual({ drill: 'json' });
});

test('a backup may have another format than its cluster', () => {
  expect(formats(withBackups({ logFormat: RedisLogFormat.JSON }, RedisLogFormat.TEXT), 'CronJob', 'redis-cluster-backup')).toEqual({ backup: undefined });
  expect(formats(withBackups({}, RedisLogFormat.JSON), 'CronJob', 'redis-cluster-backup')).toEqual({ backup: 'json' });
});

test('the Job of a StatefulSet of somebody else has it, too', () => {
  const objects = synth(scope => new ClusterInitJob(scope, 'Job', { logFormat: RedisLogFormat.JSON }));
  expect(formats(objects, 'Job')).toEqual({ 'kubectl': 'json', 'redis-init': 'json' });
});

test('another format is refused', () => {
  expect(() => synthCluster({ logFormat: 'yaml' as RedisLogFormat })).toThrow("'logFormat' must be one of text, json, got 'yaml'; the scripts know no other");
});
