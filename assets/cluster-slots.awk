# Who holds which slots, and who is to hold those that nobody has: part of the program that cluster-plan.awk begins.
#
#   owner[slot]              ordinal of the pod that holds it; of two that claim it, the one with the higher epoch
#   reserved[slot]           nobody claims it, but some table gives it to somebody
#   lost[slot]               the same to a node that is none of the pods: its id
#   held[pod]                how many slots a pod holds
#   taken_slots              how many slots are held or reserved
#   master_pod[1..masters]   the pods that are to be masters, in the order of their ordinals, also as a set: is_master

BEGIN { SLOTS = 16384 }

function read_slots(    pod, i, id) {
  for (pod = 0; pod < pods; pod++) {
    claim(pod)
  }
  for (pod = 0; pod < pods; pod++) {
    for (i = 1; i <= size[pod]; i++) {
      id = member[pod, i]
      if (slots[pod, id] > 0 && !(id in pod_of && ranges[pod, id] == ranges[pod_of[id], id])) {
        note_holder(id, ranges[pod, id])
      }
    }
  }
}

function claim(pod,    i, count, numbers, slot) {
  count = split_ranges(ranges[pod, myself[pod]], numbers)
  for (i = 1; i <= count; i++) {
    slot = numbers[i]
    if (!(slot in owner)) {
      owner[slot] = pod
      held[pod]++
      taken_slots++
    } else if (epoch[pod] + 0 > epoch[owner[slot]] + 0) {
      held[owner[slot]]--
      owner[slot] = pod
      held[pod]++
    }
  }
}

# What some table says beyond the claims of the pods themselves; most tables say the same, so each statement is read once.
function note_holder(id, text,    i, count, numbers, slot) {
  if ((id, text) in noted) {
    return
  }
  noted[id, text] = 1
  count = split_ranges(text, numbers)
  for (i = 1; i <= count; i++) {
    slot = numbers[i]
    if (!(slot in owner) && !(slot in reserved)) {
      taken_slots++
      reserved[slot] = 1
      if (!(id in pod_of)) {
        lost[slot] = id
      }
    }
  }
}

# Fills numbers[1..] with the slots of `0-99 200`, and returns how many there are.
function split_ranges(text, numbers,    i, slot, ends, count, parts, bounds) {
  for (i = split(text, parts, " "); i > 0; i--) {
    ends = split(parts[i], bounds, "-")
    for (slot = bounds[1] + 0; slot <= bounds[ends] + 0; slot++) {
      numbers[++count] = slot
    }
  }
  return count + 0
}

# Those that hold slots already, and the lowest-numbered of the free ones; returns how many there are in all.
function choose_masters(    pod, count, k) {
  for (pod = 0; pod < pods; pod++) {
    if (held[pod] > 0) {
      is_master[pod] = 1
      count++
    }
  }
  for (pod = 0; pod < pods && count < masters; pod++) {
    if (!(pod in is_master) && !is_replica(pod) && ranges[pod, myself[pod]] == "") {
      is_master[pod] = 1
      count++
    }
  }
  for (pod = 0; pod < pods; pod++) {
    if (pod in is_master) {
      master_pod[++k] = pod
    }
  }
  return count
}

# The slots are cut as redis-cli --cluster create cuts them.
function first_slot(part) {
  return part == 1 ? 0 : last_slot(part - 1) + 1
}

function last_slot(part) {
  return int(part * SLOTS / masters - 0.5)
}

# Who gets the slots of a part that nobody has: the master that holds some of them already, or else the next without a part.
function match_parts(    part, slot, k, given) {
  for (part = 1; part <= masters; part++) {
    for (slot = first_slot(part); slot <= last_slot(part) && !(part in part_master); slot++) {
      if (slot in owner && !(owner[slot] in given)) {
        given[part_master[part] = owner[slot]] = 1
      }
    }
  }
  for (part = 1; part <= masters; part++) {
    for (k = 1; k <= masters && !(part in part_master); k++) {
      if (!(master_pod[k] in given)) {
        given[part_master[part] = master_pod[k]] = 1
      }
    }
  }
}
