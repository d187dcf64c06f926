# Reads replies to CLUSTER NODES into arrays, for the program given after it: awk -f table.awk -f heal.awk
#
# A line `table NAME` comes before each reply, of which the first of a name counts; NAME is the first index of every array:
#   reply[1..replies]        the names, in the order they came
#   size[table]              how many nodes it lists; member[table, 1..size] are their ids
#   myself[table]            id of the node that replied
#   address[table, id]       IP address, "" when unknown
#   master[table, id]        id of its master, "-" for a master
#   ping[table, id]          when a ping was sent to it that it has not answered yet, in ms since 1970, otherwise 0
#   pong[table, id]          when it last answered one
#   slots[table, id]         how many slots it owns
#   assigned[table]          how many slots have an owner; owners[table] is how many nodes own some

$1 == "table" {
  repeated = $2 in named
  named[$2] = 1
  if (!repeated) {
    table = reply[++replies] = $2
  }
}

length($1) == 40 && NF >= 8 && !repeated { read_node($1) }

function read_node(id,    field) {
  member[table, ++size[table]] = id
  address[table, id] = $2
  sub(/:[0-9]+@.*/, "", address[table, id])
  flags[table, id] = "," $3 ","
  master[table, id] = $4
  ping[table, id] = $5 + 0
  pong[table, id] = $6 + 0
  connected[table, id] = $8 == "connected"
  slots[table, id] = 0
  for (field = 9; field <= NF; field++) {
    slots[table, id] += slots_in($field)
  }
  assigned[table] += slots[table, id]
  owners[table] += slots[table, id] > 0
  if (flagged(table, id, "myself")) {
    myself[table] = id
  }
}

# `5461-10922` or `5461`; a slot on its way to or from another node, `[5461->-...]`, is listed with its owner as well
function slots_in(range,    ends) {
  if (range !~ /^[0-9]/) {
    return 0
  }
  return split(range, ends, "-") == 2 ? ends[2] - ends[1] + 1 : 1
}

function lists(table, id) {
  return (table, id) in flags
}

function flagged(table, id, flag) {
  return index(flags[table, id], "," flag ",") > 0
}

# Whether the node that replied reaches the node of this id.
function reaches(table, id) {
  return connected[table, id] && !flagged(table, id, "handshake") && !is_missing(table, id)
}

# Whether it has no answer from that node for the node timeout, or knows no address of it.
function is_missing(table, id) {
  return flagged(table, id, "fail") || flagged(table, id, "fail?") || flagged(table, id, "noaddr")
}
