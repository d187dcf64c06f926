# Decides which replica follows which master, by arithmetic alone: cluster-plan.awk turns the outcome into commands.
#
# place_replicas() gives every replica_pod[1..replicas] a seat[1..replicas], the index of one of master_pod[1..masters],
# so that each master has replicas_per_master replicas and the whole costs least. present[1..replicas] is the index of the
# master that a replica has now, 0 for none. Costs, each of which outweighs any number of the next:
#   a replica on the Kubernetes node of its own master
#   a replica that leaves the master it has
#   two replicas of one master on the same Kubernetes node
#   a replica that departs from the usual order: pod i follows master (i - 1) mod masters

BEGIN {
  SHARED_NODE = 1000000000
  MOVE = 1000000
  CROWD = 1000
  DEPARTURE = 1
}

function place_replicas() {
  seat_replicas()
  while (turn_ring()) {
  }
  while (swap_pair()) {
  }
}

# Any seating will do to start from; one near the end saves work.
function seat_replicas(    i, k) {
  for (k = 1; k <= masters; k++) {
    room[k] = replicas_per_master
  }
  for (i = 1; i <= replicas; i++) {
    seat[i] = 0
    take_seat(i, present[i])
  }
  for (i = 1; i <= replicas; i++) {
    take_seat(i, usual_master(i))
  }
  for (i = 1; i <= replicas; i++) {
    for (k = 1; k <= masters; k++) {
      take_seat(i, k)
    }
  }
}

function take_seat(i, k) {
  if (!seat[i] && k && room[k] > 0) {
    seat[i] = k
    room[k]--
  }
}

function usual_master(i) {
  return (replica_pod[i] + masters - 1) % masters + 1
}

function on_same_node(pod, other) {
  return kubernetes_node[pod] != "-" && kubernetes_node[pod] == kubernetes_node[other]
}

function cost(i, k) {
  return SHARED_NODE * on_same_node(replica_pod[i], master_pod[k]) \
    + MOVE * (present[i] && present[i] != k) \
    + DEPARTURE * (usual_master(i) != k)
}

# Lets a ring of replicas each take the seat of the next, when that makes the whole cheaper. Such a ring is a cycle of
# negative weight among the masters, found by the algorithm of Bellman and Ford; when there is none, the seating is optimal.
function turn_ring(    a, b, round, changed) {
  find_cheapest_steps()
  for (a = 1; a <= masters; a++) {
    distance[a] = 0
  }
  for (round = 1; round <= masters; round++) {
    changed = 0
    for (a = 1; a <= masters; a++) {
      for (b = 1; b <= masters; b++) {
        if ((a, b) in step && distance[a] + price[a, b] < distance[b]) {
          distance[b] = distance[a] + price[a, b]
          before[b] = a
          changed = b
        }
      }
    }
    if (!changed) {
      return 0
    }
  }
  # The way back from what still changed leads into the ring.
  for (round = 1; round <= masters; round++) {
    changed = before[changed]
  }
  b = changed
  do {
    a = before[b]
    seat[step[a, b]] = b
    b = a
  } while (b != changed)
  return 1
}

# For every two masters, the replica of the first that goes to the second most cheaply.
function find_cheapest_steps(    i, k, change) {
  split("", step)
  for (i = 1; i <= replicas; i++) {
    for (k = 1; k <= masters; k++) {
      change = cost(i, k) - cost(i, seat[i])
      if (k != seat[i] && (!((seat[i], k) in step) || change < price[seat[i], k])) {
        step[seat[i], k] = i
        price[seat[i], k] = change
      }
    }
  }
}

# What replicas of one master cost each other is no sum over replicas, so exchanges of two are tried one by one.
function swap_pair(    i, j, former) {
  for (i = 1; i < replicas; i++) {
    for (j = i + 1; j <= replicas; j++) {
      former = cost_of_pair(i, j)
      swap_seats(i, j)
      if (cost_of_pair(i, j) < former) {
        return 1
      }
      swap_seats(i, j)
    }
  }
  return 0
}

function swap_seats(i, j,    k) {
  k = seat[i]
  seat[i] = seat[j]
  seat[j] = k
}

function cost_of_pair(i, j) {
  return cost(i, seat[i]) + cost(j, seat[j]) + CROWD * (crowd(i) + crowd(j))
}

function crowd(i,    j, count) {
  for (j = 1; j <= replicas; j++) {
    count += j != i && seat[j] == seat[i] && on_same_node(replica_pod[i], replica_pod[j])
  }
  return count
}
