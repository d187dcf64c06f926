# Decides what cluster-init.sh does next. Variables: stateful_set (its name), pods (how many it has), port, masters, replicas_per_master, now
# (seconds since 1970), keys_per_second (0: no limit), mover (its user, if there are users). The first `staying` pods make the wanted shape;
# the others are to leave. With `planning`, pods that are not there are taken for new ones, and what moves is said, not ordered.
#
# It reads what cluster-state.awk describes and prints a step; the next look at the pods shows what came of it:
#   prepare ORDINAL COMMAND, send ORDINAL COMMAND    for that pod; what is prepared is sent to all pods before the rest
#   await ORDINAL                     that pod, which was sent CLUSTER FAILOVER, is to become a master before the next look
#   say TEXT                          a fact or a decision
#   move ..., left ...                as cluster-slots.awk says
#   wait TEXT, lack TEXT; REMEDY      what has to become true, in short and in detail
#   stop TEXT; REMEDY                 why going on would do harm, or is of no use
#   complete                          nothing is left to do
# A command is never repeated because it was not confirmed, only because its effect is not there.

BEGIN {
  staying = masters * (1 + replicas_per_master)
  SHARED = 1000000 # what it costs that a replica is on the Kubernetes node of its master
  MEETS = 8 # introductions of a pod in one look: all at once in a small cluster, and gossip does the rest in a large one
  ROLLOUT = 20 # seconds: a pod that is so much younger than others is being replaced, and others may be next
}

END {
  finish_table()
  if (planning && !others) imagine_new_pods() # a node that is no pod may be one without an address
  choose_masters()
  if (pods_answer() && pods_are_one_cluster() && slots_are_given() && (planning || pods_know_each_other()) && slots_have_masters() && slots_are_settled()) {
    give_masters_replicas()
    forget_nodes()
    if ((!sent || planning) && slots_are_balanced() && is_settled() && !move_roles()) summarize()
  }
}

function say(text) { print "say " text }
function stop(text, remedy) { print "stop " text "; " remedy; stopped++ }
function send(pod, command) { print "send " pod " " command; sent++ }
function prepare(pod, command) { print "prepare " pod " " command; sent++ }
function fail_over(pod, command, reason) { say(reason); send(pod, command); print "await " pod }
function introduce(pod, other) { send(pod, "CLUSTER MEET " pod_address[other] " " port " " bus_port[other]) }
function replicate(pod, target) { say(whole_name(pod) " replicates " whole_name(target)); send(pod, "CLUSTER REPLICATE " own_id[target]) }

function lack(goal, text, remedy) {
  if (!awaited[goal]++) print "wait " goal
  print "lack " text "; " remedy; lacking++
}

# `redis-cluster-0`, `redis-cluster-0 (10.1.2.3, node1)`
function pod_name(pod) { return stateful_set "-" pod }
function whole_name(pod) { return pod_name(pod) " (" (pod_address[pod] == "-" ? "new" : pod_address[pod]) (kubernetes_node[pod] == "-" ? "" : ", " kubernetes_node[pod]) ")" }

function imagine_new_pods(    pod, count) {
  for (pod = 0; pod < pods; pod++) if (!(pod in own_id) && pod_address[pod] ~ /^-?$/ && ++count) {
    own_id[pod] = "new-" pod
    pod_of[own_id[pod]] = pod
    own_master[pod] = "-"
    pod_address[pod] = kubernetes_node[pod] = "-"
  }
  if (count) say(count " pods are new")
}

