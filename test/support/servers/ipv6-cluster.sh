#!/bin/sh
# Creates a cluster on IPv6 addresses. To be run in a network namespace of its own, whose loopback interface it fills.
#
#   ipv6-cluster.sh FOLDER CLUSTER_INIT

set -eu

folder=$1
cluster_init=$2

ip link set lo up
for number in 1 2 3 4 5 6; do
  ip -6 address add "fd00::$number/128" dev lo nodad
  mkdir "$folder/$number"
  redis-server --bind "fd00::$number" --port 6379 --dir "$folder/$number" --cluster-enabled yes --protected-mode no \
    --cluster-announce-ip "fd00::$number" --cluster-node-timeout 2000 --repl-diskless-sync-delay 0 --save '' \
    > "$folder/$number/log" &
  echo "redis-cluster-$((number - 1)) Running fd00::$number <none> <none>"
done > "$folder/pods"

NAME=redis-cluster SERVICE=redis-cluster-headless MASTERS=3 REPLICAS_PER_MASTER=1 PORT=6379 TIMEOUT=60 \
  PODS_FILE=$folder/pods DONE_FILE=$folder/done sh "$cluster_init"
redis-cli -h fd00::3 cluster nodes
