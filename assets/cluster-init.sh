#!/bin/sh
# Brings the pods of a StatefulSet, whatever state they are in, to one complete Redis Cluster: looks at all of them, takes the step that
# cluster-plan.awk decides on, and looks again, so that a run goes on from where another was interrupted. Ends with 0 only when it is complete.
#
#   NAME, MASTERS, REPLICAS_PER_MASTER    the StatefulSet's pods are NAME-0, NAME-1, ...
#   PODS         how many there are, if more than that: those that are to leave give up what they have (that many)
#   DISCOVERY    how to find them: kubernetes-api (default), by the file that watch-pods.sh writes, or dns, by the headless SERVICE
#   PODS_FILE    that file (default /tmp/redis-pods)
#   DONE_FILE    created at the end, so that watch-pods.sh ends as well (default /tmp/redis-init-done)
#   PLAN         only says what a run would do now, with pods that are not there yet as new ones (no)
#   TIMEOUT      seconds in which all has to be done, or the next slots moved (default 100); and those of move-slots.sh and common.sh

. "${0%/*}/common.sh"

PODS=${PODS:-$((MASTERS * (1 + REPLICAS_PER_MASTER)))}
PODS_FILE=${PODS_FILE:-/tmp/redis-pods} DONE_FILE=${DONE_FILE:-/tmp/redis-init-done} TIMEOUT=${TIMEOUT:-100}
DEADLINE=$(($(date +%s) + TIMEOUT))
make_work_folder

# Writes $WORK/pods: a line "ORDINAL ADDRESS KUBERNETES_NODE" for every pod, with - for what is not known.
find_pods() {
  if [ "${DISCOVERY:-}" != dns ]; then
    # A pod that is being deleted still has an address, but its successor will have another.
    awk -v stateful_set="$NAME" -v pods="$PODS" '
      { address[$1] = $2 == "Running" && $5 == "<none>" ? $3 : "-"; node[$1] = NF == 5 && $4 != "<none>" ? $4 : "-" }
      END { for (; i < pods; i++) { pod = stateful_set "-" i + 0; print i + 0, pod in node ? address[pod] " " node[pod] : "- -" } }
    ' "$PODS_FILE" > "$WORK/pods" 2> /dev/null
  elif [ "$(date +%s)" != "${resolved_at:-}" ]; then # at most once a second, to spare the DNS server
    resolved_at=$(date +%s)
    awk -v pods="$PODS" 'BEGIN { for (; ordinal < pods; ordinal++) print ordinal + 0 }' | each_pod resolve > "$WORK/pods"
  fi
}

# each_pod FUNCTION [WORD]: FUNCTION ORDINAL ADDRESS KUBERNETES_NODE [WORD] for every line of the input, twenty at a time.
each_pod() {
  rm -f "$WORK"/pod.*
  while read -r ordinal address node; do
    "$1" "$ordinal" "$address" "$node" "${2:-}" > "$WORK/pod.$ordinal" < /dev/null &
    [ $(((ordinal + 1) % 20)) -ne 0 ] || wait
  done
  wait
  cat "$WORK"/pod.* 2> /dev/null
}

resolve() {
  { timeout 3 getent ahosts "$NAME-$1.$SERVICE" || timeout 3 getent hosts "$NAME-$1.$SERVICE"; } |
    awk -v ordinal="$1" 'NR == 1 { address = $1 } END { print ordinal, address == "" ? "-" : address, "-" }'
}

look_at() {
  echo "pod $1 $2 $3"
  [ "$2" != - ] || return 0
  echo "table $1"
  printf '%s\n' 'CLUSTER NODES' 'CLUSTER INFO' 'INFO replication' 'INFO server' 'INFO memory' 'INFO keyspace' 'CONFIG GET cluster-node-timeout' |
    redis_cli "$2"
}

# Sends the commands that the plan has for a pod under one word; prints what was not answered with OK.
send_to() {
  sed -n "s/^$4 $1 //p" "$WORK/plan" > "$WORK/commands.$1"
  [ -s "$WORK/commands.$1" ] || return 0
  redis_cli "$2" < "$WORK/commands.$1" | awk -v pod="$NAME-$1" -v commands="$WORK/commands.$1" 'NF == 0 { next }
    { getline command < commands } $0 != "OK" { print pod " replied to " substr(command, 1, 60) ": " $0 }'
}

