# For backup.sh: who has which slots, by the masters' own words. Reads `table ADDRESS` and the replies to CLUSTER NODES and CLUSTER INFO, as Redis
# 8.4 marks no slot that it moves, for each that was asked; prints `shard SLOTS ID ADDRESS REPLICA,REPLICA` for each that has slots (`0-99,200`;
# - without replicas that are alive), and `problem TEXT` when there can be no backup now. With -v find=1 it prints whom to ask, by one table.

find { if (read_node() && slots > 0 && !is_missing(flags)) print address; next }
$1 == "table" { finish_table(); asked = $2; next }
!read_node() { open += /^cluster_slot_migration_active_tasks:[1-9]/; if (NF && complaint == "") complaint = $0; next }
has_flag(flags, "myself") { own = id; own_slots = slots; own_ranges = ranges; open += / \[/ }
master != "-" && !is_missing(flags) { replicas[master] = replicas[master] "," address }

END {
  if (find) exit
  finish_table()
  if (held != ALL_SLOTS) stop(held + 0 " of " ALL_SLOTS " slots are held by masters that answer")
  if (open) stop("slots are on their way from one master to another")
}

function stop(text) { print "problem " text }

function finish_table() {
  gsub(/ /, ",", own_ranges)
  if (own_slots > 0) print "shard " own_ranges, own, asked, (own in replicas ? substr(replicas[own], 2) : "-")
  else if (asked != "" && own == "") stop(asked " does not answer: " (complaint == "" ? "no reply in time" : complaint))
  held += own_slots
  own = complaint = ""; own_slots = 0
}
