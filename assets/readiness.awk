# Says why a node does not serve, or nothing: awk -f table.awk -f readiness.awk -v link_down_seconds=SECONDS -v now=SECONDS
# Reads `table own` and the node's replies to CLUSTER INFO, CLUSTER NODES, INFO replication and INFO server.

NR == 2 { first_reply = $0 }
/^[a-z_]+:/ { sub(/\r$/, ""); field[substr($0, 1, index($0, ":") - 1)] = substr($0, index($0, ":") + 1) }

END {
  self = myself["own"]
  down = field["master_link_down_since_seconds"] + 0
  if (first_reply == "") {
    print "no answer from redis-server"
  } else if (!("cluster_state" in field) || self == "") {
    print first_reply
  } else if (field["cluster_state"] != "ok") {
    print "cluster_state:" field["cluster_state"]
  } else if (last_answer() < (now - field["uptime_in_seconds"] + 2) * 1000) {
    print "no other node has answered since this one started"
  } else if (field["role"] == "master" && slots["own", self] == 0) {
    print "a master without slots: not part of the cluster yet"
  } else if (field["role"] == "slave" && field["master_link_status"] != "up") {
    if (down < 0) {
      print "a replica that has not been in sync yet"
    } else if (down > link_down_seconds) {
      print "a replica without its master for " down " s"
    }
  }
}

# In ms since 1970. When it starts, Redis takes all nodes of its file for healthy, and notes that time as their last answer.
function last_answer(    i, last) {
  for (i = 1; i <= size["own"]; i++) {
    last = pong["own", member["own", i]] > last ? pong["own", member["own", i]] : last
  }
  return last
}
