# Decides what heal.sh does next: awk -f nodes.awk -f rules.awk -f heal.awk -v NAME=VALUE...
#
# Reads
#   former ADDRESS           where a node was before the own server started
#   table own                then the own node's replies to CLUSTER NODES, INFO replication and INFO server
#   table HOST               then what a peer replied to the first two, for every host that was asked in this look
# and prints
#   state WORD               of the own node: alone, empty, held, broken or whole
#   ask HOST...              at most eight, who may know more
#   hold REASON, or trust    whether writes wait, as long as the server is not the trusted one
#   release                  full copies may start: whoever asks for one is a replica of the own node
#   order COMMAND, tell ADDRESS COMMAND   for the own node, and for a peer
#   say TEXT                 what the operator should know
#
# Variables: masters, replicas_per_master, port, pod_ip, pod, services (three hosts that lead to any pod), now (seconds since
# 1970), looks (how many so far), trusted and released (run_id of the server that is), and, in seconds: lasted (the
# state), relinked (since the replication link was set anew).

BEGIN {
  wanted = masters * (1 + replicas_per_master)
  START = 10 # seconds in which a server counts as just started
  DISSENT_PATIENCE = 30 # seconds in which one table that disagrees holds writes back
}

$1 == "former" { former[++formers] = $2; next }
$1 == "table" { finish_table(); table = $2; asked[table] = 1; tables++; next }
read_node() { if (table == "own") { read_own() } else { read_peer() } next }
read_field() { if (table == "own") { read_own_field() } else if (index(value, "ip=" pod_ip ",") == 1) { serves = 1 } }

END {
  finish_table()
  for (i = 1; i <= size; i++) {
    id = member[i]
    reached += is_alive(id)
    voters += is_alive(id) && slots_of[id] > 0
    followers[master_of[id]]++
    if (has_flag(flags_of[id], "handshake")) {
      handshakes++
    } else if (!is_alive(id)) {
      missing[++missings] = id
    }
  }
  link_is_down = master_of[self] != "-" && info["master_link_status"] != "up"
  state = size - handshakes == 1 && assigned < ALL_SLOTS ? "alone" : master_of[self] == "-" && slots_of[self] == 0 ? "empty" \
    : missings + handshakes > 0 || link_is_down ? "broken" : "whole"
  lasted = state == before ? lasted : 0
  decide_trust()
  decide_copies()
  print "state " state
  introduce()
  report()
  forget()
  if (state == "alone") {
    join()
  } else if (state == "empty") {
    become_replica()
  } else if (link_is_down) {
    relink()
  }
  choose_whom_to_ask()
}

function read_own() {
  member[++size] = id
  at[id] = address
  flags_of[id] = flags
  master_of[id] = master
  slots_of[id] = slots
  ranges_of[id] = ranges
  pong_of[id] = pong
  linked[id] = connected
  assigned += slots
  owners += slots > 0
  if (has_flag(flags, "myself")) {
    self = id
  }
}

function read_own_field() {
  info[name] = value
  if (name ~ /^slave[0-9]+$/ && value !~ /,state=online,/) {
    gsub(/^ip=|,.*/, "", value)
    asker[++askers] = value
  }
}

# What the table says of its node, of the own node, of the nodes that are missing, and of those that may be forgotten.
function read_peer(    reaches) {
  if (has_flag(flags, "myself")) {
    peer = id
    there = address
  }
  reaches = connected && !is_missing(flags) && !has_flag(flags, "handshake")
  their_alive += reaches
  their_assigned += slots
  listed[tables, id] = 1
  if (id == self) {
    us_at = reaches ? address : "?"
    objects = has_flag(flags, "fail") || has_flag(flags, "fail?") || slots < slots_of[self]
  } else if (id in flags_of && reaches && !is_alive(id)) {
    lead[++leads] = address
  }
  if (id in flags_of && !is_alive(id)) {
    their_flags[id] = flags
    their_slots[id] = slots
    their_pong[id] = pong
  }
  their_followers[master]++
}

function finish_table(    id) {
  if (peer == self && there != at[self]) {
    twin = there
  } else if (peer != "" && peer != self && !(peer in place)) {
    peer_of[++peers] = peer
    place[peer] = there
    number[peer] = tables
    us_at_of[peer] = us_at
    serves_of[peer] = serves
    alive_of[peer] = their_alive
    assigned_of[peer] = their_assigned
    if (peer in flags_of && us_at != "") {
      objecting += objects
      agreeing += !objects
      objector = objects ? peer : objector
    }
    for (id in their_flags) {
      objections[id] += !may_be_forgotten(their_flags[id], their_slots[id], their_followers[id] + 0, their_alive, wanted, \
        now - their_pong[id] / 1000)
    }
  }
  peer = there = us_at = ""
  objects = serves = their_alive = their_assigned = 0
  split("", their_flags)
  split("", their_followers)
}

