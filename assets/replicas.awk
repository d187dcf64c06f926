# Prints `master` and the addresses of its replicas, if the own node is a master with slots; otherwise nothing:
# awk -f table.awk -f replicas.awk. Reads `table own` and the node's reply to CLUSTER NODES.
#
# A replica counts until it is found missing: a link that is lost says little, as Redis makes it anew within moments.

END {
  self = myself["own"]
  if (slots["own", self] == 0) {
    exit
  }
  print "master"
  for (i = 1; i <= size["own"]; i++) {
    id = member["own", i]
    if (master["own", id] == self && !is_missing("own", id)) {
      print address["own", id]
    }
  }
}
