#!/bin/sh
# Keeps the node of this pod in its cluster, whatever addresses pods get and whichever of them lose their disks: asks who is where,
# introduces nodes that know each other's ids, and lets a node with a new disk join as a replica. It resets and flushes nothing, and gives
# slots to no node. heal.awk decides. It starts before the server: a master that has just started takes no writes until it is known that no
# replica took over. That pause is renewed, and never ended early, since before Redis 7.0 it is also that of a manual failover.
#
#   POD_IP, POD_NAME              the own address and name
#   PEERS                         a Service that leads to any pod, ready or not; DNS gives the addresses of pods 30 s late
#   SHAPE                         file with the wanted shape: `masters N`, `replicas-per-master N`, `pods N` (/etc/redis/shape)
#   REPL_DISKLESS_SYNC            `yes|no SECONDS REPLICAS|all|-`: repl-diskless-sync, -delay and -max-replicas once copies may start
#   FORMER_ADDRESSES              file with the addresses from before the start (/data/former-addresses)
#   TLS_FOLDER                    holds tls.crt, tls.key and ca.crt; the server loads them again when they change (no TLS)
#   INTERVAL, FORGET_PATIENCE     seconds between two looks while all is well (10), until a node is forgotten (120); and see common.sh
set -f
. "${0%/*}/common.sh"

service=$(address_of "$PEERS")
state=silent since=0 looks=0 hold='' trusted=none released=none certificate='' relinked_at=0

look() {
  now=$(date +%s)
  looks=$((looks + 1))
  own=$(printf '%sCLUSTER NODES\nINFO replication\nINFO server\n' "${hold:+CLIENT PAUSE 3000 WRITE$LINE}" | redis_cli "$POD_IP")
  case $own in
    *' myself,'*) ;;
    *)
      case $own in *'Could not connect'*) hold=yes ;; esac # with its first answer, the next run is paused
      say_once "waits for redis-server: $(printf '%s\n' "${own:-no answer}" | grep -v '^OK$' | head -n 1)"
      state=silent && return ;;
  esac
  run=$(printf '%s\n' "$own" | sed -n 's/^run_id:\([0-9a-f]*\).*/\1/p')
  facts="$(cat "${SHAPE:-/etc/redis/shape}")$LINE$(sed 's/^/former /' "${FORMER_ADDRESSES:-/data/former-addresses}" 2>/dev/null)${LINE}table own$LINE$own"
  while decide; [ -n "$hosts" ]; do
    # shellcheck disable=SC2086 # a list
    facts=$facts$LINE$(ask $hosts)
  done
  act
  take_up_certificate
}

decide() {
  decision=$(printf '%s\n' "$facts" | awk -v FORGET_PATIENCE="${FORGET_PATIENCE:-}" \
    -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/rules.awk" -f "$SCRIPTS/heal.awk" -v port="$PORT" -v pod_ip="$POD_IP" -v pod="$POD_NAME" -v now="$now" -v looks="$looks" \
    -v services="$service $service $PEERS" -v trusted="$trusted" -v released="$released" \
    -v before="$state" -v lasted=$((now - since)) -v relinked=$((now - relinked_at)))
  hosts=$(printf '%s\n' "$decision" | sed -n 's/^ask //p')
  hold=$(printf '%s\n' "$decision" | sed -n 's/^hold //p')
  [ -z "$hold" ] || order CLIENT PAUSE 3000 WRITE
}

# ask [HOST...]: all at the same time, one reply after the other: in one pipe they would mix.
ask() {
  [ $# -gt 0 ] || return 0
  { echo "table $1" && REDISCLI_SECONDS=1 && printf 'CLUSTER NODES\nINFO replication\n' | redis_cli "$1"; } | { shift; ask "$@"; cat; }
}

# order WORD...: for the own node
order() {
  reply=$(redis_cli "$POD_IP" "$@")
  [ "$reply" = OK ] || { say_once "$*: $reply" && return 1; }
}

# shellcheck disable=SC2086 # words
act() {
  [ -z "$hold" ] || say_once "takes no writes $hold"
  orders=''
  while read -r verb words; do
    case $verb in
      state) [ "$words" = "$state" ] || { since=$now && state=$words; } ;;
      trust) trusted=$run ;;
      say) say_once "$words" ;;
      tell) REDISCLI_SECONDS=1 && redis_cli $words >/dev/null & ;;
      order) orders=$orders$words$LINE ;;
      release) release_copies $REPL_DISKLESS_SYNC "$words" ;;
    esac
  done <<END
$decision
END
  [ -n "$orders" ] || return 0
  case $orders in *REPLICATE*) relinked_at=$now ;; esac
  refusal=$(printf '%s' "$orders" | redis_cli "$POD_IP" | grep -v '^OK$' | head -n 1)
  [ -z "$refusal" ] || say_once "the own node replies: $refusal"
}

release_copies() {
  if [ "$3" = all ]; then most=$4; else most=$3; fi
  [ "$most" = - ] || order CONFIG SET repl-diskless-sync-max-replicas "$most"
  order CONFIG SET repl-diskless-sync-delay "$2" && order CONFIG SET repl-diskless-sync "$1" && released=$run
}

# Redis reads all three files again when it is told the name of one.
take_up_certificate() {
  [ -n "${TLS_FOLDER:-}" ] || return 0
  present="$run $(cat "$TLS_FOLDER/tls.crt" "$TLS_FOLDER/tls.key" "$TLS_FOLDER/ca.crt" | cksum)"
  if [ "$present" != "$certificate" ] && order CONFIG SET tls-cert-file "$TLS_FOLDER/tls.crt"; then
    [ "${certificate%% *}" != "$run" ] || say 'loads the renewed certificate'
    certificate=$present
  fi
}

# A subscription ends when the server does, so that the next run is seen before it takes a write.
rest() {
  case $state in
    silent) sleep 0.3 && return ;;
    whole) seconds=$((now - since > 15 ? ${INTERVAL:-10} : 1)) ;;
    *) seconds=$((now - since > 60 ? 5 : 1)) ;;
  esac
  (REDISCLI_SECONDS=$seconds && redis_cli "$POD_IP" SUBSCRIBE heal >/dev/null)
  case $? in 124 | 143) ;; *) sleep 0.3 ;; esac
}

# The shell that waits is free to end at once; one that runs a program would wait for its end first.
while :; do look; rest; done &
trap 'kill $!; exit 0' TERM INT
wait
