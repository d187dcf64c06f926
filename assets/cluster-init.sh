#!/bin/sh
# Brings the pods of a StatefulSet, from whatever state they are in, to one complete Redis Cluster.
#
#   NAME                  name of the StatefulSet: its pods are NAME-0, NAME-1, ...
#   SERVICE               headless Service that has their names (for DISCOVERY=dns)
#   MASTERS, REPLICAS_PER_MASTER
#   DISCOVERY             how to find the pods: kubernetes-api (default), by the file that list-pods.sh writes, or dns
#   NODES_FILE            that file (default /tmp/redis-nodes.txt)
#   DONE_FILE             created at the end, so that list-pods.sh ends as well (default /tmp/redis-init-done)
#   TIMEOUT               seconds in which all has to be done (default 100)
#   and those of common.sh
#
# It looks at all pods, lets cluster-plan.awk decide on the next step, takes it, and looks again. Since every step follows
# from what there is, not from what was done before, a run that was interrupted anywhere is completed by the next, and a
# run on a complete cluster sends no command that changes anything. Ends with 0 only when the cluster is complete: all
# slots held, all roles given, every replica in sync, and every pod's table right.

. "${0%/*}/common.sh"

SCRIPTS=${0%/*}
PODS=$((MASTERS * (1 + REPLICAS_PER_MASTER)))
DISCOVERY=${DISCOVERY:-kubernetes-api}
NODES_FILE=${NODES_FILE:-/tmp/redis-nodes.txt}
DONE_FILE=${DONE_FILE:-/tmp/redis-init-done}
TIMEOUT=${TIMEOUT:-100}
DEADLINE=$(($(date +%s) + TIMEOUT))
BATCH=20 # pods that are asked at once

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 143' INT TERM
: > "$WORK/pods"

# Writes $WORK/pods: a line "ORDINAL ADDRESS KUBERNETES_NODE" for every pod, with - for what is not known.
find_pods() {
  if [ "$DISCOVERY" != dns ]; then
    [ ! -e "$NODES_FILE" ] || cp "$NODES_FILE" "$WORK/pods"
  elif [ "$(date +%s)" != "${resolved_at:-}" ]; then # at most once a second, to spare the DNS server
    resolved_at=$(date +%s)
    awk -v pods="$PODS" 'BEGIN { while (ordinal < pods) print ordinal++ + 0, "- -" }' > "$WORK/wanted"
    each_pod resolve "$WORK/wanted" > "$WORK/pods"
  fi
}

# each_pod FUNCTION FILE [WORD]: calls FUNCTION ORDINAL ADDRESS KUBERNETES_NODE [WORD] for every line of the file, a batch at once,
# and prints what they print, in any order of the pods.
each_pod() {
  rm -f "$WORK"/pod.*
  while read -r ordinal address node; do
    "$1" "$ordinal" "$address" "$node" "${3:-}" > "$WORK/pod.$ordinal" < /dev/null &
    [ $(((ordinal + 1) % BATCH)) -ne 0 ] || wait
  done < "$2"
  wait
  cat "$WORK"/pod.* 2> /dev/null
}

resolve() {
  { timeout 3 getent ahosts "$NAME-$1.$SERVICE" || timeout 3 getent hosts "$NAME-$1.$SERVICE"; } |
    awk -v ordinal="$1" 'NR == 1 { address = $1 } END { print ordinal, address == "" ? "-" : address, "-" }'
}

# What cluster-state.awk describes.
look_at() {
  echo "pod $1 $2 $3"
  if [ "$2" != - ]; then
    echo "table $1"
    printf '%s\n' 'CLUSTER NODES' 'CLUSTER INFO' 'INFO replication' 'INFO server' 'INFO keyspace' 'CONFIG GET cluster-node-timeout' |
      redis_cli "$2"
  fi
}

# Writes $WORK/plan, which cluster-plan.awk describes.
decide() {
  awk -v stateful_set="$NAME" -v port="$PORT" -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" \
    -v now="$(date +%s)" -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/rules.awk" -f "$SCRIPTS/cluster-state.awk" \
    -f "$SCRIPTS/cluster-roles.awk" -f "$SCRIPTS/cluster-plan.awk" "$WORK/seen" "$WORK/seen" > "$WORK/plan" || exit 1
}

# Sends the commands that the plan has for a pod under one word; prints what was not answered with OK.
send_to() {
  sed -n "s/^$4 $1 //p" "$WORK/plan" > "$WORK/commands.$1"
  if [ -s "$WORK/commands.$1" ]; then
    redis_cli "$2" < "$WORK/commands.$1" | awk -v pod="$NAME-$1" -v commands="$WORK/commands.$1" 'NF == 0 { next }
      { getline command < commands } $0 != "OK" { print pod " replied to " substr(command, 1, 60) ": " $0 }'
  fi
}

# A second CLUSTER FAILOVER would start the first anew, so this waits for its outcome, as long as Redis does.
await_failovers() {
  sed -n 's/^await //p' "$WORK/plan" | while read -r ordinal; do
    tries=25
    until [ "$tries" -eq 0 ] || redis_cli "$(sed -n "s/^$ordinal \([^ ]*\) .*/\1/p" "$WORK/pods")" ROLE | head -n 1 | grep -qx master; do
      tries=$((tries - 1))
      sleep 0.2
    done
  done
}

# Says what a file has under a sed expression, line by line.
report() {
  sed -n "$1" "$2" > "$WORK/report"
  while IFS= read -r line; do
    say_once "$line"
  done < "$WORK/report"
}

give_up() {
  if [ ! -e "$NODES_FILE" ] && [ "$DISCOVERY" != dns ]; then
    say "nobody wrote $NODES_FILE: see the log of the container that runs list-pods.sh"
  fi
  report 's/^lack /missing: /p' "$WORK/plan"
  grep -q '^lack ' "$WORK/plan" || say "missing: time for what was decided last"
  say "failed: the cluster is not complete after $TIMEOUT s; what there is stays, and the next run goes on from it"
  exit 1
}

observe_and_decide() {
  find_pods
  each_pod look_at "$WORK/pods" > "$WORK/seen"
  decide
  ! grep -qx complete "$WORK/plan" || touch "$DONE_FILE"
  report 's/^say //p; s/^wait /waiting for /p; s/^stop /failed: /p' "$WORK/plan"
}

say "$NAME is to have $MASTERS masters and $((PODS - MASTERS)) replicas, in $PODS pods"
observe_and_decide
until grep -qx complete "$WORK/plan"; do
  ! grep -q '^stop ' "$WORK/plan" || exit 1
  [ "$(date +%s)" -lt "$DEADLINE" ] || give_up
  for word in prepare send; do
    ! grep -q "^$word " "$WORK/plan" || { each_pod send_to "$WORK/pods" "$word" > "$WORK/refusals"; report p "$WORK/refusals"; }
  done
  await_failovers
  sleep 0.1
  observe_and_decide
done