# Redis calls a node connected as soon as it tries to connect to it. So it counts when it has answered a ping since the start,
# which Redis notes as the last answer of all nodes in its file, or redis-cli at this address just now.
function is_alive(id) {
  return id == self || linked[id] && !is_missing(flags_of[id]) && !has_flag(flags_of[id], "handshake") \
    && (pong_of[id] >= (now - info["uptime_in_seconds"] + 2) * 1000 || id in place && place[id] == at[id])
}

function say(text) {
  print "say " text
}

function describe(id) {
  return substr(id, 1, 8) " (" (at[id] == "" ? "address unknown" : at[id]) ")"
}

# A master trusts its file after a start, although its replica may have taken over, or is about to.
function decide_trust(    reason) {
  if (info["run_id"] == trusted) {
    return
  }
  if (slots_of[self] == 0 || owners == 1) {
    print "trust"
    return
  }
  if (2 * voters <= owners) {
    reason = "until a majority of the masters answers"
  } else if (peers == 0) {
    reason = "until another node says whose its slots are"
  } else if (objecting == 1 && agreeing > 1 && lasted >= DISSENT_PATIENCE) {
    say("takes writes, although node " describe(objector) " alone marks this master as failed or denies it slots: see whether that pod " \
      "reaches this one")
  } else if (objecting > 0) {
    reason = "while node " describe(objector) " marks this master as failed or denies it slots"
  }
  if (reason == "") {
    print "trust"
  } else if (tables > 1 || info["uptime_in_seconds"] < START) {
    state = "held"
    print "hold " reason
  }
}

# A replica connects to an address, and copies whoever answers there. An empty node has nothing to lose.
function decide_copies(    i, id, mine) {
  if (info["run_id"] == released || state == "held" || slots_of[self] == 0 && master_of[self] == "-" || 2 * voters <= owners) {
    return
  }
  for (i = 1; i <= size; i++) {
    id = member[i]
    mine[at[id]] = is_alive(id) && (master_of[id] == self || master_of[id] == "-" && slots_of[id] == 0)
  }
  for (i = 1; i <= askers; i++) {
    if (!mine[asker[i]]) {
      say("sends nobody a full copy while " asker[i] " asks for one, which is none of its replicas")
      return
    }
  }
  print "release"
}

# Two that know each other's ids: whoever does not reach the other is told where it is. A peer that reaches the own id elsewhere
# may belong to the cluster that this disk was copied from.
function introduce(    i, id) {
  for (i = 1; i <= peers; i++) {
    id = peer_of[i]
    if (!(id in flags_of) || us_at_of[id] == "" || place[id] == "") {
      continue
    }
    if (us_at_of[id] == twin) {
      say("a server at " twin " has this node's id: a copy of this disk runs there, and only one of them may be part of the cluster")
    } else if (us_at_of[id] != "?" && us_at_of[id] != pod_ip && !(us_at_of[id] in asked)) {
      urgent[++urgents] = us_at_of[id]
    } else {
      if (!is_alive(id) && !(linked[id] && at[id] == place[id])) {
        print "order CLUSTER MEET " place[id] " " port
        say("meets node " describe(id) " at " place[id])
      }
      if (us_at_of[id] != pod_ip) {
        print "tell " place[id] " CLUSTER MEET " pod_ip " " port
      }
    }
  }
}

function report(    i, j, id, successors) {
  for (i = 1; i <= missings; i++) {
    id = missing[i]
    if (i <= 8) {
      say("node " describe(id) " is not reachable")
    }
    successors = 0
    for (j = 1; j <= size; j++) {
      successors += master_of[member[j]] == id && is_alive(member[j])
    }
    if (slots_of[id] > 0 && lasted >= 2 * LINK_PATIENCE && master_of[self] == id) {
      say("slots " ranges_of[id] " have no master: node " describe(id) " does not come back, and its replica " pod " is not elected. " \
        "CLUSTER FAILOVER FORCE on pod " pod ", which has received " info["slave_repl_offset"] + 0 " bytes of its changes, makes it the " \
        "master; so does the init Job, run again, where that is safe")
    } else if (slots_of[id] > 0 && lasted >= 2 * LINK_PATIENCE && successors == 0 && !has_flag(flags_of[id], "fail?")) {
      say("slots " ranges_of[id] " of node " describe(id) " have neither a master nor a replica that answers: their keys come back " \
        "with its disk or from a backup")
    }
  }
}

