#!/bin/sh
# Keeps a file with the addresses of the StatefulSet's pods up to date, by asking the Kubernetes API about once a second, until the
# cluster is complete. cluster-init.sh, in the container beside it, has no kubectl and reads the file. Lists the pods of the
# namespace in one call and picks them by name, so it works with any StatefulSet, whatever its labels; "list" is all it needs.
#
#   NAME, MASTERS, REPLICAS_PER_MASTER    the StatefulSet's pods are NAME-0, NAME-1, ...
#   NODES_FILE   to write (default /tmp/redis-nodes.txt): a line "ORDINAL ADDRESS KUBERNETES_NODE" for every pod, - for unknown
#   DONE_FILE    exists when the cluster is complete (default /tmp/redis-init-done)

. "${0%/*}/common.sh"

PODS=$((MASTERS * (1 + REPLICAS_PER_MASTER)))
NODES_FILE=${NODES_FILE:-/tmp/redis-nodes.txt}
DONE_FILE=${DONE_FILE:-/tmp/redis-init-done}
FIELDS=NAME:.metadata.name,PHASE:.status.phase,ADDRESS:.status.podIP,NODE:.spec.nodeName,DELETED:.metadata.deletionTimestamp
trap 'exit 143' INT TERM

# kubectl's own --request-timeout would make it forget the address and the token that a pod is given.
# A pod that is being deleted still has an address, but its successor will have another.
refresh() {
  timeout 10 kubectl get pods --no-headers -o "custom-columns=$FIELDS" > "$NODES_FILE.answer" 2> "$NODES_FILE.error" || return
  awk -v stateful_set="$NAME" -v pods="$PODS" '
    function known(value) { return value == "" || value == "<none>" ? "-" : value }
    { address[$1] = $2 == "Running" && $5 == "<none>" ? $3 : "-"; node[$1] = $4 }
    END { for (; i < pods; i++) { pod = stateful_set "-" i + 0; print i + 0, known(address[pod]), known(node[pod]) } }
  ' "$NODES_FILE.answer" > "$NODES_FILE.new"
  mv "$NODES_FILE.new" "$NODES_FILE"
}

# Asks more often while something is missing, and looks every tenth of a second whether the Job may end.
until [ -e "$DONE_FILE" ]; do
  if refresh; then
    say_once "$(grep -vc ' - ' "$NODES_FILE") of $PODS pods run and have an address"
  else
    say_once "cannot read the pods, trying again: $(head -n 1 "$NODES_FILE.error")"
  fi
  tenths=$(grep -q ' - ' "$NODES_FILE" 2> /dev/null && echo 3 || echo 10)
  until [ "$tenths" -eq 0 ] || [ -e "$DONE_FILE" ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
done
