# Which pods are masters of which slots, and which replicas they have: part of the program that cluster-plan.awk begins.
#
#   master_pod[1..chosen]    the pods that are masters or are to be, in the order of their ordinals, also as a set: is_master
#   masters_on[node]         how many of them are on a Kubernetes node
#   seat[pod]                the master that a replica has, or gets

# Those that hold slots already; of the others always the first on a Kubernetes node with the fewest masters, so that the loss
# of one takes no majority along, and no role has to be moved when the cluster is made.
function choose_masters(    pod, choice) {
  for (pod = 0; pod < pods; pod++) {
    if (held[pod] > 0) {
      choose_master(pod)
    }
  }
  while (chosen < masters) {
    choice = ""
    for (pod = 0; pod < pods; pod++) {
      if (!(pod in is_master) && own_master[pod] == "-" && own_ranges[pod] == "" \
        && (choice == "" || masters_on[kubernetes_node[pod]] < masters_on[kubernetes_node[choice]])) {
        choice = pod
      }
    }
    if (choice == "") {
      break
    }
    choose_master(choice)
  }
  chosen = 0
  for (pod = 0; pod < pods; pod++) {
    if (pod in is_master) {
      master_pod[++chosen] = pod
    }
  }
}

function choose_master(pod) {
  is_master[pod] = 1
  masters_on[kubernetes_node[pod]]++
  chosen++
}

# The slots are cut as redis-cli --cluster create cuts them. They are given before the pods meet, because Redis takes a master
# without slots for one that is cut off, and lets it serve only when that has been over for up to 5 s; and nodes take an epoch
# only while they know nobody. Each part goes to its master in one command, so that an interruption leaves only whole parts.
function slots_are_given(    part, first, last, slot, count, missing, gaps, k, pod) {
  for (slot in lost) {
    return 1
  }
  for (part = 1; part <= masters && chosen == masters; part++) {
    first = last == "" ? 0 : last + 1
    last = int(part * ALL_SLOTS / masters - 0.5)
    count = 0
    for (slot = first; slot <= last; slot++) {
      if (!(slot in owner) && !(slot in reserved)) {
        missing[part] = missing[part] " " slot # ADDSLOTSRANGE would be shorter, but Redis 6.2 does not know it
        count++
      }
    }
    if (count) {
      gaps++
      do {
        pod = master_pod[++k]
      } while (held[pod] > 0)
      if (pod == "" || count <= last - first) {
        stop("some of the slots " first "-" last " have no owner, though others were given by hand", \
          "assign them with redis-cli --cluster fix " pod_address[0] ":" port)
        return 0
      }
      say(pod_described(pod) " becomes master of the slots " first "-" last)
      given[part] = pod
    }
  }
  for (pod = 0; pod < pods && gaps; pod++) {
    if (size[pod] == 1 && own_epoch[pod] == 0) {
      prepare(pod, "CLUSTER SET-CONFIG-EPOCH " pod + 1)
    }
  }
  for (part in missing) {
    held[given[part]] = 1
    prepare(given[part], "CLUSTER ADDSLOTS" missing[part])
  }
  return 1
}

function slots_have_masters(    id, k) {
  for (id in lost) {
    name_lost_slots()
    return 0
  }
  if (chosen > masters) {
    stop(chosen " pods hold slots, but only " masters " masters are wanted", "move the slots of the others away with redis-cli " \
      "--cluster reshard, which this Job does not do")
  } else if (chosen < masters) {
    wait("more masters")
    lack("only " chosen " of the " masters " masters wanted are there, and every other pod is a replica", \
      "make a master of one with CLUSTER RESET, when its data are not needed")
  }
  for (k = 1; k <= chosen; k++) {
    if (!held[master_pod[k]]) {
      wait("slots for every master")
      lack(pod_described(master_pod[k]) " is to be a master, but all slots are taken", "give it some with redis-cli --cluster " \
        "rebalance --cluster-use-empty-masters, which this Job does not do")
    }
  }
  return chosen == masters
}

