# Decides what cluster-init.sh does next: a pure function from what was seen of the pods to commands and words.
#
#   awk -v name=... -v port=... -v masters=... -v replicas_per_master=... -v now=SECONDS_SINCE_1970 \
#     -f table.awk -f cluster-state.awk -f cluster-groups.awk -f cluster-slots.awk -f cluster-placement.awk \
#     -f cluster-roles.awk -f cluster-outcome.awk -f cluster-plan.awk
#
# It reads what cluster-state.awk describes and prints
#   prepare ORDINAL COMMAND  for that pod, to be sent to all pods before any of
#   send ORDINAL COMMAND
#   await ORDINAL            that pod, which was sent CLUSTER FAILOVER, is to become a master before the next look
#   say TEXT                 a fact or a decision
#   wait TEXT                what has to become true, in short
#   lack TEXT                the same in detail
#   stop TEXT                why going on would do harm, or is of no use
#   complete                 nothing is left to do
# A plan holds one step; the next look at the pods shows what came of it. A command is never repeated because it was not
# confirmed, only because its effect is not there.

BEGIN { pods = masters * (1 + replicas_per_master) }

END {
  if (pods_answer() && pods_are_one_cluster() && masters_are_begun() && pods_know_each_other() && slots_have_masters()) {
    assign_slots()
    assign_replicas()
    forget_ghosts()
    if (!sent && is_settled() && !move_replicas() && !spread_masters()) {
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

function lack(text) { print "lack " text; lacking++ }

function stop(text) { print "stop " text; stopped++ }

function send(pod, command) { print "send " pod " " command; sent++ }

function prepare(pod, command) { print "prepare " pod " " command; sent++ }

function pods_answer(    pod, count, mute, homeless) {
  for (pod = 0; pod < pods; pod++) {
    if (!(pod in pod_address) || pod_address[pod] == "-") {
      homeless[pod] = 1
      lack(pod_name(pod) " has no address")
    } else if (answers[pod] && myself[pod] != "") {
      count++
    } else {
      mute[pod] = 1
      lack(pod_at(pod) " does not answer: " (pod in complaint ? complaint[pod] : "no reply in time"))
      check_complaint(pod)
    }
    if (pod in twin) {
      wait("different nodes at different addresses")
      lack(pod_name(pod) " and " pod_name(twin[pod]) " are the same node: an outdated address, or a copied disk")
    }
  }
  say(count + 0 " of " pods " pods answer")
  wait_for_some("an address of ", homeless)
  wait_for_some("an answer of ", mute)
  return !lacking && !stopped
}

function wait_for_some(what, set,    pod) {
  for (pod in set) {
    wait(what pod_list(set))
    return
  }
}

# No patience helps against these.
function check_complaint(pod) {
  if (complaint[pod] ~ /WRONGPASS/) {
    stop(pod_at(pod) " refuses the password: " complaint[pod])
  } else if (complaint[pod] ~ /^NOAUTH/) {
    stop(pod_at(pod) " asks for a password, and none was given")
  } else if (complaint[pod] ~ /^NOPERM/) {
    stop(pod_at(pod) " does not permit what this Job needs: " complaint[pod])
  } else if (complaint[pod] ~ /cluster support disabled/) {
    stop(pod_at(pod) " does not run in cluster mode: its configuration lacks 'cluster-enabled yes'")
  }
}

function pods_are_one_cluster(    pod, i, id) {
  for (pod = 0; pod < pods; pod++) {
    for (i = 1; i <= size[pod]; i++) {
      id = member[pod, i]
      if (!(id in pod_of) && is_alive(pod, id)) {
        wait("strangers to go")
        lack(pod_name(pod) " knows a live node " id " at " address[pod, id] ", which is none of the pods; nothing is changed " \
          "as long as it is there")
      }
    }
  }
  group_pods()
  find_rivals()
  return !lacking && !stopped
}

# A node that died lately, or whose address a pod has now, looks alive to those that did not notice yet. One that is being
# introduced may be alive, and one that answered lately is, even if the link to it was cut just now.
function is_alive(pod, id,    other) {
  for (other = 0; other < pods; other++) {
    if (address[pod, id] == pod_address[other]) {
      return 0
    }
  }
  return reaches(pod, id) || flagged(pod, id, "handshake") || !flagged(pod, id, "fail") && pong[pod, id] > (now - 5) * 1000
}

# Everybody meets everybody: only so is each replica sure to reach its master at a new address.
function pods_know_each_other(    pod, other, unknown) {
  for (pod = 0; pod < pods; pod++) {
    if (!is_linked(pod, pod)) {
      lack(pod_name(pod) " gives its own address as " address[pod, myself[pod]] ", not " pod_address[pod])
      introduce(pod == 0 ? 1 : 0, pod)
    }
    split("", unknown)
    for (other = 0; other < pods; other++) {
      if (other != pod && !is_linked(pod, other)) {
        unknown[other] = 1
        introduce(pod, other)
      }
    }
    if (ranges_of(unknown, pods) != "") {
      lack(pod_name(pod) " has no link to " pod_list(unknown))
    }
  }
  if (lacking) {
    wait("the pods to know each other at their present addresses")
  }
  return !lacking
}

# A node learns its own address, if its configuration does not give it, from whoever meets it there.
function introduce(pod, other) {
  if (!((pod, pod_address[other]) in greeting)) {
    send(pod, "CLUSTER MEET " pod_address[other] " " port " " bus_port[other])
    greeting[pod, pod_address[other]] = 1
  }
}
