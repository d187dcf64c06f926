# Whether the cluster is as wanted, and what it looks like then: part of the program that cluster-plan.awk begins.

function is_settled(    pod, down, faults, differences, failures) {
  for (pod = 0; pod < pods; pod++) {
    if (finds_fault_with_nodes(pod)) {
      faults++
    } else if (differs_from_owners(pod)) {
      differences++
    }
    if (cluster_state[pod] != "ok") {
      failures++
      lack(pod_at(pod) " says cluster_state:" cluster_state[pod])
    }
    if (is_replica(pod) && master_link[pod] != "up") {
      down[pod] = 1
      lack(pod_at(pod) " replicates " pod_name(master_of(pod)) " but is not in sync: master_link_status:" master_link[pod])
    }
  }
  if (faults) {
    wait("every pod to find all others healthy, and nobody else")
  } else if (differences) {
    wait("agreement of all pods on roles and slots")
  } else if (failures) {
    wait("cluster_state:ok")
  } else {
    wait_for_some("replication to ", down)
  }
  return !lacking
}

# The table has to list the pods, all of them healthy, and nobody else.
function finds_fault_with_nodes(pod,    other, i, id, sick, faults) {
  for (other = 0; other < pods; other++) {
    if (!reaches(pod, myself[other])) {
      sick[other] = 1
    }
  }
  if (ranges_of(sick, pods) != "") {
    faults++
    lack(pod_name(pod) " takes for failed: " pod_list(sick))
  }
  for (i = 1; i <= size[pod]; i++) {
    id = member[pod, i]
    if (!(id in pod_of)) {
      faults++
      lack(pod_name(pod) " still lists " (flagged(pod, id, "handshake") ? "an introduction to " : "node " id " at ") address[pod, id])
    }
  }
  return faults
}

# Nobody knows better than a node itself whom it follows and which slots it holds.
function differs_from_owners(pod,    other, id, set) {
  for (other = 0; other < pods; other++) {
    id = myself[other]
    if (master[pod, id] != master[other, id] || ranges[pod, id] != ranges[other, id]) {
      set[other] = 1
    }
  }
  if (ranges_of(set, pods) == "") {
    return 0
  }
  lack(pod_name(pod) " does not know the present role and slots of " pod_list(set))
  return 1
}

function summarize(    pod, width) {
  say("the cluster is complete: " SLOTS " slots on " masters " masters, " replicas " replicas in sync")
  for (pod = 0; pod < pods; pod++) {
    width = length(pod_address[pod]) > width ? length(pod_address[pod]) : width
  }
  for (pod = 0; pod < pods; pod++) {
    say(sprintf("  %-" length(pod_name(pods - 1)) "s  %-" width "s  %s%s", pod_name(pod), pod_address[pod], \
      kubernetes_node[pod] == "-" ? "" : kubernetes_node[pod] "  ", \
      is_replica(pod) ? "replica of " pod_name(master_of(pod)) : "master of " readable(ranges[pod, myself[pod]])))
  }
  print "complete"
}

function readable(text) {
  gsub(/ /, ", ", text)
  return text
}