# A pod that shows its table answers, whatever else it says, such as that its disk is full. No patience helps against a `remedy`.
function pods_answer(    pod, missing, said, remedy) {
  for (pod = 0; pod < pods; pod++) if (pod in own_id) answering++; else missing = missing " " pod
  for (pod = 0; pod < pods; pod++) {
    if (pod in own_id && pod_of[own_id[pod]] != pod) lack("different nodes at different addresses", \
      pod_name(pod) " and " pod_name(pod_of[own_id[pod]]) " are the same node", "wait for the right address, or empty the disk of the copy")
    if (pod in own_id) continue
    said = pod_address[pod] ~ /^-?$/ ? "has no address" : "does not answer: " (pod in complaint ? complaint[pod] : "no reply in time")
    lack("an answer of the pods" missing, pod_name(pod) " " said, "see kubectl describe pod and kubectl logs " pod_name(pod))
    remedy = said ~ /WRONGPASS|NOAUTH/ ? "give Job and pods the same Secret" \
      : said ~ /NOPERM/ ? "allow its user CLUSTER, INFO and CONFIG GET" \
      : said ~ /cluster support disabled/ ? "add 'cluster-enabled yes' to its configuration" : ""
    if (remedy != "") stop(whole_name(pod) " " said, remedy)
  }
  say(answering + 0 " of " pods " pods answer")
  if (lacking) name_lost_slots()
  return !lacking
}

function pods_are_one_cluster(    id) {
  if (rivals) stop("the pods belong to different clusters: " rivals " have slots in common and do not know each other", \
    "empty the disk of the one that does not belong here; after a restore, restore another backup: in this one, slots were on their way")
  for (id in alive) lack("unknown nodes to go", \
    pod_name(alive[id]) " knows a live node " id " at " other_address[id] ", none of the pods", \
    "stop that node, or make it one of the pods: nothing is changed as long as it is there")
  return !lacking && !stopped
}

# A node learns its own address, if its configuration does not give it, from whoever meets it there.
function pods_know_each_other(    pod, i, list) {
  for (pod = 0; pod < pods; pod++) if (linked[pod] < pods) {
    lack("the pods to know each other at their present addresses", \
      pod_name(pod) " has no link to the pods" no_link[pod], "let the pods reach each other's port " bus_port[pod])
    for (i = split(meets[pod], list, " "); i > 0; i--) introduce(pod, list[i])
    if (own_address[pod] != pod_address[pod]) introduce((pod + 1) % pods, pod)
  }
  return !lacking
}

# All pods forget a node at once, or gossip would bring it back.
function forget_nodes(    id, i, list) {
  for (id in listers) {
    i = split(listers[id], list, " ")
    if (gone[id] == i && may_be_forgotten(",fail,", id in other_ranges, followers[id] + 0, least_reached, pods, now - pongs[id] / 1000)) {
      say("node " id " is gone for good: all pods forget it")
      for (; i > 0; i--) send(list[i], "CLUSTER FORGET " id)
    }
  }
}

function is_settled(    pod, id) {
  for (id in listers) lack("the pods to forget other nodes", "the pods" listers[id] " still list a node " id " at " other_address[id], \
    "it is forgotten when nobody has heard of it for " FORGET_PATIENCE " s and all pods reach each other")
  for (pod = 0; pod < pods; pod++) {
    check(pod, unreached[pod] != "", "every pod to reach all others", "does not reach the pods" unreached[pod])
    check(pod, outdated[pod] != "", "agreement on roles and slots", "does not know the present role and slots of the pods" outdated[pod])
  }
  return pods_are_sound()
}

function pods_are_sound(    pod) {
  for (pod = 0; pod < pods; pod++) {
    check(pod, info[pod, "cluster_state"] != "ok", "cluster_state:ok", "says cluster_state:" info[pod, "cluster_state"])
    check(pod, own_master[pod] != "-" && info[pod, "master_link_status"] != "up", "replication", "is not in sync with its master")
  }
  return !lacking
}

function check(pod, fault, goal, text) { if (fault) lack(goal, pod_name(pod) " " text, "see kubectl logs " pod_name(pod)) }

function summarize(    pod) {
  say("the cluster is complete: " ALL_SLOTS " slots on " masters " masters, " masters * replicas_per_master " replicas in sync")
  for (pod = 0; pod < pods; pod++) say("  " whole_name(pod) ": " \
    (own_master[pod] == "-" ? "master of " own_ranges[pod] : "replica of " pod_name(pod_of[own_master[pod]])))
  if (staying < pods) say("the pods from " pod_name(staying) " on may go: apply without scaleInFrom")
  print "complete"
}
