#!/bin/sh
# Keeps the node of this pod in its cluster, whatever addresses pods get and whichever of them lose their disks.
#
# It does one thing: it brings nodes together by id. While the own table misses a node, it asks the pods that a Service leads
# to, peers, and the addresses from before the start who is there, and nodes that know each other's ids are introduced. A node
# with a new disk joins its peers again, as a replica of the shard that lacks one. It changes no file, resets and
# flushes nothing, gives no slot to any node, and needs no access to the API. This script asks and acts; heal.awk decides.
#
# It starts before the server does. A master that has just started takes no writes until a majority of the masters answers it
# and no node marks it as failed: its replica may own its slots by now, or is about to be elected, and what was written to it
# would be lost. A pause is renewed while it is needed and never ended early: before Redis 7.0 it is also that of a manual
# failover. start.sh holds full copies back; they start as soon as it is known who asks for them.
#
#   POD_IP                        the own node's address
#   POD_NAME                      the pod's name (the host's)
#   PEERS                         a Service that leads to any of the pods, ready or not, from one address that stays. Names
#                                 of pods are no use: DNS may answer with addresses that are 30 s old.
#   MASTERS, REPLICAS_PER_MASTER  the wanted shape
#   REPL_DISKLESS_SYNC            `yes|no SECONDS REPLICAS|-`: repl-diskless-sync, -delay and -max-replicas once copies may start
#   FORMER_ADDRESSES              file with the addresses from before the start (/data/former-addresses)
#   TLS_FOLDER                    where tls.crt, tls.key and ca.crt are; the server loads them again when they change (no TLS)
#   INTERVAL                      seconds between two looks while all is well (10)
#   and those of common.sh
#
# Ends at once, with exit code 0, on SIGTERM.

set -f
folder=${0%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$folder/common.sh"

HELD_BACK=86400 # the repl-diskless-sync-delay with which start.sh starts the server
POD_NAME=${POD_NAME:-$(hostname)}
service=$(env | sed -n "s/^$(echo "$PEERS" | tr '[:lower:]-' '[:upper:]_')_SERVICE_HOST=//p")
services="${service:-$PEERS} ${service:-$PEERS} $PEERS" # by name as well, should the Service be another by now

state=silent
since=0
looks=0
hold=
trusted=none
released=none
certificate=
relinked_at=0
refused=0

keep_looking() {
  while :; do
    now=$(date +%s)
    looks=$((looks + 1))
    look
    pause
  done
}

look() {
  own=$(printf '%sCLUSTER NODES\nINFO replication\nINFO server\n' "${hold:+CLIENT PAUSE 3000 WRITE$LINE}" | redis_cli "$POD_IP")
  case $own in
    *' myself,'*) ;;
    *) wait_for_server && return ;;
  esac
  run=$(printf '%s\n' "$own" | sed -n 's/^run_id:\([0-9a-f]*\).*/\1/p')
  facts="$(sed 's/^/former /' "${FORMER_ADDRESSES:-/data/former-addresses}" 2>/dev/null)${LINE}table own$LINE$own"
  decide
  hold_writes
  for _ in 1 2; do
    hosts=$(decided ask)
    [ -n "$hosts" ] || break
    facts=$facts$LINE$(each_line ask_line "$hosts")
    decide
  done
  act
}

wait_for_server() {
  reply=${own##*"$LINE"}
  say_once "waits for redis-server: ${reply:-no answer}"
  state=silent
  case $own in
    *'Could not connect'*) hold=yes ;; # the first answer of the next run comes with a pause
  esac
}

decide() {
  decision=$(printf '%s\n' "$facts" | awk -f "$folder/nodes.awk" -f "$folder/rules.awk" -f "$folder/heal.awk" \
    -v masters="$MASTERS" -v replicas_per_master="$REPLICAS_PER_MASTER" -v port="$PORT" -v pod_ip="$POD_IP" -v pod="$POD_NAME" \
    -v services="$services" -v now="$now" -v looks="$looks" -v trusted="$trusted" -v released="$released" \
    -v before="$state" -v lasted=$((now - since)) -v relinked=$((now - relinked_at)))
}

