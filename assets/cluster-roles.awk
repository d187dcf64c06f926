# Gives the pods their slots and, once all of them know each other, their masters: part of the program that cluster-plan.awk begins.

# Masters get their slots before they meet, because Redis takes a master without slots for one that is cut off, and lets it
# serve only when that has been over for cluster-node-timeout, at most 5 s. And nodes take an epoch only while they know nobody.
function masters_are_begun(    pod, slot, lonely) {
  read_slots()
  for (slot in lost) {
    return 1
  }
  if (taken_slots == SLOTS) {
    return 1
  }
  for (pod = 0; pod < pods; pod++) {
    if (size[pod] == 1) {
      lonely++
      if (epoch[pod] == 0) {
        prepare(pod, "CLUSTER SET-CONFIG-EPOCH " pod + 1)
      }
    }
  }
  if (lonely && choose_masters() == masters) {
    assign_slots()
  }
  return !lacking && !stopped
}

function slots_have_masters(    count, slot) {
  for (slot in lost) {
    handle_lost_slots()
    return 0
  }
  count = choose_masters()
  if (count > masters) {
    stop(pod_list(is_master) " hold slots, but only " masters " masters are wanted: move the slots of the others away " \
      "with redis-cli --cluster reshard, which this Job does not do")
  } else if (count < masters) {
    wait("more masters")
    lack("only " count " of the " masters " masters wanted are there, and every other pod is a replica")
  }
  return count == masters
}

# Its replica takes over if there is one. Nobody else gets the slots: their keys may be on the disk of that node.
function handle_lost_slots(    slot, id, holders) {
  wait("an owner of the slots " ranges_of(lost, SLOTS))
  for (slot in lost) {
    holders[lost[slot]] = 1
  }
  for (id in holders) {
    handle_lost_node(id, heir_of(id))
  }
}

function handle_lost_node(id, heir,    slot, set, remedy) {
  for (slot in lost) {
    if (lost[slot] == id) {
      set[slot] = 1
    }
  }
  if (heir == "") {
    remedy = "bring its disk back, or give its keys up with redis-cli --cluster fix --cluster-fix-with-unreachable-masters"
  } else {
    remedy = "if " pod_at(heir) ", its replica, does not take over, send that one CLUSTER FAILOVER TAKEOVER"
    succeed(heir, id)
  }
  lack("the slots " ranges_of(set, SLOTS) " belong to node " id ", which is none of the pods: " remedy)
}

# Of the pods that replicate a node, the one that got most of its data.
function heir_of(id,    pod, heir) {
  heir = ""
  for (pod = 0; pod < pods; pod++) {
    if (master[pod, myself[pod]] == id && (heir == "" || offset[pod] > offset[heir])) {
      heir = pod
    }
  }
  return heir
}

# Redis leaves it to the replica when a master fails. It never takes a master for failed, though, whose address a new node
# answers at, as does a pod whose disk was emptied: it forgets that address and pings no more. All pods are here and none
# is that master, so it does not come back.
function succeed(heir, id) {
  if (flagged(heir, id, "noaddr")) {
    say(pod_at(heir) " takes over with " keys[heir] " keys from node " id ", in whose place a new one is")
    fail_over(heir, "CLUSTER FAILOVER FORCE")
  }
}

function fail_over(pod, command) {
  send(pod, command)
  print "await " pod
}

function assign_slots(    part, pod) {
  if (taken_slots < SLOTS) {
    match_parts()
    for (part = 1; part <= masters; part++) {
      assign_part(part_master[part], first_slot(part), last_slot(part))
    }
  }
  for (pod = 0; pod < pods; pod++) {
    if (pod in is_master && !held[pod]) {
      wait("slots for every master")
      lack(pod_at(pod) " is to be a master, but all slots are taken: give it some with redis-cli --cluster rebalance " \
        "--cluster-use-empty-masters, which this Job does not do")
    }
  }
}

function assign_part(pod, first, last,    slot, set, count) {
  for (slot = first; slot <= last; slot++) {
    if (!(slot in owner) && !(slot in reserved)) {
      set[slot] = 1
      count++
    }
  }
  if (count) {
    say(pod_at(pod) " becomes master of the slots " ranges_of(set, SLOTS))
    add_slots(pod, set)
    held[pod] += count
  }
}

# ADDSLOTSRANGE would be shorter, but Redis 6.2 does not know it.
function add_slots(pod, set,    slot, command) {
  command = "CLUSTER ADDSLOTS"
  for (slot = 0; slot < SLOTS; slot++) {
    if (slot in set) {
      command = command " " slot
    }
  }
  prepare(pod, command)
}

function assign_replicas(    i, k, pod, present_master) {
  for (k = 1; k <= masters; k++) {
    index_of[master_pod[k]] = k
  }
  for (pod = 0; pod < pods; pod++) {
    if (!(pod in is_master)) {
      present_master = master_of(pod)
      replica_pod[++replicas] = pod
      present[replicas] = present_master in index_of ? index_of[present_master] : 0
    }
  }
  place_replicas()
  for (i = 1; i <= replicas; i++) {
    if (!present[i]) {
      assign_replica(replica_pod[i], master_pod[seat[i]])
    } else {
      renew_replication(replica_pod[i], master_pod[present[i]])
    }
  }
}

