# Decides what cluster-init.sh does next: a pure function from what was seen of the pods to commands and words.
#
#   awk -v stateful_set=NAME -v port=... -v masters=... -v replicas_per_master=... -v now=SECONDS_SINCE_1970 \
#     -f nodes.awk -f rules.awk -f cluster-state.awk -f cluster-roles.awk -f cluster-plan.awk SEEN SEEN
#
# It reads what cluster-state.awk describes and prints
#   prepare ORDINAL COMMAND  for that pod, to be sent to all pods before any of
#   send ORDINAL COMMAND
#   await ORDINAL            that pod, which was sent CLUSTER FAILOVER, is to become a master before the next look
#   say TEXT                 a fact or a decision
#   wait TEXT                what has to become true, in short
#   lack TEXT; REMEDY        the same in detail
#   stop TEXT; REMEDY        why going on would do harm, or is of no use
#   complete                 nothing is left to do
# A plan holds one step; the next look at the pods shows what came of it. A command is never repeated because it was not
# confirmed, only because its effect is not there.

BEGIN {
  pods = masters * (1 + replicas_per_master)
  SHARED = 1000000 # what it costs that a replica is on the Kubernetes node of its master
  MEETS = 8 # introductions of a pod in one look: all at once in a small cluster, and gossip does the rest in a large one
}

END {
  finish_table()
  choose_masters()
  if (pods_answer() && pods_are_one_cluster() && slots_are_given() && pods_know_each_other() && slots_have_masters()) {
    give_masters_replicas()
    forget_nodes()
    if (!sent && is_settled() && !move_replica() && !spread_masters()) {
      summarize()
    }
  }
}

function say(text) { print "say " text }

function wait(text) {
  if (!(text in awaited)) {
    awaited[text] = 1
    print "wait " text
  }
}

function lack(text, remedy) { print "lack " text "; " remedy; lacking++ }

function stop(text, remedy) { print "stop " text "; " remedy; stopped++ }

function send(pod, command) { print "send " pod " " command; sent++ }

function prepare(pod, command) { print "prepare " pod " " command; sent++ }

function log_of(pod) { return "see kubectl logs " pod_name(pod) }

# Whatever else a pod says, such as that its disk is full: it answers when it shows its table.
function pods_answer(    pod) {
  for (pod = 0; pod < pods; pod++) {
    if (pod in own_id) {
      answering++
    } else if (!(pod in pod_address) || pod_address[pod] == "-") {
      lack(pod_name(pod) " has no address", "see kubectl describe pod " pod_name(pod))
    } else {
      lack(pod_described(pod) " does not answer: " (pod in complaint ? complaint[pod] : "no reply in time"), log_of(pod))
      check_complaint(pod_described(pod), complaint[pod])
    }
    if (pod in twin) {
      lack(pod_name(pod) " and " pod_name(twin[pod]) " are the same node: an outdated address, or a copied disk", \
        "wait for the address, or empty the disk of the copy")
    }
  }
  say(answering + 0 " of " pods " pods answer")
  if (answering < pods) {
    wait("an answer of " pods_without(own_id))
    name_lost_slots()
  } else if (lacking) {
    wait("different nodes at different addresses")
  }
  return !lacking && !stopped
}

# No patience helps against these.
function check_complaint(at, complaint) {
  if (complaint ~ /WRONGPASS/) {
    stop(at " refuses the password: " complaint, "give Job and pods the same Secret")
  } else if (complaint ~ /^NOAUTH/) {
    stop(at " asks for a password, and none was given", "give the Job the Secret of the pods")
  } else if (complaint ~ /^NOPERM/) {
    stop(at " does not permit what this Job needs: " complaint, "allow its user CLUSTER, INFO and CONFIG GET")
  } else if (complaint ~ /cluster support disabled/) {
    stop(at " does not run in cluster mode", "add 'cluster-enabled yes' to its configuration")
  }
}

function pods_are_one_cluster(    id) {
  if (rivals) {
    stop("the pods belong to different clusters: " rivals " have slots in common and do not know each other", \
      "empty the disk of the one that does not belong here")
  }
  for (id in alive) {
    wait("unknown nodes to go")
    lack(pod_name(alive[id]) " knows a live node " id " at " other_address[id] ", which is none of the pods: nothing is changed", \
      "stop that node, or make it one of the pods")
  }
  return !lacking && !stopped
}

# A node learns its own address, if its configuration does not give it, from whoever meets it there.
function pods_know_each_other(    pod, i, list) {
  for (pod = 0; pod < pods; pod++) {
    if (linked[pod] < pods) {
      wait("the pods to know each other at their present addresses")
      lack(pod_name(pod) " has no link to " no_link[pod], "allow the pods to reach each other's port " bus_port[pod])
      for (i = split(meets[pod], list, " "); i > 0; i--) {
        send(pod, "CLUSTER MEET " pod_address[list[i]] " " port " " bus_port[list[i]])
      }
    }
    if (pod in self_unknown) {
      send((pod + 1) % pods, "CLUSTER MEET " pod_address[pod] " " port " " bus_port[pod])
    }
  }
  return !lacking
}

# All tables have to say so, and all pods forget it within the minute in which gossip could bring it back.
function forget_nodes(    id, i, count, list, pod, least) {
  least = pods
  for (pod = 0; pod < pods; pod++) {
    least = reached[pod] < least ? reached[pod] : least
  }
  for (id in listers) {
    count = split(listers[id], list, " ")
    if (may_be_forgotten(gone[id] == count ? ",fail," : "", id in other_ranges, followers[id], least, pods, now - pongs[id] / 1000)) {
      say("node " id " is gone for good: all pods forget it")
      for (i = 1; i <= count; i++) {
        send(list[i], "CLUSTER FORGET " id)
      }
    }
  }
}

function is_settled(    pod, id, down) {
  for (id in listers) {
    wait("the pods to forget other nodes")
    lack("a node " id " at " other_address[id] " is still listed", \
      "it is forgotten when no pod has heard of it for " FORGET_PATIENCE " s and all pods reach each other")
  }
  for (pod = 0; pod < pods; pod++) {
    if (unreached[pod]) {
      wait("every pod to reach all others")
      lack(pod_name(pod) " does not reach " unreached[pod], "see kubectl logs of both")
    } else if (outdated[pod]) {
      wait("agreement of all pods on roles and slots")
      lack(pod_name(pod) " does not know the present role and slots of " outdated[pod], log_of(pod))
    }
    if (info[pod, "cluster_state"] != "ok") {
      wait("cluster_state:ok")
      lack(pod_described(pod) " says cluster_state:" info[pod, "cluster_state"], log_of(pod))
    }
    if (own_master[pod] != "-" && info[pod, "master_link_status"] != "up") {
      wait("replication")
      lack(pod_described(pod) " is not in sync: master_link_status:" info[pod, "master_link_status"], log_of(pod))
    }
  }
  return !lacking
}

function summarize(    pod) {
  say("the cluster is complete: " ALL_SLOTS " slots on " masters " masters, " masters * replicas_per_master " replicas in sync")
  for (pod = 0; pod < pods; pod++) {
    say("  " pod_name(pod) "  " pod_address[pod] "  " (kubernetes_node[pod] == "-" ? "" : kubernetes_node[pod] "  ") \
      (own_master[pod] == "-" ? "master of " own_ranges[pod] : "replica of " pod_name(pod_of[own_master[pod]])))
  }
  print "complete"
}