# A replica takes over where there is one. Nobody else gets the slots: their keys may be on the disk of that node.
function name_lost_slots(    id, pod, replica, count) {
  for (id in lost) {
    count++
  }
  for (id in lost) {
    replica = ""
    for (pod = 0; pod < pods; pod++) {
      if (own_master[pod] == id && (replica == "" || offset(pod) > offset(replica))) {
        replica = pod
      }
    }
    wait("a master of the slots " other_ranges[id])
    lack("the slots " other_ranges[id] " belong to node " id ", which is none of the pods that answer", "bring it back, or " \
      (replica == "" ? "give its keys up with redis-cli --cluster fix --cluster-fix-with-unreachable-masters" : \
      "send " pod_described(replica) ", its replica, CLUSTER FAILOVER FORCE, and TAKEOVER when most masters are lost"))
    if (replica != "" && count < masters / 2 && is_safe_to_promote(replica, id)) {
      say(pod_described(replica) " takes over with " keys[replica] + 0 " keys from node " id ", which none of the pods is any more")
      fail_over(replica, "CLUSTER FAILOVER FORCE")
    }
  }
}

# All pods answer, none is the master, and none has got more of its data than this one, which has got all of a copy: an offset
# of 1 says that it is not known. Redis itself has had the time for a vote, and does without when an address is not known.
function is_safe_to_promote(pod, id,    list) {
  return answering == pods && offset(pod) > 1 && info[pod, "master_sync_in_progress"] != "1" && gone[id] > pods / 2 \
    && now * 1000 - pongs[id] > 2 * node_timeout[pod]
}

function offset(pod) {
  return info[pod, "slave_repl_offset"] + 0
}

function fail_over(pod, command) {
  send(pod, command)
  print "await " pod
}

# New replicas are seated in the usual order, in which pod i follows master (i - 1) mod masters, and then change places among
# each other as long as that helps.
function give_masters_replicas(    pod, i, usual, other, changed) {
  for (pod = 0; pod < pods; pod++) {
    if (!(pod in is_master)) {
      replica_pod[++replicas] = pod
      if (own_master[pod] in pod_of && pod_of[own_master[pod]] in is_master) {
        take_seat(pod, pod_of[own_master[pod]])
      }
    }
  }
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    if (!(pod in seat)) {
      is_new[pod] = 1
      usual = master_pod[(i + masters - 2) % masters + 1]
      take_seat(pod, replicas_of[usual] < replicas_per_master ? usual : neediest(master_pod, masters, replicas_of, replicas_per_master))
    }
  }
  do {
    changed = 0
    for (pod in is_new) {
      if (cost(pod, seat[pod]) > 0 && (other = partner(pod, 0)) != "") {
        changed = 1
        usual = leave_seat(pod)
        take_seat(pod, leave_seat(other))
        take_seat(other, usual)
      }
    }
  } while (changed)
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    if (pod in is_new) {
      make_replica(pod)
    } else if (info[pod, "master_link_status"] != "up" && link_is_set_anew(info[pod, "master_host"], pod_address[seat[pod]], \
      info[pod, "master_sync_in_progress"] == "1", 0, 0)) {
      replicate(pod, seat[pod])
    }
  }
}

function take_seat(pod, target) {
  seat[pod] = target
  replicas_of[target]++
  crowd[target, kubernetes_node[pod]]++
}

function leave_seat(pod) {
  replicas_of[seat[pod]]--
  crowd[seat[pod], kubernetes_node[pod]]--
  return seat[pod]
}

# What it costs that a replica has a master: much on the same Kubernetes node, little for other replicas of it on this node.
function cost(pod, target,    node) {
  node = kubernetes_node[pod]
  return node == "-" ? 0 : SHARED * (node == kubernetes_node[target]) + crowd[target, node] - (seat[pod] == target)
}