# Redis refuses to turn a master with slots or keys into a replica, rightly: a replica throws away what it has.
function assign_replica(pod, target) {
  if (ranges[pod, myself[pod]] != "") {
    wait(pod_name(pod) " to see that its slots have a new owner")
    lack(pod_at(pod) " still claims the slots " ranges[pod, myself[pod]])
  } else if (!is_replica(pod) && keys[pod] > 0) {
    wait(pod_name(pod) " to be empty")
    lack(pod_at(pod) " holds " keys[pod] " keys but no slots, so it cannot become a replica, which would lose them: save " \
      "them if they are needed, and delete them")
  } else {
    replicate(pod, target)
  }
}

# When it is gossip that corrects an address in the table, replication is not told and goes on trying the old one.
function renew_replication(pod, target) {
  if (master_link[pod] != "up" && master_host[pod] != pod_address[target]) {
    replicate(pod, target)
  }
}

function replicate(pod, target) {
  say(pod_at(pod) " replicates " pod_at(target))
  send(pod, "CLUSTER REPLICATE " myself[target])
}

# A node that failed, has no slots and is none of the pods, all of which are there, left its disk behind for good.
function forget_ghosts(    pod, i, id, failed, needed) {
  for (pod = 0; pod < pods; pod++) {
    needed[master[pod, myself[pod]]] = 1
    for (i = 1; i <= size[pod]; i++) {
      id = member[pod, i]
      if (flagged(pod, id, "fail") || flagged(pod, id, "noaddr")) {
        failed[id] = 1
      } else if (reaches(pod, id) || slots[pod, id] > 0) {
        needed[id] = 1
      }
    }
  }
  for (pod = 0; pod < pods; pod++) {
    for (i = 1; i <= size[pod]; i++) {
      id = member[pod, i]
      if (id in failed && !(id in needed) && !(id in pod_of)) {
        say("node " id " is gone for good: all pods forget it")
        send(pod, "CLUSTER FORGET " id)
      }
    }
  }
}

# Replicas on the Kubernetes node of their own master, or too many at one and too few at another: one exchange at a time,
# so that no more than the masters in it are without a replica in sync for that while.
function move_replicas(    i, k, start) {
  for (i = 1; i <= replicas; i++) {
    count_at[present[i]]++
    if (seat[i] != present[i] && !start) {
      start = i
    }
  }
  if (!start) {
    return 0
  }
  if (pods_are_replaced()) {
    return 1
  }
  for (i = 1; i <= replicas; i++) {
    if (seat[i] != present[i] && count_at[seat[i]] < replicas_per_master) {
      replicate(replica_pod[i], master_pod[seat[i]])
      return 1
    }
  }
  k = present[start]
  do {
    i = leaver_from(k)
    k = seat[i]
    replicate(replica_pod[i], master_pod[k])
  } while (k != present[start])
  return 1
}

# `present` of those that are on their way is left as it is.
function leaver_from(k,    i) {
  for (i = 1; i <= replicas; i++) {
    if (present[i] == k && seat[i] != k && !(i in moved)) {
      moved[i] = 1
      return i
    }
  }
}

# No loss of one Kubernetes node should take the majority of the masters along, without which no replica takes over.
# A replica in sync elsewhere takes over from its master, one at a time, where that helps.
function spread_masters(    k, pod, node, bearable, count) {
  bearable = masters - int(masters / 2) - 1
  for (k = 1; k <= masters; k++) {
    count[kubernetes_node[master_pod[k]]]++
  }
  for (pod = 0; pod < pods; pod++) {
    if (is_replica(pod) && kubernetes_node[pod] != "-") {
      node = kubernetes_node[master_of(pod)]
      if (node != "-" && count[node] > bearable && count[kubernetes_node[pod]] < bearable) {
        if (!pods_are_replaced()) {
          relieve(master_of(pod), pod, node " has " count[node] " of " masters " masters")
        }
        return 1
      }
    }
  }
  return 0
}

function relieve(former, heir, reason) {
  if (is_too_soon(former)) {
    wait("the masters to vote about " pod_name(former) " again, which started just now")
    lack(reason)
  } else {
    say(reason ": " pod_at(heir) " takes over from " pod_at(former))
    fail_over(heir, "CLUSTER FAILOVER")
  }
}

# Masters vote about the same master only once within twice the node timeout, and in a vain attempt clients stand still. The
# last vote about this one, if it stopped and handed over, is older than its server. Each vote has an epoch of its own, after
# those that the pods were given at creation.
function is_too_soon(pod) {
  return uptime[pod] * 1000 <= 2 * node_timeout[pod] && current_epoch[pod] > pods
}

# A pod that is much younger than others tells of a rollout or a drain. The next pod goes when this one is ready, and should
# not find a replica out of sync that could have stayed where it was.
function pods_are_replaced(    pod, youngest, oldest) {
  youngest = oldest = 0
  for (pod = 1; pod < pods; pod++) {
    youngest = uptime[pod] < uptime[youngest] ? pod : youngest
    oldest = uptime[pod] > uptime[oldest] ? pod : oldest
  }
  if (uptime[youngest] >= 20 || uptime[oldest] - uptime[youngest] < 20) {
    return 0
  }
  wait("the end of a rollout, before roles are moved")
  lack("roles are to be moved between Kubernetes nodes, but " pod_at(youngest) " has just started, and others may be next")
  return 1
}
