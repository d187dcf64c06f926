# Which pods are masters of which slots, and which replicas they have: part of the program that cluster-plan.awk begins.
# master_pod[1..chosen] are the pods that are masters or are to be, by their ordinals, is_master the same as a set; masters_on[node]
# says how many a Kubernetes node has, held[pod] how many slots a pod; seat[pod] is the master that a replica has or gets.

function choose_masters(    pod, slot, id, k) {
  for (id in lost) lost_nodes++
  for (slot in owner) held[owner[slot]]++
  while (chosen < masters && (pod = next_master()) != "") {
    is_master[pod] = 1
    masters_on[kubernetes_node[pod]]++
    chosen++
  }
  for (pod = 0; pod < staying; pod++) if (pod in is_master) master_pod[++k] = pod
}

function master_of(pod) { return own_master[pod] in pod_of ? pod_of[own_master[pod]] : "" } # a pod
function slots_held(pod) { return pod in held ? held[pod] : 0 } # a question about a member would make it one

# Of the pods that stay, the one that holds most slots, or is receiving some, or could; then the first on a Kubernetes node with
# the fewest masters, so that no role has to be moved when the cluster is made.
function next_master(    pod, choice, rank, best) {
  for (pod = 0; pod < staying; pod++) if (!(pod in is_master)) {
    rank = slots_held(pod) + (pod in receives) / 2
    if (rank == 0 && (own_master[pod] != "-" || own_ranges[pod] != "")) continue
    if (choice == "" || rank > best || rank == best && masters_on[kubernetes_node[pod]] < masters_on[kubernetes_node[choice]]) {
      choice = pod
      best = rank
    }
  }
  return choice
}

# The slots are cut as redis-cli --cluster create cuts them, and given before the pods meet: a master without slots counts as cut off for
# up to 5 s more, and nodes take an epoch only while they know nobody. One command for each part leaves no half of one.
function slots_are_given(    part, first, last, slot, count, missing, given, k, pod) {
  for (part = 1; part <= masters && chosen == masters && !lost_nodes; part++) {
    first = part == 1 ? 0 : last + 1
    last = int(part * ALL_SLOTS / masters - 0.5)
    count = 0; missing = "" # ADDSLOTSRANGE would be shorter, but Redis 6.2 does not know it
    for (slot = first; slot <= last; slot++) if (!(slot in owner) && !(slot in reserved) && !(slot in importing) && ++count) missing = missing " " slot
    if (!count) continue
    do pod = master_pod[++k]; while (pod in held)
    if (pod == "" || count <= last - first) return stop("some slots of " first "-" last " have no owner, but others do", \
      "assign them with redis-cli --cluster fix " pod_address[0] ":" port)
    say(whole_name(pod) " becomes master of the slots " first "-" last)
    given[pod] = missing
  }
  for (pod = 0; pod < pods && k; pod++) {
    if (size[pod] == 1 && own_epoch[pod] == 0) prepare(pod, "CLUSTER SET-CONFIG-EPOCH " pod + 1)
    if (pod in given && (held[pod] = 1)) prepare(pod, "CLUSTER ADDSLOTS" given[pod])
  }
  return 1
}

function slots_have_masters() {
  if (lost_nodes) return name_lost_slots()
  if (chosen < masters) make_master()
  return chosen == masters
}

# A master of pods that leave hands over to a replica that stays; else a replica that its master has beyond the wanted ones begins anew.
function make_master(    pod, former, surplus) {
  for (pod = 0; pod < staying; pod++) if (info[pod, "master_link_status"] == "up") in_sync[own_master[pod]]++
  for (pod = 0; pod < staying; pod++) if (info[pod, "master_link_status"] == "up" && (former = master_of(pod)) != "") {
    if (former + 0 >= staying && former in held) { # a text to some, once a function gave it back
      if (vote_is_possible(info[former, "uptime_in_seconds"], node_timeout[former])) {
        return fail_over(pod, "CLUSTER FAILOVER", whole_name(pod) " takes over from " whole_name(former) ", which is to leave")
      }
      return lack("the masters to vote again about " pod_name(former) ", which just started", whole_name(former) " is to leave", "wait for twice the node timeout")
    }
    if (surplus == "" && in_sync[own_master[pod]] > replicas_per_master) surplus = pod
  }
  if (surplus == "") return lack("more masters", "only " chosen " of " masters " masters are there, and all others are replicas", \
    "empty the disks of pods that are to be masters")
  say(whole_name(surplus) ", a replica that its master does not need, becomes an empty master")
  send(surplus, "CLUSTER RESET SOFT")
}

# The replica that got most of a node's data takes over where that is safe: all pods answer, none is the master, this one had a whole copy
# (an offset of 1 says that it is not known), and Redis has had time to vote. Nobody else gets the slots, whose keys may be on that disk.
function name_lost_slots(    id, pod, replica, most) {
  for (id in lost) if (answering == pods || gone[id] > answering / 2) {
    replica = most = ""
    for (pod = 0; pod < pods; pod++) if (own_master[pod] == id && (replica == "" || info[pod, "slave_repl_offset"] + 0 > most)) {
      replica = pod
      most = info[pod, "slave_repl_offset"] + 0
    }
    lack("a master of the slots " other_ranges[id], "the slots " other_ranges[id] " belong to node " id ", none of the pods that answer", \
      "bring it back, or " (replica == "" ? "give its keys up with redis-cli --cluster fix --cluster-fix-with-unreachable-masters" \
      : "send CLUSTER FAILOVER FORCE, or TAKEOVER when most masters are lost, to its replica " whole_name(replica)))
    if (replica != "" && answering == pods && most > 1 && info[replica, "master_sync_in_progress"] != 1 && gone[id] > pods / 2 \
      && now * 1000 - pongs[id] > 2 * node_timeout[replica] && lost_nodes < masters / 2) {
      fail_over(replica, "CLUSTER FAILOVER FORCE", whole_name(replica) " takes over from node " id ", which none of the pods is any more")
    }
  }
}

