#!/bin/sh
# Moves backups by rclone, whose settings are in the environment.
#   upload    copies the only one here, compares, and only then adds the manifest and deletes older ones
#   fetch     copies one here; for a pod of the cluster (POD_NAME) only its shard, and nothing when its disk is used
#   BUCKET    where NAME/TIME is: `s3:BUCKET/PREFIX`, or `crypt:`, which encrypts and leads there; and those of backup-files.sh

. "${0%/*}/backup-files.sh"

there=$BUCKET/$NAME

# finished: the TIMEs of complete backups; none if they cannot all be listed.
finished() { rclone lsf --recursive --files-only --include '/*/manifest.json' "$there" >"$WORK/list" && sed -n 's|^\([0-9]*T[0-9]*Z\)/.*|\1|p' "$WORK/list"; }

upload() {
  cd "$FOLDER/$NAME" || exit 1
  run=$(echo *Z) check=check
  [ -z "${CRYPT_PASSWORD:-}" ] || check=cryptcheck
  for files in 'shard-*' manifest.json; do
    rclone copy --immutable --include "$files" "$run" "$there/$run" || fail "$files could not be copied to $there/$run"
    rclone "$check" --one-way --include "$files" "$run" "$there/$run" || fail "$files in $there/$run is not what was copied"
  done
  say "the backup is in $there/$run, and is what was copied"
  { finished >"$WORK/finished" && grep -qxF "$run" "$WORK/finished"; } || fail "$there cannot be listed: nothing is deleted"
  to_prune "$run" <"$WORK/finished" >"$WORK/old"
  rclone lsf --dirs-only "$there" | tr -d / | grep -vxFf "$WORK/finished" | older_than_a_day >>"$WORK/old"
  while read -r old; do
    say "deletes the backup $NAME/$old"
    # never half of one that looks complete
    { rclone delete --include manifest.json "$there/$old" && rclone purge "$there/$old"; } || fail "$there/$old could not be deleted"
  done <"$WORK/old"
}

fetch() {
  [ -z "${POD_NAME:-}" ] || is_new_disk || { say 'the disk is not new: nothing is fetched' && exit 0; }
  files=${POD_NAME:+shard-${POD_NAME##*-}.rdb}
  [ -n "${TIME:-}" ] || TIME=$(finished | sort | tail -n 1)
  [ -n "$TIME" ] || fail "there is no complete backup in $there"
  rclone copy --include manifest.json --include "${files:-shard-*}" "$there/$TIME" "$FOLDER/$NAME/$TIME" || fail "$there/$TIME could not be copied"
}
"$1"
