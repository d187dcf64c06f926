# For handover.sh, by replies to CLUSTER NODES, INFO server and CONFIG GET cluster-node-timeout: `nothing` (no slots), `unknown REPLY`, or
# `now`, `early` (others would refuse their votes) or `moving` (replicas do not know of slots on their way) with the replicas to ask

/myself,/ && read_node() { self = id; own_slots = slots; moving = /\[/ }
# A link that is lost says little: Redis makes it anew within moments.
read_node() && !is_missing(flags) { replicas[master] = replicas[master] " " address }
read_field() && name == "uptime_in_seconds" { uptime = value }
previous == "cluster-node-timeout" { node_timeout = $0 }
{ previous = $0; if (NR == 1) reply = $0 }

END {
  step = self == "" || uptime == "" || node_timeout == "" ? "unknown " (reply == "" ? "no answer" : reply) \
    : own_slots == 0 ? "nothing" \
    : (moving ? "moving " : vote_is_possible(uptime, node_timeout) ? "now " : "early ") replicas[self]
  print step
}
