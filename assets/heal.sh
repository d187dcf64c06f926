#!/bin/sh
# Keeps the node of this pod in its cluster, whatever addresses pods get and whichever of them lose their disks.
#
# It looks at the node's own table every few seconds, and has nothing to do while every node in it is reachable and the
# own replication link is up. Otherwise it looks for missing nodes where they were, where peers reach them and where a
# Service leads, and lets the own node meet each at its present address. A node with a new disk joins its peers again, as
# a replica of the shard that lacks one. It changes no file, resets and flushes nothing, gives no slot to any node, and
# needs no access to the API. This script asks and acts; heal.awk decides.
#
# A master that has just started takes no writes until a majority of the masters answers it and no node takes it for failed
# any more: another may own its slots by now, or is about to be elected, and what was written to it would be lost. Redis
# itself waits for 2 s, and then trusts its file for a node timeout.
#
#   POD_IP                        the own node's address
#   PEERS                         a Service that leads to any of the pods, ready or not, from one address that stays. Names
#                                 of pods are no use: DNS may answer with addresses that are 30 s old.
#   MASTERS, REPLICAS_PER_MASTER  the wanted shape
#   INTERVAL                      seconds between two looks while all is well (10)
#   and those of common.sh
#
# Ends at once, with exit code 0, on SIGTERM.

set -f
folder=${0%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$folder/common.sh"
# shellcheck source=certificate.sh
. "$folder/certificate.sh"

INTERVAL=${INTERVAL:-10}
LINE='
'

# One change seldom comes alone: after each it looks every second, so many times.
HASTY_LOOKS=30

said=
looks_since_news=0
up_since=
troubled_since=
emptied_since=
relinked_at=0
holds_writes=
is_trusted=

keep_looking() {
  while :; do
    take_up_certificate
    look
    looks_since_news=$((looks_since_news + 1))
    if [ "$decision" = 'state silent' ]; then
      sleep 0.5 # to be there before a server that starts takes writes
      continue
    fi
    took=$(($(date +%s) - now))
    wanted=$((looks_since_news > HASTY_LOOKS ? pause : 1))
    # A look that takes long tells of a machine that has enough to do.
    sleep $((took > wanted ? took : wanted))
  done
}

look() {
  now=$(date +%s)
  own=$(redis_cli "$POD_IP" CLUSTER NODES)
  facts="table own$LINE$own"
  case $own in
    *myself,slave*) facts=$facts$LINE$(redis_cli "$POD_IP" INFO replication) ;;
  esac
  [ -n "$up_since" ] || up_since=$((now - $(uptime_of "$POD_IP")))
  decision=$(decide)
  case $decision in
    'state whole') rest ;;
    'state silent') wait_for_server ;;
    *) mend ;;
  esac
}

rest() {
  guard_writes
  [ -n "$is_trusted" ] || return
  if [ "$said" != well ]; then
    [ -n "$said" ] || troubled_since=
    say "all well${troubled_since:+ after $((now - troubled_since)) s}"
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
  up_since=
  troubled_since=
  holds_writes=
  is_trusted=
}

# Holds writes back until the next look, however long that takes, or lets them through, and then for good.
guard_writes() {
  [ -z "$is_trusted" ] || return 0
  case $LINE$decision in
    *"${LINE}hold"*) hold_writes 'until a majority of the masters answers' ;;
    *) if is_taken_for_failed; then hold_writes 'while others take this master for failed'; else release_writes; fi ;;
  esac
}

hold_writes() {
  say_once "takes no writes $1"
  say_refusal "$(redis_cli "$POD_IP" CLIENT PAUSE 10000 WRITE)"
  holds_writes=yes
  pause=1
}

release_writes() {
  is_trusted=yes
  [ -n "$holds_writes" ] || return 0
  holds_writes=
  say_refusal "$(redis_cli "$POD_IP" CLIENT UNPAUSE)"
}

# Others do so for twice the node timeout after it is back, and a replica that does may be elected all that time.
is_taken_for_failed() {
  replicas=$(printf 'table own\n%s\n' "$own" | awk -f "$folder/table.awk" -f "$folder/replicas.awk")
  [ -n "$replicas" ] || return 1 # owns no slots
  id=$(printf '%s\n' "$own" | sed -n 's/ .*myself,.*//p')
  {
    for address in ${replicas#master}; do
      briefly "$address" CLUSTER NODES &
    done
    tables_of_any
  } | grep -q "^$id [^ ]* [^ ]*fail[, ]"
}

say_refusal() {
  [ "$1" = OK ] || say_once "$1"
}

mend() {
  : "${troubled_since:=$now}"
  pause=10
  guard_writes
  case $decision in
    *'state empty'*) : "${emptied_since:=$now}" ;;
    *) emptied_since= ;;
  esac
  find_peers
  decision=$(decide)
  read_tables
  decision=$(decide)
  ask
  decision=$(decide)
  case $decision in
    'state whole') rest ;;
    *) act ;;
  esac
}

decide() {
  printf '%s\n' "$facts" | awk -f "$folder/table.awk" -f "$folder/heal.awk" \
    -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" -v port="$PORT" -v pod_ip="$POD_IP" \
    -v now="$now" -v up_since="$up_since" -v troubled=$((now - ${troubled_since:-$now})) \
    -v emptied=$((now - ${emptied_since:-$now})) -v relinked=$((now - relinked_at))
}

find_peers() {
  case $LINE$decision in
    *"${LINE}seek"*) ;;
    *) return ;;
  esac
  found=$(tables_of_any)
  [ -n "$found" ] || say_once "no other node answers at $PEERS"
  facts=$facts$LINE$found
}

# A few, as each leads to any pod, perhaps to this one or to one that is no more.
tables_of_any() {
  for _ in 1 2 3; do
    read_table_of_any &
  done
  wait
}

read_table_of_any() {
  reply=$(briefly "$PEERS" CLUSTER NODES)
  address=$(printf '%s\n' "$reply" | sed -n 's/^[^ ]* \([^ ]*\):[0-9]*@[^ ]* myself,.*/\1/p')
  case $address in
    '' | "$POD_IP") ;;
    *) echo "table $address$LINE$reply" ;;
  esac
}

briefly() {
  (
    REDISCLI_SECONDS=1
    redis_cli "$@"
  )
}

# decided VERB: what follows it in the decision
decided() {
  printf '%s\n' "$decision" | sed -n "s/^$1 //p"
}

read_tables() {
  for address in $(decided read); do
    facts="$facts${LINE}table $address$LINE$(briefly "$address" CLUSTER NODES)"
  done
}

# All at the same time, because an address without a node takes the whole second.
ask() {
  answers=$(
    for address in $(decided ask); do
      # shellcheck disable=SC2046 # in one line, even if redis-cli warns
      echo "answer $address" $(briefly "$address" CLUSTER MYID) &
    done
    wait
  )
  facts=$facts$LINE$answers
}

act() {
  each_line say_once "$(decided say)"
  orders=$(decided order)
  [ -n "$orders" ] || return
  case $orders in
    *REPLICATE*) relinked_at=$now ;;
  esac
  each_line say_once "$(printf '%s\n' "$orders" | redis_cli "$POD_IP" | grep -v '^OK$')"
}

# each_line FUNCTION TEXT: calls it with every line
each_line() {
  function=$1
  IFS=$LINE
  # shellcheck disable=SC2086 # lines
  set -- $2
  unset IFS
  for line in "$@"; do
    "$function" "$line"
  done
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
