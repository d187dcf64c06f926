# shellcheck shell=sh
# Sourced by the scripts beside it: how they talk to a Redis node, by the client of Redis or of Valkey, and to the operator who reads
# their log. Works in dash and busybox.
#
#   PORT                 Redis port of every node
#   REDIS_PASSWORD_FILE  file that holds the password; newlines at its end do not count (no password when unset)
#   REDISCLI_OPTIONS     further words for every call of redis-cli, separated by spaces
#   REDISCLI_SECONDS     how long a call may take

set -u

# shellcheck disable=SC2034 # for those that source this
SCRIPTS=${0%/*}
PORT=${PORT:-6379}
CLIENT=$(command -v redis-cli || command -v valkey-cli)
LINE='
'
said='' said_before='' said_since=0

# The environment, unlike the arguments, is not shown by ps.
if [ -n "${REDIS_PASSWORD_FILE:-}" ]; then
  REDISCLI_AUTH=$(cat "$REDIS_PASSWORD_FILE") || exit 1
  export REDISCLI_AUTH
fi

say() { echo "$(date -u +%H:%M:%S) $*"; }

# say_once TEXT: not again for the next minute.
say_once() {
  if [ $(($(date +%s) - said_since)) -ge 60 ]; then
    said_before=$said
    said='' said_since=$(date +%s)
  fi
  case $LINE$said_before$LINE$said$LINE in
    *"$LINE$1$LINE"*) return ;;
  esac
  say "$1"
  said=$said$LINE$1
}

# address_of SERVICE: that which Kubernetes injects, for when DNS is silent; otherwise the name.
address_of() {
  address=$(env | sed -n "s/^$(echo "$1" | tr '[:lower:]-' '[:upper:]_')_SERVICE_HOST=//p")
  echo "${address:-$1}"
}

# redis_cli HOST [WORD...]: prints the reply to one command or, without WORD, to each line of the standard input.
# An error reply is printed like any other, with exit code 0: callers compare replies.
redis_cli() {
  # shellcheck disable=SC2086 # REDISCLI_OPTIONS is a list of words
  timeout "${REDISCLI_SECONDS:-3}" "$CLIENT" -p "$PORT" ${REDISCLI_OPTIONS:-} -h "$@" 2>&1
}
