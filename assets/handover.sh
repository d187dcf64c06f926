#!/bin/sh
# Before the pod of a master stops, lets one of its replicas that is in sync take over and waits until it has: no write
# fails then, while without it the other nodes would first have to find the master missing.
#
# Does nothing on a replica, or a node without slots. Without a replica in sync, Redis saves on SIGTERM as it is
# configured to (appendonly or save); if it is configured to do neither, this script has it save.
#
#   POD_IP            the own node's address
#   HANDOVER_TIMEOUT  seconds that all of it may take (15)
#   LOG               where it writes: the log of the container, in which it is not the first process (/proc/1/fd/1)
#   and those of common.sh
#
# Always ends with exit code 0, because the pod stops in any case.

folder=${0%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$folder/common.sh"

LOG=${LOG:-/proc/1/fd/1}
started=$(date +%s)
deadline=$((started + ${HANDOVER_TIMEOUT:-15}))

# Redis gives a manual failover up after 5 s.
SECONDS_PER_REPLICA=6

# A replica that gets its votes takes over within a second or two.
SECONDS_WITH_VOTES=3

main() {
  # Neither Redis nor the handover of another pod chooses a replica with this setting. It lasts until the server stops.
  redis_cli "$POD_IP" CONFIG SET cluster-replica-no-failover yes >/dev/null
  while is_master; do
    choose_replica
    if [ -n "$chosen" ]; then
      if is_too_soon; then
        sleep 0.5
        continue
      fi
      hand_over && return
    elif [ -z "$answering" ]; then
      save 'has no replica that could take over'
      return
    fi
    if [ "$(date +%s)" -ge $deadline ]; then
      save "found no replica to take over within ${HANDOVER_TIMEOUT:-15} s"
      return
    fi
    sleep 0.1
  done
}

# Sets $replicas to the addresses of those that are not missing.
is_master() {
  replicas=$(
    {
      echo 'table own'
      redis_cli "$POD_IP" CLUSTER NODES
    } | awk -f "$folder/table.awk" -f "$folder/replicas.awk"
  )
  case $replicas in
    master*) replicas=${replicas#master} ;;
    *) return 1 ;;
  esac
}

# Sets $chosen to the replica in sync that has received most, $answering to all those that are alive.
choose_replica() {
  answering='' chosen='' most=-1
  for address in $replicas; do
    reply=$(redis_cli "$address" INFO replication)
    case $reply in
      *role:slave*) ;;
      *) continue ;;
    esac
    is_stopping "$address" && continue
    answering="$answering $address"
    offset=${reply#*slave_repl_offset:}
    offset=${offset%%[!0-9]*}
    case $reply in
      *master_link_status:up*) [ "$offset" -le "$most" ] || chosen=$address most=$offset ;;
    esac
  done
}

# Masters vote about the same master only once within twice the node timeout, and a replica that got no votes does not ask
# again for twice as long. Those about this one, from when it last stopped, are older than its server. Clients that write do
# not notice this wait, while they would stand still during a vain attempt. It ends when an attempt would come too late.
is_too_soon() {
  timeout=$(redis_cli "$POD_IP" CONFIG GET cluster-node-timeout | sed -n '/^[0-9]/p')
  [ "$(uptime_of "$POD_IP")" -le $((2 * ${timeout:-0} / 1000)) ] && [ $(($(date +%s) + SECONDS_WITH_VOTES)) -lt $deadline ]
}

is_stopping() {
  case $(redis_cli "$1" CONFIG GET cluster-replica-no-failover) in
    *yes*) return 0 ;;
    *) return 1 ;;
  esac
}

hand_over() {
  reply=$(redis_cli "$chosen" CLUSTER FAILOVER)
  if [ "$reply" != OK ]; then
    say "handover: $chosen does not take over: $reply"
    return 1
  fi
  patience=$(($(date +%s) + SECONDS_PER_REPLICA))
  until is_replica; do
    now=$(date +%s)
    if [ "$now" -ge $deadline ] || [ "$now" -ge $patience ] || ! answers "$chosen"; then
      say "handover: $chosen has not taken over after $((now - started)) s"
      return 1
    fi
    sleep 0.1
  done
  say "handover: $chosen has taken over, after $(($(date +%s) - started)) s"
}

is_replica() {
  case $(redis_cli "$POD_IP" ROLE) in
    slave*) return 0 ;;
    *) return 1 ;;
  esac
}

answers() {
  case $(redis_cli "$1" PING) in
    *PONG*) return 0 ;;
    *) return 1 ;;
  esac
}

# save REASON: for a master that stops without a successor
save() {
  if is_configured appendonly yes; then
    how='its keys are in the append-only file'
  elif is_configured save '[0-9]'; then
    how='Redis saves its keys when it stops'
  else
    left=$((deadline - $(date +%s)))
    how="neither appendonly nor save is configured, so it saves its keys now: $(save_within $((left > 3 ? left : 3)))"
  fi
  say "handover: this master $1; $how"
}

save_within() {
  export REDISCLI_SECONDS="$1"
  redis_cli "$POD_IP" SAVE
}

# is_configured SETTING PATTERN
is_configured() {
  value=$(redis_cli "$POD_IP" CONFIG GET "$1")
  case ${value#"$1"} in
    *$2*) return 0 ;;
    *) return 1 ;;
  esac
}

if (: >>"$LOG") 2>/dev/null; then
  exec >>"$LOG"
fi
main
exit 0
