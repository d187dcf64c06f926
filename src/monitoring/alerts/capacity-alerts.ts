import { Alert, Watched } from './alert';
import { MaxmemoryPolicy } from '../../config/redis-config-types';
import { bytes } from '../../resources/quantity';
import { DATA_VOLUME } from '../../storage/storage';

/** Whether there is room: for data, connections and files. */
export function capacityAlerts(watched: Watched): Alert[] {
  const { cluster, alerts } = watched;
  return [
    ...memoryAlerts(watched),
    ...evictionAlert(watched),
    {
      name: 'RedisConnectionsRejected',
      severity: 'warning',
      expr: `increase(${watched.redis('rejected_connections_total')}[5m]) > 0`,
      for: '0m',
      summary: '{{ $labels.pod }} turns clients away',
      description: 'There are as many as maxclients allows. Find out who has so many with CLIENT LIST; pool them, or raise config.maxclients.',
    },
    {
      name: 'RedisPersistenceFailing',
      severity: 'critical',
      expr: [...cluster.config.appendonly ? ['aof_last_write_status', 'aof_last_bgrewrite_status'] : [], 'rdb_last_bgsave_status']
        .map(metric => `${watched.redis(metric)} == 0`).join(' or '),
      for: '5m',
      summary: '{{ $labels.pod }} cannot save its data',
      description: 'Its last write, rewrite or snapshot failed; masters then refuse writes. Look at its log and for room on its disk, and for memory for the fork.',
    },
    ...alerts.kubeletMetrics && cluster.storage.claim ? [claimAlert(watched)] : [],
  ];
}

function memoryAlerts(watched: Watched): Alert[] {
  const { cluster: { config, resources }, alerts: { memoryShare } } = watched;
  const limit = bytes(resources?.memory?.limit);
  const percent = '{{ $value | humanizePercentage }}';
  return [
    ...config.maxmemory && !evicts(watched) ? [{
      name: 'RedisMemoryNearlyFull',
      severity: 'warning' as const,
      expr: `${watched.redis('memory_used_bytes')} / (${watched.redis('memory_max_bytes')} > 0) > ${memoryShare}`,
      for: '5m',
      summary: `{{ $labels.pod }} uses ${percent} of maxmemory`,
      description: 'When it is full, writes are refused. Add masters or raise config.maxmemory with the memory limit, or let keys expire.',
    }] : [],
    ...limit ? [{
      name: 'RedisContainerMemoryNearlyFull',
      severity: 'warning' as const,
      expr: `${watched.redis('memory_used_rss_bytes')} / ${limit} > ${memoryShare}`,
      for: '5m',
      summary: `{{ $labels.pod }} uses ${percent} of its memory limit`,
      description: 'Above the limit the kernel kills it. Raise the limit, set config.maxmemory to at most 0.8 of it, or look for large buffers with INFO memory.',
    }] : [],
  ];
}

function evicts({ cluster: { config: { maxmemoryPolicy } } }: Watched): boolean {
  return maxmemoryPolicy !== undefined && maxmemoryPolicy !== MaxmemoryPolicy.NOEVICTION;
}

function evictionAlert(watched: Watched): Alert[] {
  const most = watched.alerts.evictionsPerSecond;
  if (most === undefined && evicts(watched)) {
    return [];
  }
  return [{
    name: 'RedisKeysEvicted',
    severity: 'warning',
    expr: `rate(${watched.redis('evicted_keys_total')}[5m]) > ${most ?? 0}`,
    for: '0m',
    summary: '{{ $labels.pod }} evicts {{ $value | humanize }} keys a second',
    description: evicts(watched) ? 'More data are written than fit: what clients want back is gone. Add masters, or raise config.maxmemory with the memory limit.'
      : 'No key should be evicted: somebody has changed maxmemory-policy. A restart of the pod sets what is configured.',
  }];
}

function claimAlert(watched: Watched): Alert {
  const { cluster: { name }, alerts: { claimFreeShare } } = watched;
  const volume = (figure: string) => watched.inNamespace(`kubelet_volume_stats_${figure}_bytes`, `persistentvolumeclaim=~"${DATA_VOLUME}-${name}-[0-9]+"`);
  return {
    name: 'RedisClaimNearlyFull',
    severity: 'warning',
    expr: `${volume('available')} / ${volume('capacity')} < ${claimFreeShare}`,
    for: '5m',
    summary: 'Claim {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its room left',
    description: 'A full disk stops writes. Enlarge the claim, or look for old appendonly files on it.',
  };
}
