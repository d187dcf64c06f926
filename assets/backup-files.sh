# shellcheck shell=sh disable=SC2034 # variables of those that source this
# Sourced by the scripts that take, move and load backups. In the folder NAME/TIME, such as sessions/20260131T235959Z in UTC, one has
#   shard-0.rdb, shard-1.rdb, ...   a snapshot of each shard, in the order of their slots
#   manifest.json                   a line for each of them; written last, so that a backup without it is not complete
#
#   NAME                  the cluster's name
#   TIME                  which backup to load (the newest that is complete)
#   FOLDER, DATA_FOLDER   where NAME/TIME is, or goes (/backup); the disk of the pod that loads it (/data)
#   KEEP, KEEP_SECONDS    how many complete ones stay, and how old they may get (any age); without KEEP, all stay
#   CRYPT_PASSWORD        that of rclone's crypt (no encryption); and those of common.sh

. "${0%/*}/common.sh"

FOLDER=${FOLDER:-/backup} DATA=${DATA_FOLDER:-/data}
make_work_folder
SERVER=$(command -v redis-server || command -v valkey-server)
[ -z "$SERVER" ] || ln -s "$SERVER" "$WORK/redis-check-rdb" # by this name it checks a snapshot; not every image has it

if [ -n "${CRYPT_PASSWORD:-}" ]; then
  RCLONE_CONFIG_CRYPT_PASSWORD=$(printf %s "$CRYPT_PASSWORD" | rclone obscure -) || exit 1
  export RCLONE_CONFIG_CRYPT_PASSWORD
fi

fail() { say "failed: $*"; exit 1; }

# utc SECONDS: that long ago, as backups are named.
utc() { date -u -d "@$(($(date +%s) - $1))" +%Y%m%dT%H%M%SZ; }

# value NAME: that field of each line of a manifest that has it.
value() { sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\).*/\1/p"; }

last_words() { printf '%s\n' "$report" | grep offset | tail -n 2; }
# check_rdb FILE: puts what Redis says of it into $report, and what is wrong into $problem. Redis would not notice what follows the checksum.
check_rdb() {
  problem=''
  report=$("$WORK/redis-check-rdb" "$1" 2>&1) || problem="redis-check-rdb says: $(last_words)"
  [ -n "$problem" ] || [ "$(tail -c 9 "$1" | head -c 1 | od -An -tx1)" = ' ff' ] || problem='it does not end with its checksum'
  [ -z "$problem" ]
}

# said EXPRESSION: what is in $report, which a server or redis-check-rdb said.
said() { printf '%s\n' "$report" | sed -n "s/^$1.*/\1/p" | head -n 1; }

# to_prune TIME: which complete backups need not stay beside that one; older_than_a_day: of incomplete ones, those nobody writes now.
to_prune() {
  sort -r | grep -vxF "$1" | awk -v keep="$KEEP" -v oldest="$([ -z "${KEEP_SECONDS:-}" ] || utc "$KEEP_SECONDS")" 'NR >= keep || $1 < oldest'
}
older_than_a_day() { awk -v limit="$(utc 86400)" '/^[0-9]+T/ && $1 < limit'; }

# is_new_disk: no server has used it, as start.sh says of those it starts, whatever an interrupted restore left there.
is_new_disk() { (cd "$DATA" && [ ! -e cluster-owner ] && { [ -e restoring ] || [ -z "$(ls -d nodes.conf dump.rdb appendonly* 2>/dev/null)" ]; }); }
