#!/bin/sh
# Before the pod of a master stops, lets the replica in sync that has received most take over and waits until it has: no write fails then,
# while the other nodes would first have to find a master missing. It tries until its time is over, also while a server is slow. If nobody
# takes over, Redis saves on SIGTERM as configured, or else is told to. The exit code is always 0, because the pod stops in any case.
#
#   POD_IP            the own node's address
#   HANDOVER_TIMEOUT  seconds that all of it may take (15)
#   LOG               where it writes: the log of the container, in which it is not the first process (/proc/1/fd/1)
#   and those of common.sh

. "${0%/*}/common.sh"

LOG=${LOG:-/proc/1/fd/1}
started=$(date +%s) deadline=$((started + ${HANDOVER_TIMEOUT:-15}))
asked='' problem='' attempt_ends=0

# With cluster-replica-no-failover, until the server stops, neither Redis nor the handover of another pod chooses this node.
next_step() {
  printf '%s\n' 'CLUSTER NODES' 'INFO server' 'CONFIG GET cluster-node-timeout' 'CONFIG SET cluster-replica-no-failover yes' |
    redis_cli "$POD_IP" | awk -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/rules.awk" -f "$SCRIPTS/handover.awk"
}

# hand_over STEP REPLICAS: asks one, or says in $problem why not; fails when there is none to wait for: all are missing, or stop too.
hand_over() {
  [ -z "$asked" ] || say_once "handover: $asked has not taken over"
  chosen='' problem='' most=-1
  for address in $2; do
    reply=$(printf '%s\n' 'INFO replication' 'CONFIG GET cluster-replica-no-failover' | redis_cli "$address")
    offset=${reply#*slave_repl_offset:}
    offset=${offset%%[!0-9]*}
    case $reply in
      *no-failover"$LINE"yes*) ;;
      *role:slave*master_link_status:up*) [ "$offset" -le "$most" ] || chosen=$address most=$offset ;;
      *role:*) problem="$address is not in sync" ;;
      *) problem="$address: ${reply:-no answer}" ;;
    esac
  done
  if [ -z "$chosen" ]; then
    [ -n "$problem" ] || { problem='no replica is left to take over' && return 1; }
  elif [ "$1" = moving ] && [ $((now - started)) -lt 8 ]; then # move-slots.sh completes what it has begun
    problem='slots are on their way from or to this node'
  elif [ "$1" = early ] && [ $((now + 3)) -lt $deadline ]; then # clients would notice a failed attempt; one that succeeds takes up to 3 s
    problem='the other masters would not vote again yet'
  else
    problem=$(redis_cli "$chosen" CLUSTER FAILOVER)
    [ "$problem" != OK ] || asked=$chosen attempt_ends=$((now + 6)) problem='' # Redis gives it up after 5 s
  fi
}

(: >>"$LOG") 2>/dev/null && exec >>"$LOG"
while now=$(date +%s) && [ "$now" -lt $deadline ]; do
  step=$(next_step)
  case $step in
    nothing)
      [ -z "$asked" ] || say "handover: $asked has taken over, after $((now - started)) s"
      exit 0
      ;;
    unknown*) problem="its server: ${step#* }" ;;
    *) [ "$now" -lt $attempt_ends ] || hand_over "${step%% *}" "${step#* }" || break ;;
  esac
  [ -z "$problem" ] || say_once "handover: $problem"
  sleep 0.1
done

case $(printf '%s\n' 'CONFIG GET appendonly' 'CONFIG GET save' | redis_cli "$POD_IP") in
  *appendonly"$LINE"yes*) how='its keys are in the append-only file' ;;
  *save"$LINE"[0-9]*) how='Redis saves its keys when it stops' ;;
  *) how="neither appendonly nor save is configured, so Redis is told to save when it stops: $(
    redis_cli "$POD_IP" CONFIG SET save '2147483647 1')" ;;
esac
say "handover: no replica takes over, after $((now - started)) s: ${problem:-$asked did not}; $how"
exit 0
