#!/bin/sh
# Readiness: does this pod do its part? If not, it prints the reason, which the kubelet shows in an event, and fails. readiness.awk decides.
# It runs as long as the pod lives, and processes are most of its cost: few.
#
#   POD_IP             the server's address
#   LINK_DOWN_SECONDS  seconds that a replica may be without its master, as during a failover (10)
#   and those of common.sh

. "${0%/*}/common.sh"

redis_cli "$POD_IP" <<'COMMANDS' | awk -f "$SCRIPTS/nodes.awk" -f "$SCRIPTS/readiness.awk" -v patience="${LINK_DOWN_SECONDS:-10}"
CLUSTER INFO
CLUSTER NODES
INFO replication
COMMANDS
