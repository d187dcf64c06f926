# Decides what heal.sh does next: awk -f table.awk -f heal.awk -v NAME=VALUE...
#
# Reads
#   table own, then the own node's replies to CLUSTER NODES and INFO replication
#   table ADDRESS, then a peer's reply to CLUSTER NODES
#   answer ADDRESS ... ID    which node is there
# and prints
#   state WORD               of the own node: silent, whole, alone, empty or broken
#   hold                     a master that no majority of the masters answers
#   seek                     nodes are missing: any peer may know where they are
#   read ADDRESS             the table of the node there is of use
#   ask ADDRESS              a missing node may be there
#   order CLUSTER ...        a command for the own node
#   say TEXT                 what the operator should know
#
# Variables: masters, replicas_per_master, port, pod_ip (the own address), now and up_since (since when the own server
# answers; both in seconds since 1970), and, in seconds: troubled (since trouble began), emptied (since the node has been
# seen to be empty), relinked (since its replication was last set anew).

BEGIN {
  pods = masters * (1 + replicas_per_master)
  all_slots = 16384
  patience = 15 # seconds in which the init Job or Redis itself would have acted
  enough_peers = 3 # gossip spreads what any of them knows
}

$1 == "answer" && length($NF) == 40 { answer[++answers] = $2; id_at[$2] = $NF }
/^(role|master_[a-z_]*):/ { sub(/\r$/, ""); replication[substr($0, 1, index($0, ":") - 1)] = substr($0, index($0, ":") + 1) }

END {
  self = myself["own"]
  find_missing()
  state = judge()
  print "state " state
  if (state == "silent" || state == "whole") {
    exit
  }
  if (slots["own", self] > 0 && 2 * voters <= owners["own"]) {
    print "hold"
  }
  if (missings > 0 || state == "alone") {
    seek()
  }
  meet_moved()
  if (state == "alone") {
    join()
  } else {
    report_lost_slots()
    forget_ghosts()
  }
  if (state == "empty") {
    become_replica()
  }
  if (state == "broken") {
    relink()
  }
}

function say(text) {
  print "say " text
}

function short(id) {
  return substr(id, 1, 8)
}

function describe(id) {
  return short(id) " (" (address["own", id] == "" ? "address unknown" : address["own", id]) ")"
}

function find_missing(    i, id) {
  for (i = 1; i <= size["own"]; i++) {
    id = member["own", i]
    if (flagged("own", id, "handshake")) {
      handshakes++
    } else if (is_alive(id)) {
      reached++
      voters += slots["own", id] > 0
      taken[address["own", id]] = 1
    } else {
      missing[++missings] = id
      say("node " describe(id) " is not reachable")
    }
  }
}

# Redis calls a node connected as soon as it tries to connect to it, and takes long to despair. So a node whose pings are
# overdue, or that has not answered any since the own server started, counts as missing unless it answers redis-cli. The
# start is known to the second, and noted by Redis as the last answer of all nodes in its file.
function is_alive(id) {
  if (id == self || !reaches("own", id)) {
    return id == self
  }
  return id_at[address["own", id]] == id \
    || pong["own", id] >= (up_since + 2) * 1000 && (ping["own", id] == 0 || now * 1000 - ping["own", id] < 2000)
}

function judge() {
  if (!size["own"]) {
    return "silent"
  }
  if (size["own"] - handshakes == 1 && assigned["own"] < all_slots) {
    return "alone"
  }
  if (master["own", self] == "-" && slots["own", self] == 0) {
    return "empty"
  }
  return missings + handshakes > 0 || link_is_down() ? "broken" : "whole"
}

function link_is_down() {
  return replication["role"] == "slave" && replication["master_link_status"] != "up"
}

function seek(    i, j, id) {
  print "seek"
  for (j = 2; j <= replies && state == "alone"; j++) {
    for (i = 1; i <= size[reply[j]]; i++) {
      if (reaches(reply[j], member[reply[j], i])) {
        read_table(address[reply[j], member[reply[j], i]])
      }
    }
  }
  for (i = 1; i <= size["own"] && peers < enough_peers; i++) {
    id = member["own", i]
    if (id != self && is_alive(id)) {
      read_table(address["own", id])
      peers++
    }
  }
  for (i = 1; i <= missings; i++) {
    for (j = 2; j <= replies; j++) {
      if (lists(reply[j], missing[i]) && reaches(reply[j], missing[i])) {
        ask(address[reply[j], missing[i]])
      }
    }
    ask(address["own", missing[i]])
  }
}

function read_table(at) {
  if (at != pod_ip && !(at in named)) {
    named[at] = 1
    print "read " at
  }
}

function ask(at) {
  if (at != "" && at != pod_ip && !(at in taken) && !(at in asked)) {
    asked[at] = 1
    print "ask " at
  }
}

# Only ids of the own table: no address that another cluster's node has now brings that node in.
function meet_moved(    i, id) {
  for (i = 1; i <= answers; i++) {
    id = id_at[answer[i]]
    if (lists("own", id) && !is_alive(id)) {
      meet(answer[i])
      if (address["own", id] != answer[i]) {
        say("meets node " describe(id) " at " answer[i])
      }
    }
  }
}

function meet(at) {
  print "order CLUSTER MEET " at " " port
}

