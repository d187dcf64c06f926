# Reads what cluster-init.sh saw of the pods. The file is given twice: first each pod tells what it is itself, then what its table says of
# others is compared with that. Only what differs is kept, so that 200 tables of 200 lines are read in a moment.
#
#   pod ORDINAL ADDRESS KUBERNETES_NODE    with - for what is not known, for every pod
#   table ORDINAL                          and then the replies to what cluster-init.sh asks, whatever each of them is
#
# By ordinal of a pod: pod_address, kubernetes_node; bus_port and own_... by its line in its own table; info[pod, field]; keys; elsewhere (in other databases);
#   node_timeout (ms); complaint (first unexpected reply); size (lines of its table), linked (how many pods it has at their addresses),
#   no_link, meets (the others, and whom of them it is to meet), unreached, outdated (whose role or slots it does not know); receives
#   (some slot is on its way to it)
# By slot: owner (the pod that holds it, of two the later one); reserved (nobody does, but some table gives it to a node); and, where
#   it is on its way, importing (the master that receives it), sent_to (the id that its owner sends it to), marked (" 0 1", all of them)
# By id of a node that is none of those pods: listers (" 0 1 2"); gone (how many of them say that it failed or has no address);
#   other_address; other_ranges; pongs (its last answer to anyone, in ms); alive (a pod to which it is); lost (some slot is its alone)
# By id of any node: followers (how many replicate it). And least_reached: how many nodes every pod reaches at least.

FNR == 1 { finish_table(); table = ""; pass++ }
$1 == "pod" { pod_address[$2] = $3; kubernetes_node[$2] = $4; pod_at[$3] = $2; next }
$1 == "table" { finish_table(); table = $2; next }
pass == 2 { if (read_node()) compare(); next }
$3 ~ /myself/ && read_node() { note_own_line() }
length($1) == 40 || NF == 0 || /^#/ || /^cluster-node-timeout/ { next }
/^[0-9]+\r?$/ { node_timeout[table] = $0 + 0; next }
read_field() { info[table, name] = value; if (name ~ /^db[0-9]+$/) note_keys(); next }
!(table in complaint) { complaint[table] = $0 }

function note_keys() { keys[table] += substr(value, 6); if (name != "db0") elsewhere[table] } # keys=...

function note_own_line(    parts) {
  split($2, parts, /[@,]/)
  bus_port[table] = parts[2]
  pod_of[id] = table
  own_id[table] = id
  own_address[table] = address
  own_master[table] = master
  own_ranges[table] = ranges
  own_epoch[table] = epoch
  followers[master]++
  note_slots()
  if (master == "-") note_open_slots()
}

# `[93->-ID]`, `[93-<-ID]`. Marks of replicas say nothing: some versions leave them there.
function note_open_slots(    i, parts) {
  for (i = 9; i <= NF; i++) if (split($i, parts, /\[|\]|-[<>]-/) == 4) {
    marked[parts[2]] = marked[parts[2]] " " table
    if (index($i, "-<-")) { importing[parts[2]] = table; receives[table] = 1 }
    else sent_to[parts[2]] = parts[3]
  }
}

function compare(    pod) {
  size[table]++
  reached += is_reached()
  # Most tables say the same of who holds what, so each statement is looked into once.
  if (slots > 0 && !((id, ranges) in contest)) note_slots()
  contests = contests contest[id, ranges]
  if (!(id in pod_of)) return note_other()
  pod = pod_of[id]
  listed[pod] = 1
  if (address == pod_address[pod] && connected && flags !~ /,(noaddr|handshake),/ && !linked_here[pod]++) linked[table]++
  if (!is_reached()) unreached[table] = unreached[table] " " pod
  if (master != own_master[pod] || ranges != own_ranges[pod]) outdated[table] = outdated[table] " " pod
}

# A dead node may look alive, also at the address of a pod. One that is being introduced may be alive, and one that answered lately is.
function note_other() {
  if (!(address in pod_at) && (is_reached() || flags ~ /,handshake,/ || flags !~ /,fail,/ && pong > (now - 5) * 1000)) alive[id] = table
  listers[id] = listers[id] " " table; others++
  gone[id] += flags ~ /,(fail|noaddr),/
  other_address[id] = address
  pongs[id] = pong > pongs[id] + 0 ? pong : pongs[id] + 0
  followers[master]++
  if (slots > 0) other_ranges[id] = ranges
}

# First what pods claim, then what tables say beyond that; contest names the owners of slots that they give to somebody else.
function note_slots(    i, slot, ends, parts, bounds) {
  for (i = split(ranges, parts, " "); i > 0; i--) {
    ends = split(parts[i], bounds, "-")
    for (slot = bounds[1] + 0; slot <= bounds[ends] + 0; slot++) {
      if (pass == 1) {
        if (!(slot in owner) || epoch > own_epoch[owner[slot]]) owner[slot] = table
      } else if (!(slot in owner)) {
        reserved[slot] = 1
        if (!(id in pod_of)) lost[id] = 1
      } else if (own_id[owner[slot]] != id && contest[id, ranges] !~ (" " owner[slot] " ")) {
        contest[id, ranges] = contest[id, ranges] " " owner[slot] " "
      }
    }
  }
}

# Who do not know each other and have slots in common belong to different clusters: a MEET would take the keys of one.
function finish_table(    i, list, distance, pod, due, taken) {
  if (pass < 2 || !(table in own_id)) return
  for (i = split(contests, list, " "); i > 0; i--) if (!(list[i] in listed)) rivals = pod_name(table) " and " pod_name(list[i])
  for (distance = 1; distance < pods && linked[table] < pods; distance++) {
    pod = (table + distance) % pods
    if (pod in linked_here) continue
    no_link[table] = no_link[table] " " pod
    if (due + 0 >= taken + 0 && ++taken) meets[table] = meets[table] " " pod
    due += MEETS / (pods - linked[table])
  }
  least_reached = least_reached == "" || reached < least_reached ? reached : least_reached
  reached = 0; contests = ""; split("", listed); split("", linked_here)
}
