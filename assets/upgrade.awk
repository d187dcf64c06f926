# Whether a server may start on a disk. Prints why not, or nothing. A line for each trace of the servers before it:
#   server-versions Redis|Valkey VERSION   what start.sh wrote down
#   FILE REDIS0009 redis-ver VERSION       how a snapshot begins, which may be older than the last server; valkey-ver from Valkey 8 on
#   appendonlydir                          there is one
# Variable: server (Redis|Valkey VERSION).

function number(version,   part) {
  split(version, part, ".")
  return part[1] * 10000 + part[2] * 100 + part[3]
}

# The version of the snapshots' format. Where it is not known, each line counts as one of its own.
function format(family, version,   line) {
  line = int(number(version) / 100)
  if (family == "Valkey") { return line < 900 ? 11 : line < 902 ? 80 : line }
  return line < 700 ? 9 : line < 702 ? 10 : line < 704 ? 11 : line < 804 ? 12 : line
}

function check(former, version) {
  if (is_redis && former == "Valkey") { refuse("after which no pod with Valkey would start again") }
  if (format(former, version) > (former == name[1] ? format(former, name[2]) : 11)) { refuse("which cannot read its snapshots") }
  # redis#12685, #13401, #13456. A snapshot in appendonlydir does not tell: Redis 7.2 keeps that of its predecessor.
  is_broken = is_redis && (own >= 70200 && own < 70207 || own >= 70400 && own < 70402)
  if (is_broken && number(version) < 70200 && $1 !~ /^appendonlydir/) {
    refuse("whose cluster bus breaks with older nodes: use 7.2.7, 7.4.2 or later instead")
  }
}

function refuse(reason) {
  print "this disk was used by " used_by ", as " $1 " tells, and the image has " server ", " reason \
    ". Nothing is changed, and the other pods serve on: apply the former YAML, that with " used_by ", and this pod comes back"
  exit
}

BEGIN { split(server, name, " "); own = number(name[2]); is_redis = name[1] == "Redis" }
$1 == "appendonlydir" && is_redis && own < 70000 { used_by = "Redis 7.0 or later"; refuse("which ignores it and would start empty") }
$1 == "server-versions" { used_by = $2 " " $3; check($2, $3) }
$3 ~ /^(redis|valkey)-ver$/ { former = $3 == "redis-ver" ? "Redis" : "Valkey"; used_by = former " " $4; check(former, $4) }
