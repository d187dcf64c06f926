#!/bin/sh
# Keeps the node of this pod in its cluster, whatever addresses pods get and whichever of them lose their disks.
#
# It looks at the node's own table every few seconds, and has nothing to do while every node in it is reachable and the
# own replication link is up. Otherwise it looks for missing nodes where they were, where peers reach them and where DNS
# says, and lets the own node meet each at its present address. A node with a new disk joins its peers again, as a
# replica of the shard that lacks one. It changes no file, resets and flushes nothing, gives no slot to any node, and
# needs no access to the API. This script asks and acts; heal.awk decides.
#
#   POD_IP                        the own node's address
#   NAME, SERVICE                 the StatefulSet, whose pods are NAME-0, ..., and the headless Service that names them
#   MASTERS, REPLICAS_PER_MASTER  the wanted shape
#   INTERVAL                      seconds between two looks while all is well (5)
#   and those of common.sh
#
# Ends at once, with exit code 0, on SIGTERM.

set -f
folder=${0%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$folder/common.sh"

INTERVAL=${INTERVAL:-5}
LINE='
'

# The answers of CoreDNS are up to 30 s old. Asked no sooner than this after the node came up, DNS knows the own address
# at least: when all nodes have new addresses, the later ones find the first, and through its table the others.
SECONDS_BEFORE_DNS=3

# One change seldom comes alone: after each it looks every second, so many times.
HASTY_LOOKS=30

said=
looks_since_news=0
now=0
troubled_since=
emptied_since=
relinked_at=0
looked_up_at=0
next_names=service

keep_looking() {
  while :; do
    look
    looks_since_news=$((looks_since_news + 1))
    sleep $((looks_since_news > HASTY_LOOKS ? pause : 1))
  done
}

look() {
  own=$(redis_cli "$POD_IP" CLUSTER NODES)
  facts="table own$LINE$own"
  case $own in
    *myself,slave*) facts=$facts$LINE$(redis_cli "$POD_IP" INFO replication) ;;
  esac
  decision=$(decide)
  case $decision in
    'state whole') rest ;;
    'state silent') wait_for_server ;;
    *) mend ;;
  esac
}

rest() {
  if [ "$said" != well ]; then
    say "all well${troubled_since:+ after $(($(date +%s) - troubled_since)) s}"
    looks_since_news=0
  fi
  said=well
  troubled_since=
  emptied_since=
  pause=$INTERVAL
}

wait_for_server() {
  reply=${own%%"$LINE"*}
  say_once "waits for redis-server: ${reply:-no answer}"
  troubled_since=
  pause=1
}

mend() {
  now=$(date +%s)
  : "${troubled_since:=$now}"
  case $decision in
    *'state empty'*) : "${emptied_since:=$now}" ;;
    *) emptied_since= ;;
  esac
  look_up
  # The second time where the peers that answered the first time reach the missing nodes.
  ask
  ask
  decision=$(decide)
  act
  pause=10
}

decide() {
  printf '%s\n' "$facts" | awk -f "$folder/table.awk" -f "$folder/heal.awk" \
    -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" -v port="$PORT" -v pod_ip="$POD_IP" \
    -v troubled=$((now - ${troubled_since:-$now})) -v emptied=$((now - ${emptied_since:-$now})) \
    -v relinked=$((now - relinked_at))
}

# The names of the Service and of the pods take turns, because an old answer about one says nothing about the other.
look_up() {
  case $LINE$decision in
    *"${LINE}seek"*) ;;
    *) return ;;
  esac
  [ $((now - troubled_since)) -ge $SECONDS_BEFORE_DNS ] && [ $((now - looked_up_at)) -ge $SECONDS_BEFORE_DNS ] || return
  looked_up_at=$now
  case $next_names in
    service) hosts=$SERVICE next_names=pods ;;
    pods) hosts=$(pod_names) next_names=service ;;
  esac
  candidates=$(candidates)
  [ -n "$candidates" ] || say_once "DNS knows no address of $SERVICE"
  facts=$facts$LINE$candidates
}

pod_names() {
  ordinal=0
  while [ "$ordinal" -lt $((MASTERS * (1 + REPLICAS_PER_MASTER))) ]; do
    echo "$NAME-$ordinal.$SERVICE"
    ordinal=$((ordinal + 1))
  done
}

candidates() {
  for host in $hosts; do
    timeout 2 getent ahosts "$host" &
  done | awk '!seen[$1]++ { print "candidate " $1 }'
}

# Adds to the facts what the nodes answer that heal.awk wants to be asked.
ask() {
  # shellcheck disable=SC2046 # addresses
  set -- $(decide | sed -n 's/^ask //p')
  [ $# -eq 0 ] || facts=$facts$LINE$(printf 'asked %s\n' "$@")$LINE$(tables "$@")
}

tables() {
  export REDISCLI_SECONDS=1
  for address in $(answering "$@"); do
    echo "table $address"
    redis_cli "$address" CLUSTER NODES
  done
}

# All at the same time, because an address without a node takes the whole second.
answering() {
  for address in "$@"; do
    case $(redis_cli "$address" PING) in
      *PONG*) echo "$address" ;;
    esac &
  done
  wait
}

act() {
  IFS=$LINE
  # shellcheck disable=SC2086 # lines
  set -- $decision
  unset IFS
  for line in "$@"; do
    case $line in
      'say '*) say_once "${line#say }" ;;
      'do '*) order "${line#do }" ;;
    esac
  done
}

# order COMMAND: gives it to the own node
order() {
  # shellcheck disable=SC2086 # words
  reply=$(redis_cli "$POD_IP" $1)
  [ "$reply" = OK ] || say_once "$1: $reply"
  case $1 in
    'CLUSTER REPLICATE '*) relinked_at=$now ;;
  esac
}

# Said again only after all was well in between.
say_once() {
  case $LINE$said$LINE in
    *"$LINE$1$LINE"*) return ;;
  esac
  say "$1"
  said=$said$LINE$1
  looks_since_news=0
}

# The shell that waits is free to end at once; one that runs a program would wait for its end first.
keep_looking &
trap 'kill $!; exit 0' TERM INT
wait