# The replica with which this one changes places best, when that gains more than `least`; otherwise "".
function partner(pod, least,    i, other, gain, choice) {
  choice = ""
  for (i = 1; i <= replicas; i++) {
    other = replica_pod[i]
    if (seat[other] != seat[pod] && kubernetes_node[other] != kubernetes_node[pod] && (other in is_new) == (pod in is_new)) {
      gain = cost(pod, seat[pod]) + cost(other, seat[other]) - cost(pod, seat[other]) - cost(other, seat[pod])
      if (gain > least) {
        least = gain
        choice = other
      }
    }
  }
  return choice
}

# Redis refuses to turn a master with slots or keys into a replica, rightly: a replica throws away what it has.
function make_replica(pod) {
  if (own_ranges[pod] != "") {
    wait(pod_name(pod) " to see that its slots have a new owner")
    lack(pod_described(pod) " still claims the slots " own_ranges[pod], log_of(pod))
  } else if (own_master[pod] == "-" && keys[pod] > 0) {
    wait(pod_name(pod) " to be empty")
    lack(pod_described(pod) " holds " keys[pod] " keys but no slots, so it cannot become a replica, which would lose them", \
      "save them if they are needed, and delete them")
  } else {
    replicate(pod, seat[pod])
  }
}

function replicate(pod, target) {
  say(pod_described(pod) " replicates " pod_described(target))
  send(pod, "CLUSTER REPLICATE " own_id[target])
}

# One replica goes from a master with too many to one with too few, or two change places to get off their masters' Kubernetes
# nodes: one step at a time, so that no more than two masters are without a replica in sync for that while.
function move_replica(    i, pod, choice, target, other) {
  choice = other = ""
  target = neediest(master_pod, masters, replicas_of, replicas_per_master)
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    if (target != "") {
      if (replicas_of[seat[pod]] > replicas_per_master \
        && (choice == "" || cost(pod, target) - cost(pod, seat[pod]) < cost(choice, target) - cost(choice, seat[choice]))) {
        choice = pod
      }
    } else if (choice == "" && cost(pod, seat[pod]) >= SHARED && (other = partner(pod, SHARED / 2)) != "") {
      choice = pod
    }
  }
  if (choice != "" && !pods_are_replaced()) {
    replicate(choice, target != "" ? target : seat[other])
    if (target == "") {
      replicate(other, seat[choice])
    }
  }
  return choice != ""
}

# No loss of one Kubernetes node should take the majority of the masters along, without which no replica takes over.
# A replica in sync elsewhere takes over from its master, one at a time, where that helps.
function spread_masters(    i, pod, node, bearable) {
  bearable = masters - int(masters / 2) - 1
  for (i = 1; i <= replicas; i++) {
    pod = replica_pod[i]
    node = kubernetes_node[seat[pod]]
    if (node != "-" && kubernetes_node[pod] != "-" && masters_on[node] > bearable && masters_on[kubernetes_node[pod]] < bearable) {
      if (!pods_are_replaced()) {
        relieve(seat[pod], pod, node " has " masters_on[node] " of " masters " masters")
      }
      return 1
    }
  }
  return 0
}

function relieve(former, replica, reason) {
  if (vote_is_possible(info[former, "uptime_in_seconds"], node_timeout[former])) {
    say(reason ": " pod_described(replica) " takes over from " pod_described(former))
    fail_over(replica, "CLUSTER FAILOVER")
  } else {
    wait("the masters to vote about " pod_name(former) " again, which started just now")
    lack(reason, "wait for twice the node timeout")
  }
}

# A pod that is much younger than others tells of a rollout or a drain. The next pod goes when this one is ready, and should
# not find a replica out of sync that could have stayed where it was.
function pods_are_replaced(    pod, up, youngest, oldest) {
  youngest = oldest = info[0, "uptime_in_seconds"] + 0
  for (pod = 1; pod < pods; pod++) {
    up = info[pod, "uptime_in_seconds"] + 0
    youngest = up < youngest ? up : youngest
    oldest = up > oldest ? up : oldest
  }
  if (youngest >= 20 || oldest - youngest < 20) {
    return 0
  }
  wait("the end of a rollout, before roles are moved")
  lack("roles are to be moved between Kubernetes nodes, but a pod has just started, and others may be next", \
    "wait for the end of the rollout")
  return 1
}
