# Prints `master` and the addresses of the replicas that the own node reaches, if it is a master with slots; otherwise
# nothing: awk -f table.awk -f handover.awk. Reads `table own` and the node's reply to CLUSTER NODES.

END {
  self = myself["own"]
  if (slots["own", self] == 0) {
    exit
  }
  print "master"
  for (i = 1; i <= size["own"]; i++) {
    id = member["own", i]
    if (master["own", id] == self && reaches("own", id)) {
      print address["own", id]
    }
  }
}
