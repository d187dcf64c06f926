# Reads replies to CLUSTER NODES and INFO line by line, for the program given after it: awk -f nodes.awk -f rules.awk -f heal.awk
# read_node() takes the present line apart, if it describes a node, into
#   id, address (IP address, "" when unknown), flags, master (id, "-" for a master), epoch, ranges (`0-99 200`), slots (how many)
#   pong         when it last answered a ping, in ms since 1970, or 0
#   connected    whether there is a link to it
# read_field() takes a line `name:value` of INFO or CLUSTER INFO apart into name and value.

function read_node(    i, ends) {
  if (length($1) != 40 || NF < 8) { return 0 }
  id = $1 "" # a text, even where it looks like a number
  address = $2
  sub(/:[0-9]+@.*/, "", address)
  flags = "," $3 ","; master = $4 ""
  pong = $6 + 0; epoch = $7 + 0
  connected = $8 == "connected"
  ranges = ""; slots = 0
  for (i = 9; i <= NF; i++) if ($i ~ /^[0-9]/) { # `[93->-...]` is on its way; its owner lists it as well
    ranges = ranges (ranges == "" ? "" : " ") $i
    slots += split($i, ends, "-") == 2 ? ends[2] - ends[1] + 1 : 1
  }
  return 1
}

function read_field() {
  if ($0 !~ /^[a-z][a-z0-9_]*:/) { return 0 }
  sub(/\r$/, "")
  name = substr($0, 1, index($0, ":") - 1)
  value = substr($0, index($0, ":") + 1)
  return 1
}

function has_flag(flags, flag) { return index(flags, "," flag ",") > 0 }

# Whether the node that replied has no answer from a node for the node timeout, or knows no address of it.
function is_missing(flags) { return flags ~ /,(fail[?]?|noaddr),/ }

# Whether the node that replied has a link to the node of the present line, and finds nothing wrong with it.
function is_reached() { return connected && address != "" && !is_missing(flags) && !has_flag(flags, "handshake") }
