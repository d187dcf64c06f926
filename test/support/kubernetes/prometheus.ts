import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Kubectl } from './kubectl';
import { eventually } from '../eventually';

export interface Sample {
  readonly metric: Record<string, string>;
  readonly value: [number, string];
}

const label = (source: string, target: string) => ({ source_labels: [source], target_label: target });
const keep = (source: string, regex: string) => ({ action: 'keep', source_labels: [source], regex });
const meta = (name: string) => `__meta_kubernetes_${name}`;

export interface RuleFile {
  readonly groups: { readonly name: string; readonly rules: { readonly expr: string }[] }[];
}

interface Job {
  readonly job_name: string;
  readonly relabel_configs: unknown[];
}

const RECORDING = join(__dirname, '..', 'monitoring', 'operator', 'podmonitor.yaml');

/** The PodMonitor of a cluster, and what the Prometheus operator made of it when it was asked. */
export function operatorsRecording(namespace = 'data', cluster = 'sessions'): any[] {
  const text = readFileSync(RECORDING, 'utf8').replace(/\bdata\b/g, namespace).replace(/\bsessions\b/g, cluster);
  return parseAllDocuments(text.replaceAll('$(SHARD)', '0')).map(document => document.toJS()); // as its reloader does
}

/** How the operator has Prometheus scrape the pods of a cluster. */
export function operatorsJob(namespace: string, cluster: string): Job {
  const [, { scrape_configs: [{ job_name, relabel_configs }] }] = operatorsRecording(namespace, cluster);
  return { job_name, relabel_configs };
}

/** What the Helm chart `prometheus` has for annotated pods: one target for each, as those of all its ports are the same but for them. */
export function annotationsJob(): Job {
  return {
    job_name: 'kubernetes-pods',
    relabel_configs: [
      keep(meta('pod_annotation_prometheus_io_scrape'), 'true'),
      {
        action: 'replace',
        source_labels: [meta('pod_annotation_prometheus_io_port'), meta('pod_ip')],
        regex: '(\\d+);((([0-9]+?)(\\.|$)){4})',
        replacement: '$2:$1',
        target_label: '__address__',
      },
      { action: 'labelmap', regex: meta('pod_label_(.+)') },
      label(meta('namespace'), 'namespace'),
      label(meta('pod_name'), 'pod'),
      { action: 'drop', source_labels: [meta('pod_phase')], regex: 'Pending|Succeeded|Failed|Completed' },
      label(meta('pod_node_name'), 'node'),
    ],
  };
}

/** What Prometheus' own discovery of the role `pod` finds, which Debian's Prometheus is built without. */
async function discovered(kubectl: Kubectl): Promise<unknown[]> {
  const { items } = await kubectl.json<{ items: any[] }>(['get', 'pods']);
  return items.filter(({ status }) => status.podIP).flatMap(({ metadata, status, spec }) => spec.containers.flatMap((container: any) =>
    (container.ports ?? [{}]).map(({ name = '', containerPort }: { name?: string; containerPort?: number }) => ({
      targets: [containerPort ? `${status.podIP}:${containerPort}` : status.podIP],
      labels: {
        [meta('namespace')]: metadata.namespace,
        [meta('pod_name')]: metadata.name,
        [meta('pod_ip')]: status.podIP,
        [meta('pod_node_name')]: spec.nodeName,
        [meta('pod_phase')]: status.phase,
        [meta('pod_container_name')]: container.name,
        [meta('pod_container_port_name')]: name,
        ...named('pod_label', metadata.labels),
        ...named('pod_labelpresent', Object.fromEntries(Object.keys(metadata.labels).map(key => [key, 'true']))),
        ...named('pod_annotation', metadata.annotations),
      },
    }))));
}

function named(kind: string, values: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [meta(`${kind}_${key.replace(/\W/g, '_')}`), value]));
}

/** Prometheus itself, on this machine: it scrapes and looks at its rules every second. */
export class Prometheus {
  /** With rules that fire after a second, whatever their patience is. */
  public static async start(kubectl: Kubectl, job: Job, rules: RuleFile): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const impatient = rules.groups.map(group => ({ ...group, rules: group.rules.map(rule => ({ ...rule, for: '1s' })) }));
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify({ groups: impatient }));
    writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [{ ...job, file_sd_configs: [{ files: ['pods.json'] }] }],
    }));
    const address = `127.0.0.1:${await freePort()}`;
    const process = spawn('prometheus', [
      `--config.file=${join(folder, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`, '--log.level=error',
    ], { stdio: ['ignore', 'inherit', 'inherit'] });
    const prometheus = new Prometheus(kubectl, folder, address, process);
    void prometheus.discover();
    await eventually('Prometheus answers', async () => (await fetch(`http://${address}/-/ready`)).ok, 20);
    return prometheus;
  }

  private isStopped = false;

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly folder: string,
    private readonly address: string,
    private readonly process: ChildProcess,
  ) {}

  public async query(expression: string): Promise<Sample[]> {
    const response = await fetch(`http://${this.address}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { status, data, error } = await response.json() as { status: string; data: { result: Sample[] }; error?: string };
    if (status !== 'success') {
      throw new Error(`${expression}: ${error}`);
    }
    return data.result;
  }

  /** The names of the alerts that have fired in the last seconds. */
  public async firing(seconds: number): Promise<string[]> {
    const alerts = await this.query(`count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[${seconds}s]))`);
    return alerts.map(({ metric }) => metric.alertname).sort();
  }

  public async stop(): Promise<void> {
    this.isStopped = true;
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }

  /** Tells it again and again where the pods are, as its discovery would. */
  private async discover(): Promise<void> {
    while (!this.isStopped) {
      const pods = await discovered(this.kubectl).catch(() => undefined);
      if (pods && !this.isStopped) {
        writeFileSync(join(this.folder, 'pods.json.new'), JSON.stringify(pods));
        renameSync(join(this.folder, 'pods.json.new'), join(this.folder, 'pods.json'));
      }
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
