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
RESOLVED_AT=0

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 143' INT TERM

# Writes $WORK/pods: a line "ORDINAL ADDRESS KUBERNETES_NODE" for every pod, with - for what is not known.
find_pods() {
  if [ "$DISCOVERY" = dns ]; then
    resolve_pods
  elif [ -e "$NODES_FILE" ]; then
    cp "$NODES_FILE" "$WORK/pods"
  else
    : > "$WORK/pods"
  fi
}

# At most once a second, to spare the DNS server.
resolve_pods() {
  [ "$(date +%s)" != "$RESOLVED_AT" ] || return 0
  RESOLVED_AT=$(date +%s)
  ordinal=0
  while [ "$ordinal" -lt "$PODS" ]; do
    resolve_pod "$ordinal" > "$WORK/resolved.$ordinal" &
    ordinal=$((ordinal + 1))
  done
  wait
  cat "$WORK"/resolved.* > "$WORK/pods"
}

resolve_pod() {
  { timeout 3 getent ahosts "$NAME-$1.$SERVICE" || timeout 3 getent hosts "$NAME-$1.$SERVICE"; } |
    awk -v ordinal="$1" 'NR == 1 { address = $1 } END { print ordinal, address == "" ? "-" : address, "-" }'
}

address_of() {
  sed -n "s/^$1 \([^ ]*\) .*/\1/p" "$WORK/pods"
}

# Writes $WORK/seen, which cluster-state.awk describes; all pods are asked at once.
look() {
  rm -f "$WORK"/pod.*
  while read -r ordinal address node; do
    look_at "$ordinal" "$address" "$node" > "$WORK/pod.$ordinal" &
  done < "$WORK/pods"
  wait
  cat "$WORK"/pod.* > "$WORK/seen" 2> /dev/null || :
}

look_at() {
  echo "pod $1 $2 $3"
  if [ "$2" != - ]; then
    echo "table $1"
    printf '%s\n' PING DBSIZE 'CLUSTER INFO' 'CLUSTER NODES' 'INFO replication' 'INFO server' 'CONFIG GET cluster-node-timeout' |
      redis_cli "$2"
  fi
}

# Writes $WORK/plan, which cluster-plan.awk describes.
decide() {
  awk -v name="$NAME" -v port="$PORT" -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" \
    -v now="$(date +%s)" -f "$SCRIPTS/table.awk" -f "$SCRIPTS/cluster-state.awk" -f "$SCRIPTS/cluster-groups.awk" \
    -f "$SCRIPTS/cluster-slots.awk" -f "$SCRIPTS/cluster-placement.awk" -f "$SCRIPTS/cluster-roles.awk" \
    -f "$SCRIPTS/cluster-outcome.awk" -f "$SCRIPTS/cluster-plan.awk" "$WORK/seen" > "$WORK/plan" || exit 1
}

planned() {
  grep -q "^$1" "$WORK/plan"
}

report() {
  sed -n 's/^say //p; s/^wait /waiting for /p' "$WORK/plan" | say_news decisions
}

# Says those lines of the standard input that were not there the time before, under a name for what they are.
say_news() {
  cat > "$WORK/$1.now"
  touch "$WORK/$1.said"
  awk 'FILENAME == ARGV[1] { said[$0] = 1; next } !($0 in said)' "$WORK/$1.said" "$WORK/$1.now" | say_lines
  mv "$WORK/$1.now" "$WORK/$1.said"
}

say_lines() {
  while IFS= read -r line; do
    say "$line"
  done
}

# Sends the commands that the plan has under one word, all pods at once.
send() {
  planned "$1 " || return 0
  rm -f "$WORK"/refused.*
  while read -r ordinal address node; do
    if planned "$1 $ordinal "; then
      send_to "$ordinal" "$address" "$1" > "$WORK/refused.$ordinal" &
    fi
  done < "$WORK/pods"
  wait
  cat "$WORK"/refused.* 2> /dev/null | say_news refusals
}

# Prints what was not answered with OK.
send_to() {
  sed -n "s/^$3 $1 //p" "$WORK/plan" > "$WORK/commands.$1"
  redis_cli "$2" < "$WORK/commands.$1" | grep . > "$WORK/replies.$1"
  awk -v pod="$NAME-$1" 'FILENAME == ARGV[1] { command[FNR] = substr($0, 1, 60); next }
    $0 != "OK" { print pod " replied to " command[FNR] ": " $0 }' "$WORK/commands.$1" "$WORK/replies.$1"
}

# A second CLUSTER FAILOVER would start the first anew, so this waits for its outcome, as long as Redis does.
await_failovers() {
  sed -n 's/^await //p' "$WORK/plan" | while read -r ordinal; do
    tries=25
    until [ "$tries" -eq 0 ] || redis_cli "$(address_of "$ordinal")" ROLE | head -n 1 | grep -qx master; do
      tries=$((tries - 1))
      sleep 0.2
    done
  done
}

fail() {
  say "failed: $*"
  exit 1
}

give_up() {
  if [ ! -e "$NODES_FILE" ] && [ "$DISCOVERY" != dns ]; then
    say "nobody wrote $NODES_FILE: see the log of the container that runs list-pods.sh"
  fi
  sed -n 's/^lack /missing: /p' "$WORK/plan" | say_lines
  planned 'lack ' || say "missing: time for what was decided last"
  fail "the cluster is not complete after $TIMEOUT s; what there is stays, and the next run goes on from it"
}

observe_and_decide() {
  find_pods
  look
  decide
  report
}

say "$NAME is to have $MASTERS masters and $((PODS - MASTERS)) replicas, in $PODS pods"
observe_and_decide
until planned complete; do
  if planned stop; then
    fail "$(sed -n 's/^stop //p' "$WORK/plan" | head -n 1)"
  fi
  if [ "$(date +%s)" -ge "$DEADLINE" ]; then
    give_up
  fi
  send prepare
  send send
  await_failovers
  sleep 0.2
  observe_and_decide
done
touch "$DONE_FILE"
