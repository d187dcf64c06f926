# Which slots go from which master to which, with their keys: part of the program that cluster-plan.awk begins. It prints
#   move SOURCE TARGET ADDRESS ID ADDRESS ID ACKS HOW RANGE...    for move-slots.sh: slots from one pod to another, whose replicas in sync
#       are so many, by the servers themselves, of which the `source` or the `target` is told to, where both can; or key by key (`keys`)
#   left SLOTS    how many are to move, these included
# Two masters move slots at a time, and each takes part in one move; the next look continues.

BEGIN { MOST = 1024 } # slots in one move key by key: a look at the pods every few seconds

# Slots that an interrupted run left on their way come first: to the master that receives them, which may have some of their keys.
function slots_are_settled(    slot, from, to, i, list, before) {
  before = sent
  for (slot in marked) {
    from = slot in owner ? owner[slot] : ""
    to = slot in sent_to && sent_to[slot] in pod_of ? pod_of[sent_to[slot]] : slot in importing ? importing[slot] : ""
    if (to != "" && own_master[to] != "-") to = master_of(to) # its replica took over
    if (to != "" && from == "") send(to, "CLUSTER SETSLOT " slot " NODE " own_id[to])
    else if (to == "" || to == from) for (i = split(marked[slot], list, " "); i > 0; i--) send(list[i], "CLUSTER SETSLOT " slot " STABLE")
    else add_slot(slot, from, to)
  }
  return !print_moves() && sent == before && !stopped
}

# Each master is to hold as many slots as any other, or one more; one that is none of the masters, nothing.
function slots_are_balanced(    pod, k, share, spare, round, slot, from, to) {
  spare = ALL_SLOTS % masters
  for (round = 1; round <= 3; round++) for (k = 1; k <= masters; k++) {
    pod = master_pod[k]
    if (round == 1) share[pod] = int(ALL_SLOTS / masters)
    else if (spare && (round == 3 || slots_held(pod) > share[pod]) && share[pod] * masters <= ALL_SLOTS) { share[pod]++; spare-- }
  }
  for (pod in held) if ((excess[pod] = held[pod] - share[pod]) > 0) left += excess[pod]
  if (!left) return 1
  if (planning) MOST = ALL_SLOTS
  if (!planning && !pods_are_sound() || !data_fits()) return 0 # while slots move, each of their keys is on one master only
  for (slot = ALL_SLOTS - 1; slot >= 0; slot--) {
    from = owner[slot]
    if (excess[from] <= 0) continue
    if (planning && from in receiver && is_full(receiver[from], share)) delete receiver[from]
    if (!(from in receiver)) {
      for (k = 1; k <= masters && (is_full(master_pod[k], share) || master_pod[k] in taken && !planning); k++) { }
      receiver[from] = k > masters ? "" : master_pod[k]
      if (k <= masters) taken[master_pod[k]] = 1
    }
    to = receiver[from]
    if (to == "" || is_full(to, share) || moving[from, to] >= (how(from, to) == "keys" ? MOST : ALL_SLOTS)) excess[from] = 0
    else { add_slot(slot, from, to); excess[from]--; arriving[to]++ }
  }
  print "left " left
  print_moves()
  return 0
}

function is_full(pod, share) { return slots_held(pod) + arriving[pod] >= share[pod] }
function how(from, to) { return ability(from) == ability(to) ? ability(from) : "keys" }

# CLUSTER MIGRATESLOTS of Valkey 9.0 and CLUSTER MIGRATION of Redis 8.4 know no limit; the former wants the nodes' user to be allowed every key.
function ability(pod,    version) {
  if (keys_per_second > 0) return "keys"
  split(info[pod, "redis_version"], version, ".") # Valkey says 7.2.4
  return info[pod, "valkey_version"] + 0 >= 9 && mover == "" ? "source" : version[1] * 100 + version[2] >= 804 ? "target" : "keys"
}

function add_slot(slot, from, to) {
  if (!moving[from, to]++) pairs[++pair_count] = from " " to
  if (first[from, to] == slot + 1) sub(/[0-9]+/, slot, ranges_of[from, to])
  else ranges_of[from, to] = " " slot "-" slot ranges_of[from, to]
  first[from, to] = slot
}

# A master that takes part in one move already waits for the next look.
function print_moves(    i, pair, from, to, pod, acks, busy) {
  for (i = 1; i <= pair_count; i++) {
    split(pairs[i], pair, " ")
    from = pair[1]; to = pair[2]
    if (from in elsewhere && how(from, to) == "keys") return stop(pod_name(from) " has keys in other databases than 0, which would be lost", "move them to database 0 first")
    if (planning) { foresee(from, to); continue }
    if (from in busy || to in busy) continue
    busy[from] = busy[to] = 1
    acks = 0
    for (pod = 0; pod < pods; pod++) acks += own_master[pod] == own_id[to] && info[pod, "master_link_status"] == "up"
    print "move " pod_name(from) " " pod_name(to) " " pod_address[from] " " own_id[from] " " pod_address[to] " " own_id[to] " " acks " " \
      how(from, to) ranges_of[from, to]
  }
  return pair_count
}

# What a move comes to, if the keys of a master are spread evenly over its slots.
function foresee(from, to,    part) {
  part = moving[from, to] / slots_held(from)
  say(moving[from, to] " slots go from " pod_name(from) " to " pod_name(to) ": about " int(part * keys[from]) " keys, " \
    mebibytes(part * (info[from, "used_memory"] - info[from, "used_memory_startup"])))
}

# Fewer masters have to hold the same data.
function data_fits(    pod, k, holders, data, need) {
  for (pod in held) { holders++; data += info[pod, "used_memory"] - info[pod, "used_memory_startup"] }
  for (k = 1; k <= masters && holders > masters; k++) {
    pod = master_pod[k]
    need = int(data / masters + info[pod, "used_memory_startup"])
    if (info[pod, "maxmemory"] > 0 && need > info[pod, "maxmemory"]) return stop(masters " masters have no room for the data of " holders \
      ": each would need " mebibytes(need) ", and maxmemory is " mebibytes(info[pod, "maxmemory"]), "raise config.maxmemory, or keep more masters")
  }
  return 1
}

function mebibytes(bytes) { return sprintf("%.1f MiB", bytes / 1048576) }