# New replicas are seated in the usual order, pod i with master (i - 1) mod masters, and then change places among each other as long as that
# helps. Replicas are told again when gossip corrected an address, as replication goes on trying the old one.
function give_masters_replicas(    i, pod, target, other, changed) {
  for (pod = 0; pod < pods; pod++) if (!(pod in is_master || pod in held || pod in receives)) {
    target = master_of(pod)
    if (target in held && !(target in is_master)) continue
    if (pod >= staying) { if (!(target in held)) make_replica(pod, master_pod[pod % masters + 1]); continue }
    replica_pod[++replicas] = pod
    if (target in is_master) take_seat(pod, target)
    else is_new[pod] = 1
  }
  for (i = 1; i <= replicas; i++) if (replica_pod[i] in is_new) {
    target = master_pod[(i + masters - 2) % masters + 1]
    if (replicas_of[target] >= replicas_per_master) target = neediest(master_pod, masters, replicas_of, replicas_per_master)
    take_seat(replica_pod[i], target)
  }
  do {
    changed = 0
    for (pod = 0; pod < pods; pod++) if (pod in is_new && cost(pod, seat[pod]) > 0 && (other = partner(pod, 0)) != "") {
      target = seat[pod]
      changed = 1
      take_seat(pod, seat[other])
      take_seat(other, target)
    }
  } while (changed)
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    if (pod in is_new) make_replica(pod, seat[pod])
    else if (info[pod, "master_link_status"] != "up" && info[pod, "master_host"] != pod_address[seat[pod]]) replicate(pod, seat[pod])
  }
}

function take_seat(pod, target) {
  if (pod in seat) { replicas_of[seat[pod]]--; crowd[seat[pod], kubernetes_node[pod]]-- }
  replicas_of[target]++
  crowd[target, kubernetes_node[pod]]++
  seat[pod] = target
}

# Much for a replica on the Kubernetes node of its master, little for each other replica of that master on it.
function cost(pod, target,    node) {
  node = kubernetes_node[pod]
  return node == "-" ? 0 : SHARED * (node == kubernetes_node[target]) + crowd[target, node] - (seat[pod] == target)
}

# A replica with which this one may change places, which gains more than `least`; otherwise "".
function partner(pod, least,    i, other) {
  for (i = 1; i <= replicas; i++) {
    other = replica_pod[i]
    if (seat[other] != seat[pod] && kubernetes_node[other] != kubernetes_node[pod] && (other in is_new) == (pod in is_new) \
      && cost(pod, seat[pod]) + cost(other, seat[other]) - cost(pod, seat[other]) - cost(other, seat[pod]) > least) return other
  }
  return ""
}

# Redis refuses to turn a master with slots or keys into a replica, rightly: a replica throws away what it has.
function make_replica(pod, target) {
  if (own_ranges[pod] != "") lack(pod_name(pod) " to see that its slots have a new owner", \
    whole_name(pod) " still claims the slots " own_ranges[pod], "see kubectl logs " pod_name(pod))
  else if (own_master[pod] == "-" && keys[pod] > 0) lack(pod_name(pod) " to be empty", \
    whole_name(pod) " holds " keys[pod] " keys but no slots, and would lose them as a replica", "save and delete them")
  else replicate(pod, target)
}

# One step for each look, so that at most two masters have a replica out of sync. The replica that fits best goes from a master with too many
# to one with too few, two get off their masters' Kubernetes nodes, or one takes over, lest a lost Kubernetes node take the majority along.
function move_roles(    i, pod, former, node, target, best, other, bearable, crowded, reason) {
  bearable = masters - int(masters / 2) - 1
  target = neediest(master_pod, masters, replicas_of, replicas_per_master)
  best = ""
  for (i = 1; i <= replicas && target != ""; i++) {
    pod = replica_pod[i]
    if (replicas_of[seat[pod]] > replicas_per_master && (best == "" || cost(pod, target) < cost(best, target))) best = pod
  }
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    former = seat[pod]
    node = kubernetes_node[former]
    other = target == "" && cost(pod, former) >= SHARED ? partner(pod, SHARED / 2) : ""
    crowded = node != "-" && kubernetes_node[pod] != "-" && masters_on[node] > bearable && masters_on[kubernetes_node[pod]] < bearable
    if (other == "" && !crowded && pod != best) continue
    if (pods_are_replaced()) return 1
    reason = node " has " masters_on[node] " of " masters " masters"
    if (other == "" && !crowded) replicate(pod, target)
    else if (!crowded) { replicate(pod, seat[other]); replicate(other, former) }
    else if (vote_is_possible(info[former, "uptime_in_seconds"], node_timeout[former])) {
      fail_over(pod, "CLUSTER FAILOVER", reason ": " whole_name(pod) " takes over from " whole_name(former))
    } else lack("the masters to vote again about " pod_name(former) ", which just started", reason, "wait for twice the node timeout")
    return 1
  }
  return 0
}

# The next pod of a rollout goes when this one is ready, and should not find a replica out of sync that could have stayed.
function pods_are_replaced(    pod, up, youngest, oldest) {
  for (pod = 0; pod < pods; pod++) {
    up = info[pod, "uptime_in_seconds"] + 0
    youngest = pod == 0 || up < youngest ? up : youngest
    oldest = up > oldest ? up : oldest
  }
  if (youngest >= ROLLOUT || oldest - youngest < ROLLOUT) return 0
  lack("the end of a rollout, before roles are moved", "roles are to be moved, but a pod has just started", "wait: others may be next")
  return 1
}
