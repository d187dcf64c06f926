# Reads what cluster-init.sh saw of the pods: first what each says of itself, and then, as the file is given twice, what its table
# says of others. Of that only is kept where it differs, so that 200 tables of 200 lines are read in a moment.
#
#   pod ORDINAL ADDRESS KUBERNETES_NODE    with - for what is not known, for every pod
#   table ORDINAL                          and then the replies to CLUSTER NODES, CLUSTER INFO, INFO replication, INFO server,
#                                          INFO keyspace and CONFIG GET cluster-node-timeout, whatever each of them is
# Indexed by the pod's ordinal:
#   pod_address, kubernetes_node           "-" when unknown
#   own_id, own_master, own_ranges, own_epoch, bus_port    from its own line in its own table, without which it did not answer
#   info[pod, field]                       of INFO and CLUSTER INFO; keys and node_timeout (ms) beside it
#   complaint                              the first reply that was none of the expected, such as LOADING
#   held                                   how many slots it holds; owner[slot] is the pod that does, of two the later one
#   linked[pod]                            how many pods it lists at their addresses, itself too; no_link names the others, of which
#                                          it is to meet those in meets
#   reached[pod]                           how many nodes it reaches, itself too; unreached names the pods that it does not
#   outdated                               names the pods whose role or slots it does not know
# Indexed by the id of a node that is none of the pods that answer:
#   listers, gone                          the pods that list it, as " 0 1 2", and how many of them as failed or without an address
#   other_address, other_ranges, pongs     its last answer to anyone in ms since 1970
#   alive                                  a pod to which it is alive
#   lost                                   it is the only one to hold some of its slots
#   followers                              how many nodes replicate it

FNR == 1 {
  finish_table()
  table = ""
  if (++pass == 2) {
    claim_slots()
  }
}

$1 == "pod" {
  pod_address[$2] = $3
  kubernetes_node[$2] = $4
  pod_at[$3] = $2
  next
}

$1 == "table" {
  finish_table()
  table = $2
  next
}

pass == 2 {
  if (length($1) == 40 && read_node()) {
    compare()
  }
  next
}

length($1) == 40 && NF >= 8 {
  if ($3 ~ /myself/) {
    read_own_line()
  }
  next
}

NF == 0 || /^#/ || /^cluster-node-timeout/ { next }

/^[0-9]+\r?$/ { node_timeout[table] = $0 + 0; next }

read_field() {
  if (name ~ /^db[0-9]+$/) {
    keys[table] += substr(value, 6) + 0 # keys=...
  }
  info[table, name] = value
  next
}

!(table in complaint) { complaint[table] = $0 }

function read_own_line() {
  read_node()
  if (id in pod_of) {
    twin[table] = pod_of[id]
  }
  pod_of[id] = table
  own_id[table] = id
  own_master[table] = master
  own_ranges[table] = ranges
  own_epoch[table] = epoch
  followers[master]++
  bus_port[table] = $2
  sub(/^.*@/, "", bus_port[table])
  sub(/,.*$/, "", bus_port[table])
}

function claim_slots(    pod, i, count, numbers, slot) {
  for (pod = 0; pod < pods; pod++) {
    count = slots_of(own_ranges[pod], numbers)
    for (i = 1; i <= count; i++) {
      slot = numbers[i]
      if (!(slot in owner) || own_epoch[pod] > own_epoch[owner[slot]]) {
        owner[slot] = pod
      }
    }
  }
  for (slot in owner) {
    held[owner[slot]]++
  }
}

# Fills numbers[1..] with the slots of `0-99 200`, and returns how many there are.
function slots_of(text, numbers,    i, slot, ends, count, parts, bounds) {
  for (i = split(text, parts, " "); i > 0; i--) {
    ends = split(parts[i], bounds, "-")
    for (slot = bounds[1] + 0; slot <= bounds[ends] + 0; slot++) {
      numbers[++count] = slot
    }
  }
  return count + 0
}

