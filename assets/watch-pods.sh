#!/bin/sh
# Writes what the Kubernetes API says of the pods of the namespace, and every change of it, to a file for cluster-init.sh, which has no
# kubectl, until the cluster is complete. But for the annotation below, "list" and "watch" are all the rights that it needs.
#
#   PODS_FILE    to append to (default /tmp/redis-pods): `NAME PHASE ADDRESS KUBERNETES_NODE DELETED`; the last line of a pod holds
#   DONE_FILE    exists when the cluster is complete (default /tmp/redis-init-done)
#   STATEFUL_SET, PODS, MEMBERS    its annotation tells the API server how many pods are needed: all that there are before slots move,
#                and the members when the cluster is complete without the others (nothing is told)

. "${0%/*}/common.sh"

PODS_FILE=${PODS_FILE:-/tmp/redis-pods} DONE_FILE=${DONE_FILE:-/tmp/redis-init-done}
NEEDED=cdk8s-redis-cluster/needed-pods
FIELDS=NAME:.metadata.name,PHASE:.status.phase,ADDRESS:.status.podIP,NODE:.spec.nodeName,DELETED:.metadata.deletionTimestamp
trap 'exit 143' INT TERM

# Begins anew now and then, in case the API server went without a word. kubectl's own --request-timeout would make it forget the
# address and the token that a pod is given.
watch_pods() {
  while :; do
    timeout 20 kubectl get pods --watch --no-headers -o "custom-columns=$FIELDS" >> "$PODS_FILE" 2> "$PODS_FILE.error"
    [ ! -s "$PODS_FILE.error" ] || say_once "cannot read the pods, trying again: $(head -n 1 "$PODS_FILE.error")"
    sleep 0.5
  done
}

# A smaller number is written by a complete cluster only: the Job of a refused apply sees too few pods, and never completes.
require_pods() {
  until needed=$(kubectl get statefulset "$STATEFUL_SET" -o jsonpath="{.metadata.annotations['$NEEDED']}" 2> "$PODS_FILE.error") &&
    { [ "$2" = all ] && [ "${needed:-0}" -ge "$1" ] || kubectl patch statefulset "$STATEFUL_SET" --subresource status --type merge \
      --patch "{\"metadata\":{\"annotations\":{\"$NEEDED\":\"$1\"}}}" > /dev/null 2> "$PODS_FILE.error"; }; do
    say_once "cannot tell the API server how many pods are needed, trying again: $(head -n 1 "$PODS_FILE.error")"
    sleep 1
  done
}

[ -z "${STATEFUL_SET:-}" ] || require_pods "$PODS" all
watch_pods &
until [ -e "$DONE_FILE" ]; do sleep 0.1; done
[ -z "${STATEFUL_SET:-}" ] || require_pods "$MEMBERS" members
