#!/bin/sh
# Answers a question of the kubelet about the server of this pod:
#
#   probe.sh startup     Has it loaded its data?
#   probe.sh liveness    Does it answer at all? A server that loads, runs a long script, has lost its master or disk or
#                        asks for another password does; to start it again would make all of that worse.
#   probe.sh readiness   Does it serve? The cluster is ok, others have answered since the start, and the node is a master with
#                        slots, or a replica whose link to its master is up or has been down for at most LINK_DOWN_SECONDS.
#
#   POD_IP             the server's address
#   LINK_DOWN_SECONDS  seconds that a replica may be without its master, as during a failover (10)
#   and those of common.sh
#
# Exit code 0 means yes; otherwise it prints the reason, which the kubelet shows in an event. Replies decide, not the exit
# codes of redis-cli, which are the same for an answer and an error.

folder=${0%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$folder/common.sh"

refuse() {
  echo "$1"
  exit 1
}

ping_server() {
  reply=$(redis_cli "$POD_IP" PING)
  case $reply in
    *PONG* | *LOADING* | *BUSY* | *MASTERDOWN* | *MISCONF* | *NOAUTH* | *WRONGPASS* | *NOPERM* | *'max number of clients'*) ;;
    '') refuse 'no answer from redis-server' ;;
    *) refuse "$reply" ;;
  esac
}

case ${1:-} in
  liveness)
    ping_server
    ;;
  startup)
    ping_server
    case $reply in
      *LOADING*) refuse "$reply" ;;
    esac
    ;;
  readiness)
    reason=$(
      {
        echo 'table own'
        printf '%s\n' 'CLUSTER INFO' 'CLUSTER NODES' 'INFO replication' 'INFO server' | redis_cli "$POD_IP"
      } | awk -f "$folder/table.awk" -f "$folder/readiness.awk" -v now="$(date +%s)" -v link_down_seconds="${LINK_DOWN_SECONDS:-10}"
    )
    [ -z "$reason" ] || refuse "$reason"
    ;;
  *)
    refuse "unknown question '${1:-}': startup, liveness or readiness"
    ;;
esac