function compare(    pod, is_reached) {
  is_reached = connected && !is_missing(flags) && !has_flag(flags, "handshake")
  reached[table] += is_reached
  size[table]++
  if (!(id in pod_of)) {
    note_other(is_reached)
    return
  }
  pod = pod_of[id]
  listed[pod] = 1
  if (pod == table && address != pod_address[pod]) {
    self_unknown[pod] = 1
  }
  if (address == pod_address[pod] && connected && !has_flag(flags, "noaddr") && !has_flag(flags, "handshake")) {
    linked[table]++
    linked_here[pod] = 1
  }
  if (is_reached) {
    reached_here[pod] = 1
  }
  if (master != own_master[pod] || ranges != own_ranges[pod]) {
    outdated[table] = outdated[table] (outdated[table] == "" ? "" : ", ") pod_name(pod)
    note_holder()
  } else if (pod == table && slots != held[pod] + 0) {
    note_holder()
  }
}

# A node that died lately, or whose address a pod has now, looks alive to those that did not notice yet. One that is being
# introduced may be alive, and one that answered lately is, even if the link to it was cut just now.
function note_other(is_reached) {
  listers[id] = listers[id] " " table
  gone[id] += has_flag(flags, "fail") || has_flag(flags, "noaddr")
  other_address[id] = address
  pongs[id] = pong > pongs[id] + 0 ? pong : pongs[id] + 0
  followers[master]++
  if (!(address in pod_at)) {
    if (is_reached || has_flag(flags, "handshake") || !has_flag(flags, "fail") && pong > (now - 5) * 1000) {
      alive[id] = table
    }
  } else if (has_flag(flags, "handshake")) {
    greeted[address] = 1
  }
  if (slots) {
    other_ranges[id] = ranges
    note_holder()
  }
}

# What a table says beyond the claims of the pods themselves. Most tables say the same, so each statement is looked into once.
function note_holder(    i, count, numbers, slot) {
  if (!((id, ranges) in contest)) {
    contest[id, ranges] = ""
    count = slots_of(ranges, numbers)
    for (i = 1; i <= count; i++) {
      slot = numbers[i]
      if (!(slot in owner)) {
        reserved[slot] = 1
        if (!(id in pod_of)) {
          lost[id] = 1
        }
      } else if (own_id[owner[slot]] != id && contest[id, ranges] !~ (" " owner[slot] " ")) {
        contest[id, ranges] = contest[id, ranges] " " owner[slot] " "
      }
    }
  }
  contests = contests contest[id, ranges]
}

# Two who do not know each other are of different clusters: a MEET would take the slots that both have, with their keys, from one.
function finish_table(    i, count, list, distance, pod, absent, missing) {
  if (pass == 2 && table in own_id) {
    for (i = split(contests, list, " "); i > 0; i--) {
      if (!(list[i] in listed)) {
        rivals = pod_name(table) " and " pod_name(list[i])
      }
    }
    if (reached[table] < pods) {
      unreached[table] = pods_without(reached_here)
    }
    if (linked[table] < pods) {
      no_link[table] = pods_without(linked_here)
      for (distance = 1; distance < pods; distance++) {
        pod = (table + distance) % pods
        if (!(pod in linked_here) && !(pod_address[pod] in greeted)) {
          missing[++count] = pod
        }
      }
      for (i = 1; i <= count; i++) {
        if (int(i * MEETS / count) > int((i - 1) * MEETS / count)) {
          meets[table] = meets[table] " " missing[i]
        }
      }
    }
  }
  contests = ""
  split("", listed)
  split("", linked_here)
  split("", reached_here)
  split("", greeted)
}

# `redis-cluster-4`, or `pods 0-2, 5`: those that are not in the set.
function pods_without(set,    text, pod, first) {
  for (pod = 0; pod < pods; pod++) {
    if (!(pod in set)) {
      first = pod
      while (pod + 1 < pods && !((pod + 1) in set)) {
        pod++
      }
      text = text (text == "" ? "" : ", ") (first == pod ? first : first "-" pod)
    }
  }
  return text ~ /[-,]/ ? "pods " text : text == "" ? "" : pod_name(text)
}

function pod_name(pod) {
  return stateful_set "-" pod
}

# `redis-cluster-0 (10.1.2.3, node1)`
function pod_described(pod) {
  return pod_name(pod) " (" pod_address[pod] (kubernetes_node[pod] == "-" ? "" : ", " kubernetes_node[pod]) ")"
}
