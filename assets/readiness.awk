# Decides for probe.sh, by the replies to CLUSTER INFO, CLUSTER NODES and INFO replication, whether a pod is
#   - in touch with the cluster: another node has answered since this server started, and the state is ok, or fails only
#     because of nodes that a majority of the masters marked as failed. When another shard is down, a pod that serves its own
#     stays ready: a rollout that repairs that shard gets past it, and the PodDisruptionBudget goes on protecting it;
#   - a master with slots, or a replica whose link to its master is up, or down for at most `patience` seconds.

NR == 1 { first_reply = $0 }
/myself,/ && read_node() { own_slots = slots }
read_field() { field[name] = value }

END {
  down = field["master_link_down_since_seconds"] + 0
  others_failed = field["cluster_slots_fail"] > 0 && field["cluster_slots_pfail"] == 0
  if (!("role" in field) || !("cluster_state" in field)) {
    reason = first_reply == "" ? "no answer from redis-server" : first_reply
  } else if (field["cluster_state"] != "ok" && !others_failed) {
    reason = "cluster_state:" field["cluster_state"]
  } else if (!("cluster_stats_messages_pong_received" in field)) { # counted from the start, and left out when 0
    reason = "no other node has answered since this one started"
  } else if (field["role"] == "master" && !own_slots) {
    reason = "a master without slots: not part of the cluster yet"
  } else if (field["role"] == "slave" && field["master_link_status"] != "up" && (down < 0 || down > patience)) {
    reason = down < 0 ? "a replica that has not been in sync yet" : "a replica without its master for " down " s"
  }
  if (reason != "") { print reason }
  exit reason != ""
}
