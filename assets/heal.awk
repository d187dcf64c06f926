# Decides what heal.sh does next. Reads the wanted shape (`masters N`, `replicas-per-master N`, `pods N`); `former ADDRESS` for each place
# where a node was before the start; `table own` and the replies of the own node to CLUSTER NODES, INFO replication and INFO server;
# `table HOST` and a peer's replies to the first two, for each host asked. Prints
#   state WORD              of the own node: alone, empty, held, broken or whole
#   ask HOST...             who may know more
#   hold REASON, or trust   whether writes wait; decided once for each run of the server
#   release REPLICAS        full copies may start: whoever asks for one is a replica of the own node
#   order COMMAND, tell ADDRESS COMMAND, say TEXT   for the own node, a peer, and the operator
# Variables: port, pod_ip, pod, services (hosts that lead to any pod), now (seconds since 1970), looks (how many), trusted and released
# (run_id of the server that is), before (the last state), and the seconds that it lasted and since the node was relinked.

BEGIN { LINK_PATIENCE = 15 } # seconds in which Redis connects by itself
$1 == "masters" { masters = $2; next }
$1 == "replicas-per-master" { replicas_per_master = $2; next }
$1 == "pods" { wanted = $2; next }
$1 == "former" { former[++formers] = $2; next }
$1 == "table" { finish_table(); table = $2; asked[table] = 1; tables++; next }
read_node() { if (table == "own") { read_own() } else { read_peer() } next }
!read_field() { next }
table != "own" { serves = serves || index(value, "ip=" pod_ip ",") == 1; next }
name ~ /^slave[0-9]+$/ && value !~ /,state=online,/ { gsub(/^ip=|,.*/, "", value); asker[++askers] = value }
{ info[name] = value }

END {
  finish_table()
  uptime = info["uptime_in_seconds"] + 0
  for (i = 1; i <= size; i++) {
    id = member[i]
    if (is_alive(id)) {
      reached++; replicas[master_of[id]]++
      # The empty have nothing to lose. Any node looks like one for a moment to a node that just joined, as after the loss of its disk.
      may_copy[at[id]] = master_of[id] == self || slots_of[self] > 0 && master_of[id] == "-" && !slots_of[id]
      if (slots_of[id] > 0) { voter[++voters] = id }
      if (!slots_of[id] && master_of[id] == "-" && (first_empty == "" || id < first_empty)) { first_empty = id }
    } else if (!has_flag(flags_of[id], "handshake")) {
      missing[++missings] = id
    }
  }
  upstream = master_of[self]
  link_is_down = upstream != "-" && info["master_link_status"] != "up"
  state = reached + missings == 1 && assigned < ALL_SLOTS ? "alone" : upstream == "-" && !slots_of[self] ? "empty" \
    : reached < size || link_is_down ? "broken" : "whole"
  decide_trust()
  decide_copies()
  print "state " state
  if (state == "whole" && before != state) { say("all well") }
  lasted = state == before ? lasted : 0
  for (i = 1; i <= answers; i++) { introduce(peers[i], us_at_of[peers[i]]) }
  for (i = 1; i <= missings; i++) { report(missing[i]); consider_forgetting(missing[i]) }
  if (state == "alone") { join() }
  if (state == "empty" && lasted >= LINK_PATIENCE) { become_replica() }
  if (link_is_down && is_alive(upstream)) { relink(info["master_link_down_since_seconds"]) }
  choose_whom_to_ask()
}

function read_own() {
  member[++size] = id
  at[id] = address; flags_of[id] = flags; master_of[id] = master; pong_of[id] = pong; linked[id] = is_reached()
  slots_of[id] = slots; ranges_of[id] = ranges; assigned += slots; owners += slots > 0
  if (has_flag(flags, "myself")) { self = id }
}

