# Prints nodes.conf without the addresses of other nodes, where other servers may be by now. They go to the file `former`, one a line.
# Exit code 1: something unexpected is in nodes.conf. 3: this is a master with slots and a replica.
#
# Without the flag `noaddr`: Valkey takes who has it for failed, and lets replicas take over; Redis never takes them for failed,
# and a master that is really gone lacks this one's word for its replica to take over.

$0 == "" { next } # 6.2 fills up with empty lines
$1 == "vars" && NF == 5 { vars = $0; next }
!read_node() || $1 $4 !~ /^[0-9a-f]+-?$/ || $2 !~ /^[^,]*:[0-9]+@[0-9]+(,.*)?$/ || $3 !~ /^[a-z?,]+$/ { unexpected = 1; exit }
{
  followed[master]
  if (has_flag(flags, "myself")) {
    count++
    own = id
    serves = has_flag(flags, "master") && slots > 0
  } else {
    addresses[address]
    sub(/^[^,]*/, ":0@0", $2) # host name and shard id stay
  }
  table = table $0 "\n"
}

END {
  if (unexpected || count != 1 || vars == "") {
    exit 1
  }
  print table vars
  for (address in addresses) {
    if (address != "") {
      print address > former
    }
  }
  exit serves && own in followed ? 3 : 0
}
