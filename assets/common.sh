# shellcheck shell=sh disable=SC2034 # variables of those that source this
# Sourced by the scripts beside it: how they talk to a Redis node, by its client, and to the operator who reads their log.
#
#   PORT                 Redis port of every node
#   REDIS_PASSWORD_FILE  file that holds the password; newlines at its end do not count (no password when unset)
#   REDISCLI_OPTIONS     further words for every call of redis-cli, separated by spaces
#   REDISCLI_SECONDS     how long a call may take
#   LOG_FORMAT           text (default) or json, an object with the time and the message in each line

set -u

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

# say TEXT: in one line, whatever there is in replies of servers.
say() {
  spoken=$(printf %s "$*" | tr '[:cntrl:]' ' ')
  case ${LOG_FORMAT:-} in
    json) printf '{"time":"%s","message":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(printf %s "$spoken" | sed 's/[\\"]/\\&/g')" ;;
    *) printf '%s %s\n' "$(date -u +%H:%M:%S)" "$spoken" ;; # dash's echo reads backslashes
  esac
}

# say_once TEXT: not again as long as it is asked for at least once a minute.
say_once() {
  silence=$(($(date +%s) - said_since))
  if [ "$silence" -ge 60 ]; then
    said_before=''
    [ "$silence" -ge 120 ] || said_before=$said
    said='' said_since=$((said_since + silence))
  fi
  case $LINE$said$LINE in *"$LINE$1$LINE"*) return ;; esac
  said=$said$LINE$1
  case $LINE$said_before$LINE in *"$LINE$1$LINE"*) ;; *) say "$1" ;; esac
}

# make_work_folder: $WORK, which goes at the end.
make_work_folder() { WORK=$(mktemp -d) || exit 1; trap 'rm -rf "$WORK"' EXIT; trap 'exit 143' INT TERM; }

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
