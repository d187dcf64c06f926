# What the heal container and the init Job decide alike, each rule once: part of the programs that name it.

BEGIN {
  ALL_SLOTS = 16384
  FORGET_PATIENCE = FORGET_PATIENCE == "" ? 120 : FORGET_PATIENCE # seconds in which a pod that is restarted is back
}

# A node is forgotten when it left its disk behind for good: it has failed or has no address, owns no slots, nobody replicates
# it, and exactly the wanted pods are alive without it. Every table must say so, and that it last answered minutes ago.
function may_be_forgotten(flags, slots, followers, alive, wanted, seconds_silent) {
  return (has_flag(flags, "fail") || has_flag(flags, "noaddr")) && slots == 0 && followers == 0 && alive == wanted \
    && seconds_silent >= FORGET_PATIENCE
}

# Masters vote about the same master once within twice the node timeout; the vote about one that handed over is older than its present run.
function vote_is_possible(uptime, node_timeout) { return uptime * 1000 > 2 * node_timeout }

# Of candidates[1..size], the first with the fewest replicas, if that is less than wanted; otherwise "".
function neediest(candidates, size, replicas, wanted,    i, choice) {
  for (i = 1; i <= size; i++) if (replicas[candidates[i]] + 0 < wanted + 0) {
    choice = candidates[i]
    wanted = replicas[choice] + 0
  }
  return choice
}