# A peer's table: which node replies, how it sees the own node, where the missing ones are, and who must not be forgotten.
function read_peer() {
  if (has_flag(flags, "myself")) { peer = id; there = address }
  if (id == self) {
    us_at = is_reached() ? address : "nowhere"
    objects = has_flag(flags, "fail") || has_flag(flags, "fail?") || slots < slots_of[self]
  } else if (id in at && !is_alive(id)) {
    lead[++leads] = is_reached() ? address : ""
    objections[id] += !may_be_forgotten(flags, slots, 0, wanted, wanted, now - pong / 1000)
  }
  listed[tables, id]; objections[master]++; their_alive += is_reached(); their_slots += slots
}

function finish_table() {
  if (peer == self && there != at[self]) {
    twin = there
  } else if (peer != "" && peer != self && !(peer in place)) {
    peers[++answers] = peer; place[peer] = there; us_at_of[peer] = us_at; serves_of[peer] = serves; is_old[peer] = their_alive > 1
    if (their_slots == ALL_SLOTS && 2 * their_alive > wanted) { home = peer; home_table = tables }
    objecting += objects; agreeing += us_at != "" && !objects
    asked[there] = 1
  }
  peer = there = us_at = ""; objects = serves = their_alive = their_slots = 0
}

# A link may be an attempt: the node must have answered a ping since the start, which a server notes for all in its file, or us just now.
function is_alive(id) {
  return id == self || linked[id] && (pong_of[id] >= (now - info["uptime_in_seconds"] + 2) * 1000 || id in place && place[id] == at[id])
}

function say(text) { print "say " text }
function describe(id) { return substr(id, 1, 8) " (" (at[id] == "" ? "address unknown" : at[id]) ")" }

# A master trusts its file after a start, although its replica may have taken over, or be about to. One table that disagrees for long
# is wrong: a replica needs the votes of a majority.
function decide_trust(    reason) {
  if (info["run_id"] == trusted) { return }
  reason = !slots_of[self] || owners < 2 ? "" \
    : 2 * voters <= owners || !answers ? "until a majority of the masters answers" \
    : objecting > 0 ? "while others mark this master as failed or deny it slots" : ""
  if (objecting == 1 && agreeing > 1 && 2 * voters > owners && before == "held" && lasted >= 30) {
    say("takes writes again, although one pod marks this master as failed or denies it slots: check whether that pod reaches this one")
    reason = ""
  }
  if (reason == "") { print "trust" } else if (tables > 1 || uptime < 10) { print "hold " reason; state = "held" }
}

# A replica connects to an address every second, and copies whoever answers there. A new master has replicas before it has slots.
function decide_copies(    i) {
  if (info["run_id"] == released || state == "held" || state == "empty" && !askers || state == "alone" && !slots_of[self] || 2 * voters <= owners) { return }
  if (!askers && uptime < 5) { return }
  for (i = 1; i <= askers && may_copy[asker[i]]; i++) { }
  if (i > askers) { print "release " replicas_per_master } else { say("starts no full copy while " asker[i] " asks for one: it is not a replica of this node") }
}

# Of two nodes that know each other's ids, the one that does not reach the other learns its address. A peer that reaches this id
# elsewhere may belong to the cluster that this disk was copied from: who is there is asked first.
function introduce(id, us) {
  if (!(id in at) || us == "") { return }
  if (us == twin) {
    say("a copy of this disk runs at " twin ": only one of the two may be part of the cluster")
  } else if (us != "nowhere" && us != pod_ip && !(us in asked)) {
    ask(us)
  } else if (!linked[id]) { # its first ping tells the other one where the own node is
    print "order CLUSTER MEET " place[id] " " port
    say("meets node " describe(id) " at " place[id])
  } else if (us != pod_ip) {
    print "tell " place[id] " CLUSTER MEET " pod_ip " " port
  }
}

