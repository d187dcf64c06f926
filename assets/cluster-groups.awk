# Which pods know each other, and whether they may be made one cluster: part of the program that cluster-plan.awk begins.
#
#   group[pod]               the lowest ordinal of those that a pod knows, or that know it, directly or through others

function group_pods(    pod, other, i, kept, former) {
  for (pod = 0; pod < pods; pod++) {
    group[pod] = pod
  }
  for (pod = 0; pod < pods; pod++) {
    for (other = 0; other < pods; other++) {
      if (lists(pod, myself[other]) && group[pod] != group[other]) {
        kept = group[pod] < group[other] ? group[pod] : group[other]
        former = group[pod] + group[other] - kept
        for (i = 0; i < pods; i++) {
          if (group[i] == former) {
            group[i] = kept
          }
        }
      }
    }
  }
}

function group_list(first,    pod, set) {
  for (pod = 0; pod < pods; pod++) {
    if (group[pod] == first) {
      set[pod] = 1
    }
  }
  return pod_list(set)
}

# A MEET would merge two groups: where both have an owner for a slot, one of them would lose it, with its keys. Groups that
# have no slot in common are what an interrupted creation leaves.
function find_rivals(    pod, i) {
  for (pod = 0; pod < pods; pod++) {
    for (i = 1; i <= size[pod]; i++) {
      compare_claims(group[pod], ranges[pod, member[pod, i]])
    }
  }
}

function compare_claims(first, text,    i, count, numbers, rival) {
  if ((first, text) in compared) {
    return
  }
  compared[first, text] = 1
  count = split_ranges(text, numbers)
  for (i = 1; i <= count && !stopped; i++) {
    if (!(numbers[i] in claimant)) {
      claimant[numbers[i]] = first
    }
    rival = claimant[numbers[i]]
    if (rival != first) {
      stop("the pods belong to different clusters, which have slots in common, and are left alone: " group_list(rival) \
        " know nothing of " group_list(first))
    }
  }
}
