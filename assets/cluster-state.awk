# Reads what cluster-init.sh saw of the pods into arrays, on top of table.awk: awk -f table.awk -f cluster-state.awk ...
#
# The input has, for every pod,
#   pod ORDINAL ADDRESS KUBERNETES_NODE    with - for what is not known
#   table ORDINAL                          and then the replies to PING, DBSIZE, CLUSTER INFO, CLUSTER NODES, INFO replication,
#                                          INFO server and CONFIG GET cluster-node-timeout
# The arrays are indexed by the pod's ordinal, as are those of table.awk:
#   pod_address, kubernetes_node           "-" when unknown
#   answers                                whether it replied to PING and CLUSTER NODES
#   complaint                              the first reply that was none of the expected, such as LOADING
#   keys, cluster_state, current_epoch     from DBSIZE and CLUSTER INFO
#   master_host, master_link, offset       of a replica, from INFO replication
#   uptime, node_timeout                   of the server, in seconds, and of the cluster, in ms
#   bus_port, epoch                        from its own line in its own table
#   ranges[table, id]                      the slots of a node, `0-99 200`
#   greeting[table, address]               a handshake with that address is under way
#   pod_of[id]                             ordinal of the pod that has this id; twin[pod] is another pod with the same

$1 == "pod" {
  pod_address[$2] = $3
  kubernetes_node[$2] = $4
}

$1 == "table" || $1 == "pod" || NF == 0 || /^#/ { next }

{ sub(/\r$/, "") }

$0 == "PONG" { answers[table] = 1; next }

/^[0-9]+$/ {
  if (table in keys) {
    node_timeout[table] = $0
  } else {
    keys[table] = $0
  }
  next
}

/^[a-z][a-z0-9_]*:/ {
  value = substr($0, index($0, ":") + 1)
  if (/^cluster_state:/) {
    cluster_state[table] = value
  } else if (/^master_link_status:/) {
    master_link[table] = value
  } else if (/^master_host:/) {
    master_host[table] = value
  } else if (/^slave_repl_offset:/) {
    offset[table] = value + 0
  } else if (/^cluster_current_epoch:/) {
    current_epoch[table] = value + 0
  } else if (/^uptime_in_seconds:/) {
    uptime[table] = value + 0
  }
  next
}

length($1) == 40 && NF >= 8 { read_line($1); next }

!(table in complaint) { complaint[table] = $0 }

function read_line(id,    field) {
  if (flagged(table, id, "handshake")) {
    greeting[table, address[table, id]] = 1
  }
  ranges[table, id] = ""
  for (field = 9; field <= NF; field++) {
    if ($field ~ /^[0-9]/) {
      ranges[table, id] = ranges[table, id] (ranges[table, id] == "" ? "" : " ") $field
    }
  }
  if (flagged(table, id, "myself")) {
    epoch[table] = $7
    bus_port[table] = $2
    sub(/^.*@/, "", bus_port[table])
    sub(/,.*$/, "", bus_port[table])
    if (id in pod_of) {
      twin[table] = pod_of[id]
    }
    pod_of[id] = table
  }
}

# Whether a pod lists another at its present address and is linked to it, whatever it thinks of its health.
function is_linked(pod, other) {
  return lists(pod, myself[other]) && address[pod, myself[other]] == pod_address[other] && connected[pod, myself[other]] \
    && !flagged(pod, myself[other], "noaddr") && !flagged(pod, myself[other], "handshake")
}

# The pod that a pod replicates, "" for a master or when the master is no pod.
function master_of(pod,    id) {
  id = master[pod, myself[pod]]
  return id in pod_of ? pod_of[id] : ""
}

function is_replica(pod) {
  return master[pod, myself[pod]] != "-"
}

function pod_name(pod) {
  return name "-" pod
}

# `redis-cluster-0 (10.1.2.3, node1)`
function pod_at(pod) {
  return pod_name(pod) " (" pod_address[pod] (kubernetes_node[pod] == "-" ? "" : ", " kubernetes_node[pod]) ")"
}

# `redis-cluster-4`, or `pods 0-2, 5`
function pod_list(set,    text) {
  text = ranges_of(set, pods)
  return text ~ /[-,]/ ? "pods " text : pod_name(text)
}

# `0-2, 5`: those of the numbers from 0 to size - 1 that are in the set.
function ranges_of(set, size,    number, first, text) {
  for (number = 0; number < size; number++) {
    if (number in set) {
      first = number
      while (number + 1 < size && (number + 1) in set) {
        number++
      }
      text = text (text == "" ? "" : ", ") (first == number ? first : first "-" number)
    }
  }
  return text
}
