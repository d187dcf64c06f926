# Prints nodes.conf without the addresses of other nodes, where other servers may be by now; they go to the file `former`. Exit code 1:
# something unexpected is in nodes.conf. 3: this is a master with slots and a replica. The flag `noaddr` is not set: with it, Valkey
# counts nodes as failed, so that replicas take over, and Redis never does, so that nobody takes over from a master that is really gone.

$0 == "" { next } # 6.2 fills up with empty lines
$1 == "vars" && NF == 5 { vars = $0; next }
!read_node() || $1 $4 !~ /^[0-9a-f]+-?$/ || $2 !~ /^[^,]*:[0-9]+@[0-9]+(,.*)?$/ || $3 !~ /^[a-z?,]+$/ { unexpected = 1; exit }
{
  followed[master]
  if (has_flag(flags, "myself")) {
    count++
    own = id
    serves = has_flag(flags, "master") && slots > 0
  } else if (address != "") {
    print address > former
    sub(/^[^,]*/, ":0@0", $2) # host name and shard id stay
  }
  table = table $0 "\n"
}

END {
  if (unexpected || count != 1 || vars == "") { exit 1 }
  print table vars
  exit serves && own in followed ? 3 : 0
}
