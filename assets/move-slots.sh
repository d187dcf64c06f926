#!/bin/sh
# Moves slots with their keys from one master to another: move-slots.sh SOURCE ID TARGET ID ACKS source|target|keys RANGE...
# SOURCE and TARGET are addresses, ACKS is the number of replicas that are to have the keys of a slot before it changes hands.
# Servers that can move slots by themselves are told to: the source or the target. Otherwise (keys) a few slots move at a time: the target
# is made ready to receive them, and claims them before the source gives them up. Interrupted anywhere, each key is on one of the two, and
# cluster-slots.awk sees from the marks of a slot how to go on. Prints
#   moved SLOTS KEYS BYTES    now and then
#   big TEXT                  a key that would hold the source up for too long; its slot and those beside it stay
#   refused TEXT              why it stopped
#
#   KEYS_PER_BATCH      so many slots are on their way at a time as have so many keys together; at least one, at most 256 (2000)
#   KEYS_PER_SECOND     at most (0: as fast as possible), and no more in a batch than MOVE_SECONDS let pass
#   LARGEST_KEY         bytes (33554432, which takes a second or two)
#   MOVE_SECONDS        how long it may take; a batch that has begun is completed (10)
#   MOVER               the user that reads and writes keys (default)
#   and those of common.sh

. "${0%/*}/common.sh"
source=$1 source_id=$2 target=$3 target_id=$4 acks=$5 how=$6
shift 6
ranges=$* began=$(date +%s) total=0
make_work_folder && : > "$WORK/sizes"
export REDISCLI_SECONDS=60
[ -z "${MOVER:-}" ] || REDISCLI_OPTIONS="${REDISCLI_OPTIONS:-} --user $MOVER"
# From 7.2 on, WAIT is for what its own connection has written, and this is written without a change: a dump that has no functions.
WRITE='FUNCTION RESTORE "\n\x00]\x9b\\@\x0f\x7f\xa2\xda"'

# list: replies in the form in which keys can be sent again
list() { (REDISCLI_OPTIONS="${REDISCLI_OPTIONS:-} --no-raw" && redis_cli "$source"); }
make() { awk -v as="$1" -v slots="${2:-0}" -v rate="${KEYS_PER_SECOND:-0}" -v source="$source" -v host="$target" -v port="$PORT" -v user="${MOVER:-default}" -v largest="${LARGEST_KEY:-33554432}" -f "$SCRIPTS/move-slots.awk" "$WORK/sizes" "$WORK/keys"; }

# order HOST: sends the input, and fails with the first reply that is not good, or when not all is replied to
order() {
  { cat && echo PING; } | redis_cli "$1" | awk -v host="$1" 'NF && !/^(OK|NOKEY|PONG)$/ { print "refused " host ": " $0; bad = 1; exit } { last = $0 }
    END { if (!bad && last != "PONG") print "refused " host ": no reply in time"; exit bad || last != "PONG" }'
}

# A node whose pod is to stop hands over as soon as none of its slots is on its way (handover.sh).
stops() {
  case $(redis_cli "$1" CONFIG GET cluster-replica-no-failover) in
    *"$LINE"no) return 1 ;;
    *"$LINE"yes) echo "refused $1: its pod is to stop" ;;
    *) echo "refused $1: does not answer" ;;
  esac
}

