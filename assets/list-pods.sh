#!/bin/sh
# Keeps a file with the addresses of the StatefulSet's pods up to date, by asking the Kubernetes API about once a second,
# until the cluster is complete. cluster-init.sh, in the container beside it, has no kubectl and reads the file.
#
#   NAME                         name of the StatefulSet: its pods are NAME-0, NAME-1, ...
#   MASTERS, REPLICAS_PER_MASTER how many pods there are to be
#   NODES_FILE                   the file to write (default /tmp/redis-nodes.txt): a line "ORDINAL ADDRESS KUBERNETES_NODE"
#                                for every pod, with - for what is not known yet
#   DONE_FILE                    exists when the cluster is complete (default /tmp/redis-init-done)
#
# Lists the pods of the namespace in one call and picks them by name, so that it works with any StatefulSet, whatever its
# labels; "list" on pods is all it needs.

. "${0%/*}/common.sh"

PODS=$((MASTERS * (1 + REPLICAS_PER_MASTER)))
NODES_FILE=${NODES_FILE:-/tmp/redis-nodes.txt}
DONE_FILE=${DONE_FILE:-/tmp/redis-init-done}
FIELDS=NAME:.metadata.name,PHASE:.status.phase,ADDRESS:.status.podIP,NODE:.spec.nodeName,DELETED:.metadata.deletionTimestamp

trap 'exit 143' INT TERM

# A pod that is being deleted still has an address, but its successor will have another.
in_order() {
  awk -v stateful_set="$NAME" -v pods="$PODS" '
    { address[$1] = $2 == "Running" && $5 == "<none>" ? $3 : "<none>"; node[$1] = $4 }
    function known(value) { return value == "" || value == "<none>" ? "-" : value }
    END {
      for (ordinal = 0; ordinal < pods; ordinal++) {
        print ordinal, known(address[stateful_set "-" ordinal]), known(node[stateful_set "-" ordinal])
      }
    }'
}

# kubectl's own --request-timeout would make it forget the address and the token that a pod is given.
refresh() {
  if timeout 10 kubectl get pods --no-headers -o "custom-columns=$FIELDS" > "$NODES_FILE.answer" 2> "$NODES_FILE.error"; then
    in_order < "$NODES_FILE.answer" > "$NODES_FILE.new"
    mv "$NODES_FILE.new" "$NODES_FILE"
    say_once "$(grep -vc ' - ' "$NODES_FILE") of $PODS pods run and have an address"
  else
    say_once "cannot read the pods, trying again: $(head -n 1 "$NODES_FILE.error")"
  fi
}

# A tenth of a second at a time, so that the Job ends as soon as the cluster is complete; rarely while nothing is missing.
until [ -e "$DONE_FILE" ]; do
  refresh
  tenths=$(grep -q ' - ' "$NODES_FILE" 2> /dev/null && echo 3 || echo 10)
  while [ "$tenths" -gt 0 ] && [ ! -e "$DONE_FILE" ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
done