# A node that knows nobody, because its disk is new, goes back to the cluster of its peers, if there is no doubt which.
function join(    i, id, best, most) {
  if (slots["own", self] > 0) {
    say("alone, with " slots["own", self] " slots: left to the init Job")
    return
  }
  for (i = 2; i <= replies; i++) {
    id = myself[reply[i]]
    if (id != "" && !(id in table_of)) {
      table_of[id] = reply[i]
      fresh += size[reply[i]] == 1 && assigned[reply[i]] == 0
      nodes++
    }
  }
  for (id in table_of) {
    if (assigned[table_of[id]] == all_slots && count_mutual(table_of[id]) > most) {
      best = table_of[id]
      most = count_mutual(best)
    }
  }
  if (best == "") {
    if (nodes > 0) {
      say("alone, and no peer knows a cluster with all slots: waits for the init Job")
    }
  } else if (!is_the_cluster(best, most)) {
    say("alone, and a cluster of " size[best] " nodes answers from only " most " of " pods " pods: does not join yet")
  } else {
    say("alone on a new disk: joins the cluster of " size[best] " nodes that " most " of " pods " pods belong to")
    for (id in table_of) {
      if (is_mutual(best, id)) {
        meet(table_of[id])
      }
    }
  }
}

function is_mutual(table, id) {
  return lists(table, id) && lists(table_of[id], myself[table])
}

function count_mutual(table,    id, count) {
  for (id in table_of) {
    count += is_mutual(table, id)
  }
  return count
}

# More than half of the pods belong to it, or all that are not new as well, among them a majority of its masters.
function is_the_cluster(table, known,    id, voters) {
  for (id in table_of) {
    voters += is_mutual(table, id) && slots[table, id] > 0
  }
  return 2 * known > pods || known + fresh + 1 >= pods && known + fresh == nodes && 2 * voters > owners[table]
}

function report_lost_slots(    i, j, id, heirs) {
  for (i = 1; i <= missings && troubled >= patience; i++) {
    id = missing[i]
    heirs = 0
    for (j = 1; j <= size["own"]; j++) {
      heirs += master["own", member["own", j]] == id && is_alive(member["own", j])
    }
    if (flagged("own", id, "fail") && slots["own", id] > 0 && heirs == 0) {
      say("the " slots["own", id] " slots of node " describe(id) " have neither a master nor a replica that answers: their keys " \
        "come back with its disk or from a backup, and no other node takes the slots by itself")
    }
  }
}

# As many nodes as there are pods answer, so one that failed and owns nothing has no pod to come back from. A node that
# is new to the cluster learns only from a master itself what it owns: it must know an owner of every slot to be sure.
function forget_ghosts(    i, id) {
  for (i = 1; i <= missings && reached >= pods && assigned["own"] == all_slots; i++) {
    id = missing[i]
    if ((flagged("own", id, "fail") || flagged("own", id, "noaddr")) && slots["own", id] == 0 && master["own", self] != id) {
      print "order CLUSTER FORGET " id
      say("forgets node " describe(id) ": it failed, owns no slots, and as many nodes as there are pods answer without it")
    }
  }
}

# Every node counts alike: the empty ones are served in the order of their ids, each by the shard that lacks most.
function become_replica(    i, id, turn, choice) {
  if (assigned["own"] < all_slots) {
    say("without slots, and nobody that it knows owns " all_slots - assigned["own"] " of them: takes none by itself")
    return
  }
  if (owners["own"] != masters) {
    say("without slots beside " owners["own"] " masters with slots, where there should be " masters ": left to the init Job")
    return
  }
  turn = 1
  for (i = 1; i <= size["own"]; i++) {
    id = member["own", i]
    if (reaches("own", id) && master["own", id] != "-") {
      replicas[master["own", id]]++
    }
    turn += reaches("own", id) && master["own", id] == "-" && slots["own", id] == 0 && id < self
  }
  for (; turn > 0; turn--) {
    choice = neediest()
    replicas[choice]++
  }
  if (choice == "") {
    say("without slots, and no master that answers lacks a replica: stays empty")
  } else if (emptied < patience) {
    say("without slots: becomes a replica of node " describe(choice) " unless the init Job gives it a role within " patience " s")
  } else {
    say("becomes a replica of node " describe(choice))
    print "order CLUSTER REPLICATE " choice
  }
}

function neediest(    i, id, choice) {
  for (i = 1; i <= size["own"]; i++) {
    id = member["own", i]
    if (reaches("own", id) && slots["own", id] > 0 && replicas[id] + 0 < replicas_per_master \
      && (choice == "" || replicas[id] + 0 < replicas[choice] + 0 || replicas[id] + 0 == replicas[choice] + 0 && id < choice)) {
      choice = id
    }
  }
  return choice
}

# Gossip corrects an address in the table without telling replication, which then goes on trying the old one. Where it
# tries the right one in vain, it starts anew: an attempt may have begun when the master was not there yet.
function relink(    id, down) {
  id = master["own", self]
  if (!link_is_down() || !is_alive(id) || replication["master_sync_in_progress"] == 1) {
    return
  }
  down = replication["master_link_down_since_seconds"] + 0
  down = down < 0 ? troubled : down
  if (replication["master_host"] != address["own", id] || down >= patience && relinked >= patience) {
    say("its replication link to " replication["master_host"] " is down: replicates node " describe(id) " anew")
    print "order CLUSTER REPLICATE " id
  }
}
