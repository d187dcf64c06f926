#!/bin/sh
# Starts Redis with the passwords of Secrets, which neither a ConfigMap nor the arguments may show:
#
#   start.sh redis-server /etc/redis/redis.conf [OPTION...]
#
#   USERS_FILE        a line for each user: its name, and its rights as Redis writes them (users.acl beside this script)
#   PASSWORDS_FOLDER  a folder for each user, with a file for each password that it may use; newlines at a password's end do
#                     not count (/etc/redis-passwords)
#   CLUSTER_USER      the user that the nodes are to each other (default)
#   ACCESS_CONFIG     file to write, in memory, which Redis reads after redis.conf (/run/redis/access.conf)
#
# When the file of users does not name the default user, who comes without a name is turned away.
set -eu

users=${USERS_FILE:-${0%/*}/users.acl}
passwords=${PASSWORDS_FOLDER:-/etc/redis-passwords}
access=${ACCESS_CONFIG:-/run/redis/access.conf}
cluster_user=${CLUSTER_USER:-default}

fail() {
  echo "$*" >&2
  exit 1
}

# quoted TEXT: as one word of redis.conf.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# password FILE: sets $password.
read_password() {
  password=$(cat "$1") || fail "the password in $1 cannot be read"
  case $password in
    '') fail "the password in $1 is empty: give the Secret's key a value" ;;
    *"
"*) fail "the password in $1 has more than one line: redis.conf cannot hold it" ;;
  esac
}

user_line() {
  printf 'user %s on' "$1"
  for file in "$passwords/$1"/*; do
    read_password "$file"
    printf ' %s' "$(quoted ">$password")"
  done
  printf ' %s\n' "$2"
}

write_access() {
  grep -q '^default ' "$users" || echo 'user default off'
  while read -r name rights; do
    user_line "$name" "$rights"
  done <"$users"
  read_password "$passwords/$cluster_user/password"
  printf 'masteruser %s\nmasterauth %s\n' "$cluster_user" "$(quoted "$password")"
}

umask 077
write_access >"$access"

exec "$@" --include "$access"
