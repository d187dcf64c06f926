#!/bin/sh
# Checks a backup, and loads it.
#   restore            lays the shard of this pod on its disk, if that is new and no other pod is in a cluster yet. The server takes the
#                      slots of the shard, as nodes.conf says, and the init Job makes one cluster of all
#   drill              loads one shard after the other into a server that nobody else reaches, and compares what it has
#   POD_NAME, PEERS    the pod, and a Service that leads to any pod
#   SHAPE              file with the wanted shape, as heal.sh reads it (/etc/redis/shape); and those of backup-files.sh

. "${0%/*}/backup-files.sh"

if [ "$1" = restore ]; then
  is_new_disk || { say 'the disk is not new: nothing is restored' && exit 0; }
  service=$(address_of "$PEERS")
  for _ in 1 2 3 4 5 6 7 8 9 10; do # any of the pods
    [ "$(redis_cli "$service" CLUSTER NODES | grep -c @)" -lt 2 ] || { say 'other pods are in a cluster already: nothing is restored' && exit 0; }
    sleep 0.3
  done
fi

cd "$FOLDER/$NAME" || fail "there is no backup of $NAME"
[ -n "${TIME:-}" ] || for each in *Z/manifest.json; do TIME=${each%/*}; done
{ cd "$TIME" && [ -s manifest.json ]; } || fail "there is no complete backup $NAME/$TIME: manifest.json is missing"
[ "$(value format <manifest.json)" = 1 ] || fail "the backup $NAME/$TIME has a format that this version does not know"
numbers=$(value file <manifest.json | tr -dc '0-9\n') count=$(value count <manifest.json)
[ "$(echo "$numbers" | wc -l)" -eq "$count" ] || fail 'manifest.json is damaged: take another backup'
say "loads the backup $NAME/$TIME, of $count shards"
if [ "$1" = restore ]; then
  masters=$(sed -n 's/^masters //p' "${SHAPE:-/etc/redis/shape}")
  [ "$count" -le "$masters" ] || fail "the backup has $count shards, but there are only $masters masters: set masters to $count"
  numbers=${POD_NAME##*-}
  [ "$numbers" -lt "$count" ] || { say "there is no shard for $POD_NAME, which starts empty" && exit 0; }
  trap '[ ! -e "$DATA/restoring" ] || rm -rf "$DATA/nodes.conf" "$DATA/restoring"; rm -rf "$WORK"' EXIT
fi

for number in $numbers; do
  begun=$(date +%s) rdb=shard-$number.rdb config=$WORK/nodes-$number.conf
  shard=$(grep "\"$rdb\"" manifest.json) slots=$(echo "$shard" | value slots) keys=$(echo "$shard" | value keys) sum=$(echo "$shard" | value sha256) file=$rdb
  [ -s "$rdb" ] || fail "$rdb is missing: take another backup"
  if [ "$1" = restore ]; then # as long as "restoring" is there, the disk counts as new
    cp "$rdb" "$DATA/restoring" || fail "$DATA cannot be written: make room on the disk"
    file=$DATA/restoring config=$DATA/nodes.conf
  fi
  [ "$(sha256sum <"$file" | cut -c 1-64)" = "$sum" ] ||
    fail "$rdb is damaged, as its SHA-256 is not that of the manifest: take another backup"
  case $(echo "$shard" | value server)$("$SERVER" --version) in
    valkey*Redis*) fail "$rdb is of Valkey, which Redis cannot load: use an image of Valkey" ;;
  esac
  check_rdb "$file" || case $report in
    *'handle RDB format'*) fail "$rdb is of a newer version than this server can load: use the version that it is of; $problem" ;;
    *) fail "$rdb cannot be loaded: $problem" ;;
  esac
  printf '%s :%s@%s myself,master - 0 0 %s connected %s\nvars currentEpoch %s lastVoteEpoch 0\n' "$(head -c 100 /dev/urandom |
    sha1sum | cut -c 1-40)" "$PORT" "$((PORT + 10000))" "$((number + 1))" "$slots" "$((number + 1))" >"$config" ||
    fail "$config cannot be written: make room on the disk"
  if [ "$1" = restore ]; then
    { sync && mv "$DATA/restoring" "$DATA/dump.rdb"; } || exit 1
    say "$rdb is on the disk: slots $slots, $keys keys"
    exit 0
  fi
  "$SERVER" --bind 127.0.0.1 --port "$PORT" --cluster-enabled yes --cluster-config-file "$config" --save '' --appendonly no \
    --dir "$PWD" --dbfilename "$rdb" >"$WORK/log" 2>&1 &
  trap 'kill $! 2>/dev/null; wait; rm -rf "$WORK"' EXIT
  while size=$(redis_cli 127.0.0.1 DBSIZE); [ -n "$(echo "${size:--}" | tr -d 0-9)" ]; do
    kill -0 $! 2>/dev/null || fail "$rdb cannot be loaded: $(tail -n 1 "$WORK/log")"
    sleep 0.2
  done
  report=$(sed -n 's/.*Done loading RDB, keys //p' "$WORK/log" | tr ',' '\n') # one figure in a line; hashes whose fields have all expired are one
  loaded=$(said 'loaded: \([0-9]*\)') expired=$(printf '%s\n' "$report" | awk 'NR > 1 { sum += $NF } END { print sum + 0 }')
  [ $((loaded + expired)) -eq "$keys" ] ||
    fail "$rdb: $loaded keys were loaded, but the manifest has $keys, of which $expired have expired"
  held=$(redis_cli 127.0.0.1 CLUSTER NODES | cut -d ' ' -f 9-)
  [ "$held" = "$slots" ] || fail "$rdb has keys of the slots $held, but the manifest has $slots"
  say "$rdb: slots $slots, $loaded of $keys keys, $expired expired, in $(($(date +%s) - begun)) s"
  redis_cli 127.0.0.1 SHUTDOWN NOSAVE; wait
done
say "the backup $NAME/$TIME can be restored"