function forget(    i, j, id, silent) {
  for (i = 1; i <= missings; i++) {
    id = missing[i]
    silent = now - pong_of[id] / 1000
    silent = silent > info["uptime_in_seconds"] ? info["uptime_in_seconds"] : silent
    if (!may_be_forgotten(flags_of[id], slots_of[id], followers[id] + 0, reached, wanted, silent)) {
      continue
    }
    needs_all = 1
    for (j = 1; j <= size; j++) {
      objections[id] += is_alive(member[j]) && member[j] != self && !(member[j] in place)
    }
    if (objections[id] == 0) {
      print "order CLUSTER FORGET " id
      say("forgets node " describe(id) ": it has no slots, and all " wanted " pods answer and agree that it is gone")
    }
  }
}

# A node that knows nobody, because its disk is new, goes back to the cluster of its peers, if there is no doubt which.
function join(    i, j, id, best) {
  if (slots_of[self] > 0) {
    say("alone, with slots " ranges_of[self] ": left to the init Job")
    return
  }
  for (i = 1; i <= peers; i++) {
    if (assigned_of[peer_of[i]] == ALL_SLOTS) {
      best = peer_of[i]
    }
  }
  for (i = 1; i <= peers && best != ""; i++) {
    id = peer_of[i]
    if (!((number[best], id) in listed) && (assigned_of[id] > 0 || alive_of[id] > 1)) {
      say("alone, and the pods that answer belong to two clusters: does not join")
      return
    }
  }
  if (best == "") {
    if (peers > 0) {
      say("alone, and no peer knows a cluster with all slots: waits for the init Job")
    }
  } else if (2 * alive_of[best] <= wanted) {
    say("alone, and the cluster that answers has no majority of the " wanted " pods: does not join")
  } else {
    say("alone on a new disk: joins the cluster of node " substr(best, 1, 8) " at " place[best])
    for (i = 1; i <= peers; i++) {
      if ((number[best], peer_of[i]) in listed) {
        print "order CLUSTER MEET " place[peer_of[i]] " " port
      }
    }
  }
}

# Every node counts alike: the empty ones are served in the order of their ids, each by the shard that lacks most.
function become_replica(    i, id, turn, choice, shards, candidates, replicas) {
  if (assigned < ALL_SLOTS || owners != masters) {
    say("without slots, and the slots are not those of " masters " masters: left to the init Job")
    return
  }
  turn = 1
  for (i = 1; i <= size; i++) {
    id = member[i]
    if (is_alive(id)) {
      replicas[master_of[id]]++
      turn += master_of[id] == "-" && slots_of[id] == 0 && id < self
      if (slots_of[id] > 0) {
        candidates[++shards] = id
      }
    }
  }
  for (; turn > 0; turn--) {
    choice = neediest(candidates, shards, replicas, replicas_per_master)
    replicas[choice]++
  }
  if (choice == "") {
    say("without slots, and no master that answers lacks a replica: stays empty")
  } else if (lasted >= LINK_PATIENCE) {
    say("without slots: becomes a replica of node " describe(choice))
    print "order CLUSTER REPLICATE " choice
  }
}

# A replica that waits for its copy to begin looks like one that is not answered; only its master knows.
function relink(    id, down) {
  id = master_of[self]
  down = info["master_link_down_since_seconds"] == "" || info["master_link_down_since_seconds"] < 0 ? lasted \
    : info["master_link_down_since_seconds"] + 0
  if (is_alive(id) && info["master_host"] != "" && link_is_set_anew(info["master_host"], at[id], \
      info["master_sync_in_progress"] == 1 || !(id in place) || serves_of[id], down, relinked)) {
    say("its replication link to " info["master_host"] " is down: replicates node " describe(id) " anew")
    print "order CLUSTER REPLICATE " id
  }
}

# Five hosts first, three more that these lead to; all nodes when one is to be forgotten.
function choose_whom_to_ask(    i, id, pool, pools) {
  room = tables == 1 ? 5 : 9 - tables
  if (needs_all) {
    room = size
  }
  for (i = 1; i <= size; i++) {
    id = member[i]
    if (needs_all && is_alive(id) || link_is_down && id == master_of[self] || state == "held" && master_of[id] == self) {
      ask(at[id])
    }
    if (id != self) {
      pool[pools++] = at[id]
    }
  }
  for (i = 1; i <= urgents; i++) {
    ask(urgent[i])
  }
  if (missings > 0 || state == "alone" || info["run_id"] != trusted && slots_of[self] > 0 && owners > 1) {
    if (tables == 1) {
      chosen = chosen " " services
      room -= 3
    }
    for (i = 1; i <= leads; i++) {
      ask(lead[i])
    }
    for (i = 1; i <= formers; i++) {
      pool[pools++] = former[i]
    }
    for (i = 0; i < pools; i++) {
      ask(pool[(i + 2 * looks) % pools])
    }
  }
  if (chosen != "") {
    print "ask" chosen
  }
}

function ask(host) {
  if (host != "" && host != pod_ip && !(host in asked) && room-- > 0) {
    asked[host] = 1
    chosen = chosen (++asks % 8 == 0 ? "\nask " : " ") host
  }
}
