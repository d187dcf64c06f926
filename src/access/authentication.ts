import { PasswordFile, SecretKey } from './access-settings';
import { RedisAuthentication } from './redis-authentication';
import { RedisSecretKey } from './redis-secret';
import { RedisUser } from './redis-user';
import { secretKey, secretReference } from './secret-reference';
import { BACKUP, EXPORTER, MAINTENANCE, MOVER, validateImportedUsers, validateUsers } from './users';
import { Parsed, problem } from '../checks/problem';
import { oneOf } from '../checks/values';
import { RedisClusterProps } from '../cluster/redis-cluster-props';
import { RedisVersion } from '../versions/redis-version';

/** Who may log in. */
export interface Authentication {
  /** The user that the cluster itself is. */
  readonly user: string;
  /** The password of that user. */
  readonly password?: SecretKey;
  /** All passwords that Redis is to accept. */
  readonly passwords: PasswordFile[];
  /** The users that clients are. */
  readonly users?: RedisUser[];
  /** The password of the user that takes backups, where clients have users. */
  readonly backupPassword?: SecretKey;
}

/** Who moves slots with their keys: the cluster's own user has no rights to keys where clients have users of their own. */
export function moverOf({ user }: Pick<Authentication, 'user'>): string {
  return user === MAINTENANCE ? MOVER : user;
}

interface AuthenticationProps extends Pick<RedisClusterProps, 'authentication' | 'password' | 'alternatePassword' | 'users' | 'backupPassword'> {
  /** The password of the user that reads figures, which `monitoring` has. */
  readonly exporterPassword?: RedisSecretKey;
}

export function authenticationSettings(props: AuthenticationProps): Authentication {
  const { password, users, backupPassword } = props;
  const user = users === undefined ? 'default' : MAINTENANCE;
  return {
    user,
    password: password && secretKey(password),
    passwords: passwordFiles(user, props),
    users,
    backupPassword: backupPassword && secretKey(backupPassword),
  };
}

function passwordFiles(user: string, { password, alternatePassword, users, backupPassword, exporterPassword }: AuthenticationProps): PasswordFile[] {
  const own = users === undefined ? [user] : [user, MOVER];
  return !password ? [] : [
    ...own.map(name => ({ user: name, file: 'password', password: secretKey(password) })),
    ...own.flatMap(name => alternatePassword ? [{ user: name, file: 'alternate', password: secretKey(alternatePassword) }] : []),
    ...backupPassword ? [{ user: BACKUP, file: 'password', password: secretKey(backupPassword) }] : [],
    ...exporterPassword ? [{ user: EXPORTER, file: 'password', password: secretKey(exporterPassword) }] : [],
    ...(users ?? []).map(client => ({ user: client.name, file: 'password', password: secretKey(client.password) })),
  ];
}

export function parseAuthentication(props: AuthenticationProps, version: RedisVersion, hasModules: boolean): Parsed<Authentication> {
  const { password, alternatePassword, users, backupPassword } = props;
  return {
    settings: authenticationSettings(props),
    problems: [
      ...authenticationProblems(props),
      ...secretReference('password', password),
      ...secretReference('alternatePassword', alternatePassword),
      ...alternate(props),
      ...secretReference('backupPassword', backupPassword),
      ...backupUser(props),
      ...users ? validateUsers(users, password !== undefined, hasModules, version) : [],
      ...sharedPasswords(props),
    ],
  };
}

/** The names of the cluster's own users are known, so that their passwords are all that keeps clients from their rights. */
function sharedPasswords({ password, alternatePassword, users = [], backupPassword, exporterPassword }: AuthenticationProps): string[] {
  const own: [prop: string, key: RedisSecretKey | undefined][] = [['password', password], ['alternatePassword', alternatePassword]];
  const others: typeof own = [
    ...users.map(({ password: key }, index): typeof own[number] => [`users[${index}].password`, key]),
    ['backupPassword', backupPassword],
    ['monitoring.password', exporterPassword],
  ];
  const isSame = (one?: RedisSecretKey, other?: RedisSecretKey) =>
    one?.key !== undefined && one.key === other?.key && one.secret?.name === other.secret?.name;
  return others.flatMap(([prop, key]) => own.filter(([, other]) => isSame(key, other))
    .map(([name]) => problem(prop, `be another key than '${name}'`, key!.key, "whoever knows it could log in as one of the cluster's own users, who may do more")));
}

function authenticationProblems({ authentication, password, users }: Pick<RedisClusterProps, 'authentication' | 'password' | 'users'>): string[] {
  return [
    ...oneOf('authentication', authentication, Object.values(RedisAuthentication), 'the wrong clients might be let in'),
    ...contradicted(authentication, password !== undefined, users !== undefined),
  ];
}

function contradicted(authentication: RedisAuthentication | undefined, hasPassword: boolean, hasUsers: boolean): string[] {
  const must = (requirement: string, reason: string) => [problem('authentication', requirement, authentication, reason)];
  switch (authentication) {
    case RedisAuthentication.NONE:
      return hasPassword ? must("be RedisAuthentication.PASSWORD with a 'password'", 'clients without it could log in') : [];
    case RedisAuthentication.PASSWORD:
      return [
        ...hasPassword ? [] : must("come with a 'password'", 'nobody would be asked for one'),
        ...hasUsers ? must("be RedisAuthentication.USERS with 'users'", 'their rights would be ignored') : [],
      ];
    case RedisAuthentication.USERS:
      return hasUsers ? [] : must("come with 'users'", 'clients would be the default user, who may do anything');
    default:
      return [];
  }
}

/** Problems with the users and passwords of a cluster that another app makes, which has checked all else. */
export function importedAuthentication(
  props: Pick<RedisClusterProps, 'authentication' | 'password' | 'users' | 'backupPassword'>, isForeign: boolean,
): string[] {
  return [
    ...authenticationProblems(props),
    ...secretReference('password', props.password),
    ...secretReference('backupPassword', props.backupPassword),
    ...backupWithoutUsers(props),
    ...validateImportedUsers(props.users ?? [], isForeign),
  ];
}

function backupUser({ backupPassword, users }: Pick<RedisClusterProps, 'backupPassword' | 'users'>): string[] {
  return !backupPassword ? [] : [
    ...backupWithoutUsers({ backupPassword, users }),
    ...users?.some(({ name }) => name === BACKUP)
      ? [problem('users', `leave the name '${BACKUP}' to 'backupPassword'`, BACKUP, 'it is that of the user that takes backups')] : [],
  ];
}

function backupWithoutUsers({ backupPassword, users }: Pick<RedisClusterProps, 'backupPassword' | 'users'>): string[] {
  return backupPassword && !users
    ? [problem('backupPassword', "come with 'users'", backupPassword.key, 'without them, backups are taken by the default user')] : [];
}

function alternate({ alternatePassword, password }: Pick<RedisClusterProps, 'alternatePassword' | 'password'>): string[] {
  return alternatePassword && !password
    ? [problem('alternatePassword', "come with a 'password'", alternatePassword.key, 'it is a second one, for the time of a rotation')]
    : [];
}