# decided VERB: what follows it in the decision
decided() {
  printf '%s\n' "$decision" | sed -n "s/^$1 //p"
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

ask_line() {
  # shellcheck disable=SC2086 # hosts
  ask_all $1
}

# All at the same time, and one reply after the other: in one pipe they would mix.
ask_all() {
  [ $# -gt 0 ] || return 0
  ask "$1" | {
    shift
    ask_all "$@"
    cat
  }
}

ask() {
  echo "table $1"
  printf 'CLUSTER NODES\nINFO replication\n' | within 1 "$1"
}

# within SECONDS HOST [WORD...]
within() (
  REDISCLI_SECONDS=$1
  shift
  redis_cli "$@"
)

hold_writes() {
  hold=$(decided hold)
  [ -z "$hold" ] || say_refusals "$(redis_cli "$POD_IP" CLIENT PAUSE 3000 WRITE)"
}

say_refusals() {
  each_line say_once "$(printf '%s\n' "$1" | grep -v '^OK$')"
}

act() {
  hold_writes
  [ -z "$hold" ] || say_once "takes no writes $hold"
  case $LINE$decision in
    *"${LINE}trust"*) trusted=$run ;;
  esac
  if [ "$(decided state)" != "$state" ]; then
    since=$now
    state=$(decided state)
    [ "$state" != whole ] || say_once 'all well'
  fi
  each_line say_once "$(decided say)"
  each_line tell "$(decided tell)"
  orders=$(decided order)
  case $orders in
    *REPLICATE*) relinked_at=$now ;;
  esac
  [ -z "$orders" ] || say_refusals "$(printf '%s\n' "$orders" | redis_cli "$POD_IP")"
  case $LINE$decision in
    *"${LINE}release"*) release_copies ;;
  esac
  take_up_certificate
}

# tell 'ADDRESS COMMAND'
tell() {
  # shellcheck disable=SC2086 # address and words
  within 1 $1 >/dev/null &
}

release_copies() {
  case $(redis_cli "$POD_IP" CONFIG GET repl-diskless-sync-delay) in
    *"$HELD_BACK"*) ;;
    *) released=$run && return ;;
  esac
  # shellcheck disable=SC2086 # three words
  set -- $REPL_DISKLESS_SYNC
  replies=$({
    [ "$3" = - ] || echo "CONFIG SET repl-diskless-sync-max-replicas $3"
    printf 'CONFIG SET repl-diskless-sync-delay %s\nCONFIG SET repl-diskless-sync %s\n' "$2" "$1"
  } | redis_cli "$POD_IP")
  case $replies in
    *[!OK"$LINE"]*) say_refusals "$replies" ;;
    *) released=$run ;;
  esac
}

# Redis reads all three files again when it is told the name of one.
take_up_certificate() {
  [ -n "${TLS_FOLDER:-}" ] || return 0
  present="$run $(cat "$TLS_FOLDER/tls.crt" "$TLS_FOLDER/tls.key" "$TLS_FOLDER/ca.crt" | cksum)"
  [ "$present" != "$certificate" ] || return 0
  reply=$(redis_cli "$POD_IP" CONFIG SET tls-cert-file "$TLS_FOLDER/tls.crt")
  if [ "$reply" != OK ]; then
    say_once "cannot load the renewed certificate: $reply"
    return
  fi
  [ "${certificate%% *}" != "$run" ] || say 'loads the renewed certificate'
  certificate=$present
}

# A subscription ends when the server does, and what starts next is seen before it takes a write.
pause() {
  case $state in
    silent) sleep 0.3 && return ;;
    whole) seconds=$((now - since > 15 ? ${INTERVAL:-10} : 1)) ;;
    *) seconds=$((now - since > 60 ? 5 : 1)) ;;
  esac
  within "$seconds" "$POD_IP" SUBSCRIBE heal >/dev/null
  case $? in
    124 | 143) refused=0 ;;
    *) refused=$((refused + 1)) && sleep $((refused > 3 ? seconds : 0)).3 ;;
  esac
}

# The shell that waits is free to end at once; one that runs a program would wait for its end first.
keep_looking &
trap 'kill $!; exit 0' TERM INT
wait