planned() { grep -q "^$1" "$WORK/plan"; }

# Says what sed makes of a file, line by line.
report() {
  sed -n "$1" "$2" > "$WORK/report"
  while IFS= read -r line; do say_once "$line"; done < "$WORK/report"
}

# Makes all moves at the same time, each by a move-slots.sh, and says what they came to.
move_slots() {
  moving_since=${moving_since:-$(date +%s)}
  rm -f "$WORK"/moved.*
  while read -r word from to move; do
    [ "$word" = move ] || continue
    say_once "moves slots from $from to $to"
    # shellcheck disable=SC2086 # words
    sh "$SCRIPTS/move-slots.sh" $move > "$WORK/moved.$from" 2>&1 &
  done < "$WORK/plan"
  wait
  cat "$WORK"/moved.* | tee -a "$WORK/all-moved" > "$WORK/moved"
  report 's/^refused /stopped: /p' "$WORK/moved"
  if grep -q '^moved' "$WORK/moved"; then
    DEADLINE=$(($(date +%s) + TIMEOUT))
    say "$(awk -v left="$(sed -n 's/^left //p' "$WORK/plan")" -v seconds=$(($(date +%s) - moving_since + 1)) '
      $1 == "moved" { if (NR == FNR) left -= $2; else { slots += $2; keys += $3; bytes += $4 } }
      END { printf "moved %d slots with %d keys (%.1f MiB) in %d s, %d keys/s%s\n", slots, keys, bytes / 1048576, seconds, keys / seconds,
        (left > 0 ? "; " left " slots are left, for about " int(left * seconds / slots) + 1 " s" : left == 0 ? "; none is left" : "") }
    ' "$WORK/moved" "$WORK/all-moved")"
  fi
  report 's/^big /failed: /p' "$WORK/moved"
  ! grep -q '^big' "$WORK/moved"
}

# The file is written pod by pod.
while [ -n "${PLAN:-}" ] && [ "${DISCOVERY:-}" != dns ] && ! [ -s "$PODS_FILE" ] && [ "$(date +%s)" -lt "$DEADLINE" ]; do sleep 1; done
say "$NAME is to have $MASTERS masters and $((MASTERS * REPLICAS_PER_MASTER)) replicas, in $PODS pods"
while :; do
  find_pods
  each_pod look_at < "$WORK/pods" > "$WORK/seen"
  awk -v stateful_set="$NAME" -v pods="$PODS" -v port="$PORT" -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" \
    -v now="$(date +%s)" -v planning="${PLAN:-}" -v keys_per_second="${KEYS_PER_SECOND:-0}" -v mover="${MOVER:-}" \
    -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/rules.awk" -f "$SCRIPTS/cluster-state.awk" -f "$SCRIPTS/cluster-roles.awk" \
    -f "$SCRIPTS/cluster-slots.awk" -f "$SCRIPTS/cluster-plan.awk" "$WORK/seen" "$WORK/seen" > "$WORK/plan" || exit 1
  if [ -n "${PLAN:-}" ] || planned complete; then touch "$DONE_FILE"; fi
  report 's/^say //p; s/^wait /waiting for /p; s/^stop /failed: /p' "$WORK/plan"
  ! planned complete || exit 0
  ! planned 'stop ' || exit 1
  [ -z "${PLAN:-}" ] || { report 's/^lack /missing: /p; s/^left \(.*\)/in all, \1 slots move/p' "$WORK/plan"; exit 0; }
  if [ "$(date +%s)" -ge "$DEADLINE" ]; then
    [ "${DISCOVERY:-}" = dns ] || [ -s "$PODS_FILE" ] || say "nobody wrote $PODS_FILE: see the log of the container that runs watch-pods.sh"
    report 's/^lack /missing: /p' "$WORK/plan"
    say "failed: the cluster is not complete after $TIMEOUT s; nothing is undone, and the next run goes on from here"
    exit 1
  fi
  for word in prepare send; do
    planned "$word " || continue
    each_pod send_to "$word" < "$WORK/pods" > "$WORK/refusals"
    report p "$WORK/refusals"
  done
  ! planned 'move ' || move_slots || exit 1
  # A second CLUSTER FAILOVER would start the first anew: Redis gives it 5 s.
  ! planned 'await ' || sleep 5
  sleep 0.1
done
