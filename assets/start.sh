#!/bin/sh
# Starts Redis on a disk that may know other nodes than those around it: start.sh redis-server /etc/redis/redis.conf [OPTION...]
#
#   NAMESPACE, POD_NAME  whose disk it is: claimed once, in /data/cluster-owner
#   COPY_OF              namespace/name of the cluster whose disks were copied to those of this one, if they were
#   DATA_FOLDER          where the disk is (/data)
#   USERS_FILE           a line for each user: name, and rights as Redis writes them (users.acl beside redis.conf). Without the file there
#                        are no passwords; without a line for the default user, clients without a name are rejected
#   PASSWORDS_FOLDER     a folder for each user with a file for each password, where newlines at the end do not count (/etc/redis-passwords)
#   CLUSTER_USER         the user that the nodes are to each other (default)
#   ACCESS_CONFIG        file to write, in memory, which Redis reads after redis.conf (/run/redis/access.conf); and LOG_FORMAT of common.sh
unset REDIS_PASSWORD_FILE # or the server would have the password in its environment
. "${0%/*}/common.sh"
set -e
trap 'exit 143' TERM # a shell that is process 1 would go on

config=$2 owner=$NAMESPACE/$POD_NAME
users=${USERS_FILE:-${config%/*}/users.acl} passwords=${PASSWORDS_FOLDER:-/etc/redis-passwords}
user=${CLUSTER_USER:-default} access=${ACCESS_CONFIG:-/run/redis/access.conf}

fail() { say "$*" >&2; exit 1; }

# setting NAME: as redis.conf has it.
setting() { awk -v name="$1" '$1 == name { value = $2 } END { print value }' "$config"; }

# replace FILE TEXT: all of it or, on a full disk, nothing.
replace() {
  { printf '%s\n' "$2" >"$1.new" && [ "$(cat "$1.new")" = "$2" ]; } || fail "$1 cannot be written: make room on the disk"
  mv "$1.new" "$1"
}

# What makes sed replace each id in $table by another one, the same on all pods of this cluster.
new_ids() {
  echo "$table" | tr -c 0-9a-f '\n' | grep -x '.\{40\}' | sort -u | while read -r id; do
    echo "s/$id/$(echo "${owner%-*} $id" | sha1sum | cut -c 1-40)/g"
  done
}

# password PREFIX FILE: prints it as a word of redis.conf.
password() {
  text=$(cat "$2") || fail "the password in $2 cannot be read"
  [ -n "$text" ] || fail "the password in $2 is empty: give the Secret's key a value"
  [ "$(printf '%s\n' "$text" | wc -l)" -eq 1 ] || fail "the password in $2 has more than one line: redis.conf cannot hold it"
  printf ' "%s"' "$(printf '%s' "$1$text" | sed 's/[\\"]/\\&/g')"
}

# The server that used this disk last, if known: the one that was started last or, if nodes.conf is still as that found it, the one before.
last_server() { if [ "$(sed -n 3p server-versions)" = "$(table_sum)" ]; then sed -n 1p server-versions; else sed -n 2p server-versions; fi; }
table_sum() { [ ! -f nodes.conf ] || sha1sum nodes.conf; }

# What upgrade.awk reads: that server or, on a disk from before it was written down, how the snapshots begin.
traces() {
  [ ! -e appendonlydir/appendonly.aof.manifest ] || echo appendonlydir
  if [ -n "$last" ]; then set -- && echo "server-versions $last"
  elif [ -e appendonlydir/appendonly.aof.manifest ]; then set -- appendonlydir/*
  elif [ -e appendonly.aof ]; then set -- appendonly.aof
  else set -- dump.rdb; fi
  for file; do [ ! -f "$file" ] || echo "$file $(head -c 32 "$file" | tr -c A-Za-z0-9.- ' ')"; done
}

write_access() {
  grep -q '^default ' "$users" || echo 'user default off'
  while read -r name rights; do
    printf 'user %s on' "$name"
    for file in "$passwords/$name"/*; do password '>' "$file"; done
    printf ' %s\n' "$rights"
  done <"$users"
  printf 'masterauth'
  password '' "$passwords/$user/password"
  printf '\nmasteruser %s\n' "$user"
}

cd "${DATA_FOLDER:-/data}"
[ ! -e restoring ] || rm -f nodes.conf restoring # an interrupted restore leaves a new disk
marker='' is_copy='' # a new disk, or one from before there were markers
[ ! -e cluster-owner ] || marker=$(cat cluster-owner) || fail "$PWD/cluster-owner cannot be read: see the access rights of the volume"
case $marker in
  "$owner") [ ! -f nodes.conf.next ] || mv nodes.conf.next nodes.conf ;; # interrupted below
  '') is_copy=${COPY_OF:+copy} ;;
  "${COPY_OF:-}-${POD_NAME##*-}") is_copy=copy ;;
  *) fail "this disk belongs to $marker, not to $owner: nodes there would accept this one as theirs. If it is a copy, or moved" \
    "for good, set the storage's copyOf to '${marker%-*}' and give each disk to the pod of the same number: they become a new cluster" ;;
esac

server=$("$1" --version | awk '$2 == "server" { print $1, substr($3, 3) }')
last=$([ ! -f server-versions ] || last_server)
problem=$([ -z "$server" ] || traces | awk -v server="$server" -f "$SCRIPTS/upgrade.awk")
[ -z "$problem" ] || fail "$problem"

# No node is contacted at an address that may be another node's by now: the heal container asks who is there first.
code=0
if [ -s nodes.conf ]; then
  table=$(awk -v former=former-addresses -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/start.awk" nodes.conf) || code=$?
  case $code$is_copy in
    [03]) replace nodes.conf.next "$table" ;;
    [03]copy) table=$(echo "$table" | sed "$(new_ids)"); rm -f former-addresses; replace nodes.conf.next "$table" ;;
    *copy) fail "nodes.conf holds something unexpected: as a copy, it cannot be given new ids" ;;
    *) say "nodes.conf holds something unexpected: it is left unchanged, with the addresses in it" ;;
  esac
fi
replace cluster-owner "$owner"
[ ! -f nodes.conf.next ] || mv nodes.conf.next nodes.conf
[ -z "$server" ] || replace server-versions "$(printf '%s\n' "$last" "$server" "$(table_sum)")"

if [ "$(setting appendonly)" = yes ]; then # which makes Redis ignore dump.rdb
  if [ -s dump.rdb ] && [ ! -e appendonly.aof ] && [ ! -e appendonlydir/appendonly.aof.manifest ]; then
    say 'the append-only file begins with dump.rdb'
    mv dump.rdb appendonly.aof
  fi
else
  for old in appendonly.aof appendonlydir; do # would win over a newer dump.rdb when appendonly is on again
    [ ! -e "$old" ] || mv "$old" "$old.$(date -u +%Y%m%dT%H%M%SZ)"
  done
  if [ "$code" -eq 3 ]; then
    seconds=$((2 * $(setting cluster-node-timeout) / 1000 + 1))
    say "waits $seconds s for a replica to take over: without an append-only file, this disk may lack keys that the replica has"
    sleep "$seconds" &
    wait $!
  fi
fi

if [ -e "$users" ]; then
  (umask 077; write_access >"$access")
  set -- "$@" --include "$access"
fi
# Replicas ask for no id either: full copies wait until the heal container knows who asks, and restores what is configured.
[ -z "$(setting repl-diskless-sync-max-replicas)" ] || set -- "$@" --repl-diskless-sync-max-replicas 0
exec "$@" --repl-diskless-sync yes --repl-diskless-sync-delay 86400