# move SLOT...
move() {
  ! stops "$source" && ! stops "$target" || return
  printf 'CLUSTER GETKEYSINSLOT %s 50000\n' "$@" | list > "$WORK/keys" # more would need too much memory
  make sizes | list > "$WORK/sizes"
  moved=$(make sum $#)
  case $moved in [br]*) echo "$moved" && return 1 ;; esac
  printf "CLUSTER SETSLOT %s IMPORTING $source_id\n" "$@" | order "$target" &&
    printf "CLUSTER SETSLOT %s MIGRATING $target_id\n" "$@" | order "$source" || return
  while grep -q '^ *1) "' "$WORK/keys"; do
    make commands | order "$source" || return
    [ "${KEYS_PER_SECOND:-0}" -eq 0 ] || [ $# -gt 1 ] || sleep 1 # between batches, by_keys does
    printf 'CLUSTER GETKEYSINSLOT %s 1000\n' "$@" | list > "$WORK/keys" # written meanwhile
    make sizes | list > "$WORK/sizes"
    case $(make sum $#) in big*) make sum $# && return 1 ;; esac # beyond those that were listed first, or larger since
  done
  emptied=$({ printf 'CLUSTER COUNTKEYSINSLOT %s\n' "$@" && echo CLUSTER NODES; } | redis_cli "$source" | # a list that failed looks empty
    awk -v to="->-$target_id" '$0 == "0" { empty++ } /myself,/ { sent = gsub(to, "") } END { print (sent < empty ? sent : empty) + 0 }')
  [ "$emptied" -eq $# ] || { echo "refused $source: not all keys have moved, or another Job moves them: $(head -n 1 "$WORK/keys")" && return 1; }
  acked=$(printf '%s\n' "$WRITE" "WAIT $acks 2000" | redis_cli "$target" | tail -n 1)
  [ "$acked" -ge "$acks" ] 2> /dev/null || { echo "refused $target: $acked of $acks replicas have the keys" && return 1; }
  printf "CLUSTER SETSLOT %s NODE $target_id\n" "$@" > "$WORK/hand-over"
  order "$target" < "$WORK/hand-over" || return
  redis_cli "$source" < "$WORK/hand-over" > /dev/null # unless it has heard of it already, and may be a replica by now
  echo "moved $# $moved"
}

# Lines `SLOT KEYS`.
count() {
  printf '%s ' "$@" | awk '{ for (i = 1; i <= NF; i++) { split($i, ends, "-"); for (slot = ends[1]; slot <= ends[2]; slot++) print slot } }' > "$WORK/slots"
  sed 's/^/CLUSTER COUNTKEYSINSLOT /' "$WORK/slots" | redis_cli "$source" | paste -d ' ' "$WORK/slots" -
}

# A line for each batch. The first is one slot: some clients close their connection to a master without slots, with commands on their way.
batches() {
  count "$@" |
    awk -v most="${KEYS_PER_BATCH:-2000}" -v rate="${KEYS_PER_SECOND:-0}" -v seconds="${MOVE_SECONDS:-10}" '
      NR == 2 || count == 256 || count && (keys + $2 > most || rate && keys + $2 > rate * seconds) { print ""; count = keys = 0 }
      { printf "%s ", $1; count++; keys += $2 }
      END { print "" }'
}

# libraries HOST: of its functions, which 6.2 has not; or `unknown TEXT`
libraries() { printf 'FUNCTION LIST\nPING\n' | redis_cli "$1" | awk -v host="$1" 'NR == 1 && !/^(library_name|PONG|$)|unknown command/ { odd = $0 }
  last == "library_name" { print } { last = $0 } END { if (odd != "" || last != "PONG") print "unknown " host ": " (odd == "" ? "no reply in time" : odd) }'; }
# Functions belong to no slot: a new master has none.
copy_functions() {
  missing=$(libraries "$source" | grep -vxF "$(libraries "$target")")
  case $missing in
    '') ;;
    'unknown '*) echo "refused ${missing#unknown }" && return 1 ;;
    *) printf 'FUNCTION RESTORE %s\n' "$(echo FUNCTION DUMP | list)" | order "$target" ;;
  esac
}

by_keys() {
  batches "$@" > "$WORK/batches"
  while read -r slots; do
    # shellcheck disable=SC2086 # a list
    move $slots || return
    total=$((total + ${moved% *}))
    while [ "${KEYS_PER_SECOND:-0}" -gt 0 ] && [ $total -gt $((KEYS_PER_SECOND * ($(date +%s) - began + 1))) ]; do sleep 0.2; done
    [ "$(date +%s)" -lt $((began + ${MOVE_SECONDS:-10})) ] || break
  done < "$WORK/batches"
}

# by_servers HOST QUESTION COMMAND: tells HOST to move slots, and waits as long as its reply to QUESTION has a move: names and values in
# turns. The servers go on with what an interrupted run began. Redis tries again what failed, Valkey also lists what once did.
by_servers() {
  ! stops "$source" && ! stops "$target" || return
  moved="moved $(count "$ranges" | awk '{ keys += $2 } END { print NR, keys + 0, 0 }')"
  before=$(echo "$2" | redis_cli "$1" | tr '\n' ' ') reply=$(echo "$3" | redis_cli "$1")
  case $reply in
    *already* | *overlapping*) moved='' ;;
    '' | *' '*) echo "refused $1: ${reply:-no answer}" && return 1 ;;
  esac
  while migrations=$(printf '%s\n' "$2" PING | redis_cli "$1" | awk -v before="$before" -v host="$1" '
    NR % 2 { name = $0; next }
    { value[name] = $0 }
    name !~ /^(message|write_pause_ms)$/ || value["operation"] !~ /^(EXPORT|import)$/ { next }
    value["state"] !~ /^(success|completed|failed|cancell?ed)$/ { print "running" }
    value["state"] ~ (name == "message" ? "^(failed|cancell?ed)$" : "^failed$") && (name == "write_pause_ms" || !index(before, value["name"])) {
      print "refused " host ": " value["message"] value["last_error"]
    }
    END { if (name != "PONG") print "refused " host ": " (NR && NR < 4 ? name : "no reply in time") }') && [ -n "$migrations" ]; do
    case $migrations in *running*) sleep 0.2 ;; *) echo "$migrations" && return 1 ;; esac
  done
  [ -z "$moved" ] || echo "$moved"
}

copy_functions || exit 1
case $how in
  keys) by_keys "$ranges" ;;
  source) by_servers "$source" 'CLUSTER GETSLOTMIGRATIONS' "CLUSTER MIGRATESLOTS SLOTSRANGE $(echo "$ranges" | tr - ' ') NODE $target_id" ;;
  target) by_servers "$target" 'CLUSTER MIGRATION STATUS ALL' "CLUSTER MIGRATION IMPORT $(echo "$ranges" | tr - ' ')" ;;
esac
