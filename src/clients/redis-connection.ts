import { IConstruct } from 'constructs';
import { RedisSecret, RedisSecretKey } from '../access/redis-secret';

/** Options of `RedisCluster.connection`: who the client is, and what it calls its variables. */
export interface RedisConnectionOptions {
  /**
   * Redis user that the client logs in as.
   *
   * @default - the first of the cluster's `users`; the default user if it has none
   */
  readonly user?: string;

  /**
   * What the names of the environment variables begin with: letters, digits and `_`, at most 40 characters. A client of two
   * clusters needs another one for the second.
   *
   * @default 'REDIS_'
   */
  readonly variablePrefix?: string;

  /**
   * The Secret and its key with the password of the user, for a client that cannot read the cluster's own: one in another
   * namespace.
   *
   * @default - what the cluster itself reads
   */
  readonly password?: RedisSecretKey;

  /**
   * The Secret with the authority's certificate under the key `ca.crt`, for a client that cannot read the cluster's own: one in
   * another namespace.
   *
   * @default - with TLS what the cluster itself reads
   */
  readonly authority?: RedisSecret;

  /**
   * The Secret with the client's own certificate and key under the keys `tls.crt` and `tls.key`, as cert-manager writes it, in the
   * namespace of the client. `grantAccess` needs it where the cluster's `tls` has `authClients`, and it is refused without TLS.
   *
   * @default - the client shows no certificate
   */
  readonly certificate?: RedisSecret;
}

/** Options of `RedisCluster.grantAccess`. */
export interface GrantAccessOptions extends RedisConnectionOptions {
  /**
   * Names of the containers, init containers among them, that get the variables and the certificates.
   *
   * @default - all containers and init containers of the pods
   */
  readonly containers?: string[];
}

/** What a client needs in order to connect. */
export interface RedisConnection {
  /** Host name that resolves to the addresses of all nodes. */
  readonly host: string;

  /** Port of Redis. */
  readonly port: number;

  /** Host names of the nodes. */
  readonly nodeHosts: string[];

  /**
   * Name of the user.
   *
   * @default - no password is asked for
   */
  readonly username?: string;

  /**
   * The Secret and its key with the password.
   *
   * @default - no password is asked for
   */
  readonly password?: RedisSecretKey;

  /**
   * The Secret and its key with the certificate of the authority that signs the nodes' certificates.
   *
   * @default - no TLS
   */
  readonly authority?: RedisSecretKey;

  /**
   * The Secret with the client's own certificate and key, `tls.crt` and `tls.key`.
   *
   * @default - the client shows no certificate
   */
  readonly certificate?: RedisSecret;

  /**
   * The variables that `grantAccess` sets, for the `env` of a container: `REDIS_HOST` and `REDIS_PORT`, with a password
   * `REDIS_USERNAME` and `REDIS_PASSWORD`, with TLS `REDIS_CA_FILE`, the file at which the container must find the authority's
   * certificate, and with a `certificate` `REDIS_CERT_FILE` and `REDIS_KEY_FILE`, those of its own.
   */
  readonly env: EnvVariable[];

  /**
   * The `spec.target.template.data` of an ExternalSecret whose Secret is all that a client needs, by `envFrom`: the variables of
   * `env`, but for the files; with TLS `REDIS_CA` with the authority's certificate itself, and with a `certificate` `REDIS_CERT` and
   * `REDIS_KEY`. The template reads the password and the certificates by the names of their keys, such as `password` and `ca.crt`:
   * call them so in the `secretKey` of `spec.data`.
   *
   * @see https://external-secrets.io/latest/guides/templating/
   */
  readonly secretTemplate: { [key: string]: string };
}

/** An environment variable as Kubernetes writes it. In TypeScript it is a `k8s.EnvVar` of any cdk8s-plus line. */
export interface EnvVariable {
  /** Name of the variable. */
  readonly name: string;

  /**
   * Its value.
   *
   * @default - that of `valueFrom`
   */
  readonly value?: string;

  /**
   * Where its value comes from.
   *
   * @default - from `value`
   */
  readonly valueFrom?: EnvVariableSource;
}

/** Where the value of an environment variable comes from. */
export interface EnvVariableSource {
  /** The key of a Secret. */
  readonly secretKeyRef: SecretKeySelector;
}

/** The key of a Secret as Kubernetes writes it. */
export interface SecretKeySelector {
  /** The key. */
  readonly key: string;

  /** Name of the Secret. */
  readonly name: string;
}

/** Which pods a grant is for. */
export interface RedisClientLabels {
  /** Labels that the pods have: at least one. */
  readonly podLabels: { [key: string]: string };

  /**
   * Labels that the pods' namespaces have; an empty map stands for every namespace, as in Kubernetes.
   *
   * @default - the pods are in the namespace of the cluster
   */
  readonly namespaceLabels?: { [key: string]: string };
}

/** A Redis Cluster for its clients: one of this app, or one of another app by `RedisCluster.fromAttributes`. */
export interface IRedisCluster extends IConstruct {
  /** Name of the StatefulSet. */
  readonly name: string;

  /** Port of Redis. */
  readonly port: number;

  /** Host name that resolves to the addresses of all nodes: what clients connect to first. */
  readonly host: string;

  /** Host names of the nodes, in the order of their pods; the host alone where that is all that is known. */
  readonly nodeHosts: string[];

  /**
   * What a client needs in order to connect, for a workload that is made elsewhere, such as by a Helm chart.
   *
   * @param options which user the client logs in as
   * @throws if there is no such user
   */
  connection(options?: RedisConnectionOptions): RedisConnection;

  /**
   * Lets a workload connect: its pods pass the NetworkPolicy, if there is one, and all of its containers and init containers
   * get `REDIS_HOST` and `REDIS_PORT`, with a password `REDIS_USERNAME` and `REDIS_PASSWORD`, with TLS `REDIS_CA_FILE` and that
   * file, and with a `certificate` `REDIS_CERT_FILE`, `REDIS_KEY_FILE` and these files. Containers that are added later get them
   * too. They come before the container's own variables, which can therefore refer to them, as in
   * `redis://$(REDIS_HOST):$(REDIS_PORT)`.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Argo Rollout: of any cdk8s-plus line, an
   *   `ApiObject`, or any construct, chart or `Include` that holds exactly one of them
   * @param options which user the client logs in as, its containers, and names of variables
   * @throws if there is no such workload or user, if a Secret would have to cross namespaces, if the servers ask for a certificate
   *   and none is given, or if another grant has the same variables; and at synth, if a container has one of them already,
   *   or if the pods have the label `app` of the cluster's nodes, in their namespace
   */
  grantAccess(workload: IConstruct, options?: GrantAccessOptions): void;

  /**
   * Lets pods pass the NetworkPolicy, if there is one; it sets no variables.
   *
   * @param name distinguishes the grant from others of the cluster: a DNS label, given once
   * @param client labels of the pods, and of their namespaces where these are not the cluster's
   * @throws if another grant has the name, or if there is no label of pods, or one without a value: more pods would be let in
   */
  grantAccessByLabels(name: string, client: RedisClientLabels): void;
}
