/** Writes dashboards/redis-cluster.json, which the package has and Grafana loads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardJson } from './dashboard';

writeFileSync(join(__dirname, '..', '..', 'dashboards', 'redis-cluster.json'), dashboardJson());