function report(id) {
  if (lasted >= 5) { say("node " describe(id) " is not reachable") }
  if (slots_of[id] > 0 && lasted >= 2 * LINK_PATIENCE && (upstream == id || !replicas[id])) {
    say("slots " ranges_of[id] " have no master: node " describe(id) " does not come back" (upstream == id \
      ? ", nor is its replica here elected. CLUSTER FAILOVER FORCE on pod " pod ", which received " info["slave_repl_offset"] + 0 \
        " bytes from it, makes it the master; the init Job, run again, does so where that is safe" \
      : " and no replica of it answers. Their keys come back with its disk or from a backup"))
  }
}

# All pods must answer in this look, and agree.
function consider_forgetting(id,    i, silent) {
  silent = now - pong_of[id] / 1000
  if (!may_be_forgotten(flags_of[id], slots_of[id], replicas[id] + 0, reached, wanted, silent < uptime ? silent : uptime)) { return }
  everybody = 1
  for (i = 1; i <= size; i++) if (is_alive(member[i]) && member[i] != self && !(member[i] in place)) { objections[id]++; lead[++leads] = at[member[i]] }
  if (!objections[id]) {
    print "order CLUSTER FORGET " id
    say("forgets node " describe(id) ": it has no slots, and all pods agree that it is gone")
  }
}

# A node that knows no other, because its disk is new, goes back to the cluster of its peers, if there is no doubt which.
function join(    i, doubts) {
  for (i = 1; i <= answers; i++) { doubts += is_old[peers[i]] && !((home_table, peers[i]) in listed) }
  if (home == "" || doubts || slots_of[self] > 0) { return say("alone: waits for the init Job, or for the cluster that most of " wanted " pods belong to") }
  print "order CLUSTER MEET " place[home] " " port
  say("joins the cluster of node " substr(home, 1, 8) " at " place[home] " on a new disk")
}

function become_replica(    choice) {
  choice = assigned == ALL_SLOTS && owners == masters ? neediest(voter, voters, replicas, replicas_per_master) : ""
  if (choice == "") {
    say("without slots, and no master that answers lacks a replica: left to the init Job")
  } else if (first_empty == self) { # one after the other
    print "order CLUSTER REPLICATE " choice
    say("becomes a replica of node " describe(choice))
  }
}

# Gossip corrects an address without telling replication, which goes on trying the old one. Where it fails at the right one, the
# attempt may have begun before the master was there. A replica that waits for its copy looks alike; only its master knows.
function relink(down,    copying) {
  down = down == "" || down + 0 < 0 ? lasted : down + 0
  copying = info["master_sync_in_progress"] == 1 || !(upstream in place) || serves_of[upstream]
  if (info["role"] == "slave" && (info["master_host"] != at[upstream] || !copying && down >= LINK_PATIENCE && relinked >= LINK_PATIENCE)) {
    print "order CLUSTER REPLICATE " upstream
    say("its replication link to [" info["master_host"] "] is down: replicates node " describe(upstream) " anew")
  }
}

# First the Service and a few that the own table has, then whom these know; where nodes were before the start when nobody answers.
function choose_whom_to_ask(    i, pool, pools) {
  for (i = 1; i <= size; i++) {
    if (link_is_down && member[i] == upstream || state == "held" && master_of[member[i]] == self) { ask(at[member[i]]) }
    pool[pools++] = at[member[i]]
  }
  for (i = 1; i <= leads; i++) { ask(lead[i]) }
  if (missings > 0 || state ~ /alone|held/ || info["run_id"] != trusted && slots_of[self] > 0 && owners > 1) {
    for (i = 1; i <= formers && tables > 1 && !answers; i++) { pool[pools++] = former[i] }
    for (i = 0; i < pools; i++) { ask(pool[(i + 2 * looks) % pools]) }
    if (tables == 1) { chosen = services " " chosen }
  }
  print "ask " chosen
}

function ask(host) {
  if (host == "" || host == pod_ip || host in asked || asks >= (tables == 1 ? 3 : 8) || tables >= 12 && !everybody) { return }
  asked[host] = ++asks
  chosen = chosen host " "
}
