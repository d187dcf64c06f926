#!/bin/sh
# Takes a backup: of each shard, all at the same time, a snapshot from a replica in sync by redis-cli, which is then checked; and the
# manifest, if slots and masters are still the same. A run that fails leaves nothing behind. There is no common point in time.
#
#   HOST       a name that leads to the nodes, or to a single server that is no cluster: that is one shard
#   TIMEOUT    seconds that a snapshot may take (3600); and those of backup-files.sh

. "${0%/*}/backup-files.sh"

started=$(date +%s) run=$(utc 0)
folder=$FOLDER/$NAME/$run.partial

SINGLE=$(printf %040d 0) # an id that no node has

# table HOST: who has which slots.
table() {
  reply=$(printf 'CLUSTER NODES\nCLUSTER INFO\n' | redis_cli "$1")
  case $reply in *'cluster support disabled'*) reply="$SINGLE $1:$PORT@0 myself,master - 0 0 0 connected 0-16383" ;; esac
  printf '%s\n' "$reply"
}

judge() { awk -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/rules.awk" -f "$SCRIPTS/backup.awk" "$@"; }

# look FILE: writes what backup.awk says of the masters that any node knows.
look() {
  while known=$(table "$HOST"); masters=$(echo "$known" | judge -v find=1); [ -z "$masters" ]; do
    [ "$(date +%s)" -lt $((started + 20)) ] || fail "no node answers at $HOST: ${known:-no reply in time}"
    sleep 1 # the name may lead to a pod that is no longer there
  done
  for address in $masters; do echo "table $address" && table "$address"; done | judge | sort -k1,1 -k2,2n >"$1"
  reason=$(sed -n 's/^problem //p' "$1" | tr '\n' ';')
  [ -z "$reason" ] || fail "$reason wait until the cluster is complete"
}

# snapshot NUMBER SLOTS ID MASTER REPLICAS: writes the shard's file, and its line of the manifest.
snapshot() {
  file=$folder/shard-$1.rdb begun=$(date +%s) from=''
  for source in $(echo "$5" | tr ',-' '  ') "$4"; do
    report=$(printf '%s\n' 'INFO replication' 'INFO server' 'CLUSTER NODES' | redis_cli "$source")
    settled=$(($(said 'uptime_in_seconds:\([0-9]*\)') + 0 >= ${SETTLED:-15})) # nobody copies one that has just started
    case $settled$3$report in # one may follow another master, or be another node by now
      ?"$SINGLE"*) from="master $source, as no replica is in sync" ;;
      1*role:slave*master_link_status:up*) [ "$(said '[^ ]* [^ ]* myself,[^ ]* \([^ ]*\)')" != "$3" ] || from="replica $source" ;;
      1*role:master*) [ "$(said '\([^ ]*\) [^ ]* myself,')" != "$3" ] || from="master $source, as no replica is in sync" ;;
    esac
    [ -z "$from" ] || break
  done
  [ -n "$from" ] || fail "no snapshot of shard-$1 ($2): no replica is in sync, and its master $4 has just started, or is another node"
  offset=$(said 'master_repl_offset:\([0-9]*\)')
  reply=$(REDISCLI_SECONDS=${TIMEOUT:-3600} && redis_cli "$source" --rdb "$file") ||
    fail "no snapshot of shard-$1 ($2) from $from: $(echo "$reply" | tail -n 1)"
  check_rdb "$file" || fail "the snapshot of shard-$1 ($2) from $from is damaged: $problem"
  if [ "$3" = "$SINGLE" ] && other=$(said '.*Selecting DB ID \([1-9][0-9]*\)') && [ -n "$other" ]; then
    fail "there are keys in database $other, and a cluster has database 0 alone: move them there first"
  fi
  keys=$(said '\[info\] \([0-9]*\) keys read') bytes=$(($(wc -c <"$file")))
  say "shard-$1: slots $2, $keys keys, $bytes bytes from $from, in $(($(date +%s) - begun)) s"
  printf '{"file": "shard-%s.rdb", "slots": "%s", "keys": %s, "bytes": %s, "sha256": "%s", "rdb": %s, "server": "%s %s", "offset": %s, "master": "%s"}\n' \
    "$1" "$(echo "$2" | tr ',' ' ')" "$keys" "$bytes" "$(sha256sum <"$file" | cut -c 1-64)" "$(head -c 9 "$file" | sed 's/^[A-Z0]*//')" \
    "$(said '.*FIELD \([a-z]*\)-ver')" "$(said ".*-ver = '\([^']*\)")" "$offset" "$3" >"$WORK/line-$(printf %04d "$1")"
}

{ mkdir -p "${folder%/*}" && mkdir "$folder"; } || fail "$folder cannot be written: see the access rights of the volume"
trap 'rm -rf "$WORK" "$folder"' EXIT
look "$WORK/before"
say "backs up $NAME to $run: $(($(wc -l <"$WORK/before"))) shards"
count=0 running=''
while read -r _ slots id address replicas; do
  snapshot "$count" "$slots" "$id" "$address" "$replicas" &
  running="$running $!" count=$((count + 1))
done <"$WORK/before"
for each in $running; do wait "$each" || running=broken; done
[ "$running" != broken ] || exit 1

look "$WORK/after"
changed() { cut -d ' ' -f 2,3 "$WORK/$1" | grep -vxF "$(cut -d ' ' -f 2,3 "$WORK/$2")" | tr '\n' ';'; }
[ -z "$(changed before after)" ] ||
  fail "slots or masters changed meanwhile: before $(changed before after) now $(changed after before) the next run takes another"
{
  printf '{\n"format": 1,\n"time": "%s",\n"cluster": "%s",\n"seconds": %s,\n"count": %s,\n"shards": [\n' \
    "$run" "$NAME" "$(($(date +%s) - started))" "$count"
  cat "$WORK"/line-* | sed '$!s/$/,/'
  printf ']\n}\n'
} >"$folder/manifest.json" || fail "$folder cannot be written: make room on the volume"
keys=$(value keys <"$folder/manifest.json" | awk '{ sum += $1 } END { print sum }')
sync # before older ones go
cd "$FOLDER/$NAME" && mv "$folder" "$run" || exit 1
say "the backup is $NAME/$run: $keys keys in $count shards, in $(($(date +%s) - started)) s"

[ -n "${KEEP:-}" ] || exit 0
for each in *Z/manifest.json; do echo "${each%/*}"; done | to_prune "$run" | while read -r old; do
  say "deletes the backup $NAME/$old"
  mv "$old" "$old.partial" && rm -rf "$old.partial" # never half of one that looks complete
done
printf '%s\n' *.partial | older_than_a_day | while read -r old; do rm -rf "$old"; done
