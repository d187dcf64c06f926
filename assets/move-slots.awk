# For move-slots.sh: reads SIZES, the replies to what `as=sizes` prints (or nothing), and KEYS, the replies to CLUSTER GETKEYSINSLOT as
# redis-cli --no-raw prints them, quoted so that any byte arrives intact. Of keys in one slot, prints
#   as=sizes      EVAL commands that ask for the memory that each of them needs: one reply for many keys
#   as=commands   MIGRATE commands for so many keys that their server is not held up, and not more than `rate`, if that is not 0
#   as=sum        `KEYS BYTES`; or `big TEXT` for each that is larger than `largest`; or `refused TEXT` when not all is known
# Variables: slots, source, host, port, user; and the password in the environment.

BEGIN {
  MOST_KEYS = as == "sizes" ? 1000 : rate && rate < 100 ? rate : 100
  MOST_COMMANDS = rate ? int(rate / MOST_KEYS) : 100
  MOST_BYTES = 4 * 1048576 # what moves within some 100 ms
  ASK = "local sizes = {} for i, key in ipairs(KEYS) do sizes[i] = redis.call('MEMORY', 'USAGE', key) or 0 end return sizes"
  password = ENVIRON["REDISCLI_AUTH"]
  gsub(/[\\"]/, "\\\\&", password)
  migrate = "MIGRATE " host " " port " \"\" 0 60000 REPLACE" (password == "" ? "" : " AUTH2 " user " \"" password "\"") " KEYS"
}

FILENAME == ARGV[1] && match($0, /\(integer\) /) { size[++sizes] = substr($0, RSTART + RLENGTH) + 0; next }
!/^ *[0-9]+\) "/ { if (/^\(empty/) replies++; else if (NF) odd = $0; next }
{
  replies += $1 == "1)"
  total += bytes = ++keys in size ? size[keys] : 1024
  if ($1 == "1)" || count >= MOST_KEYS || as == "commands" && amount + bytes > MOST_BYTES) flush()
  sub(/^ *[0-9]+\) /, "")
  list = list " " $0
  count++; amount += bytes
  if (bytes > largest) big = big sprintf("big the key %s needs %.1f " \
    "MiB: it would hold its master up; delete it, split it, or raise resharding.maxKeySize\n", substr($0, 1, 200), bytes / 1048576)
}
END { flush(); if (as == "sum") printf "%s", (replies < slots || sizes < keys ? "refused " source ": its keys and their sizes are not known: " odd "\n" \
  : big == "" ? sprintf("%.0f %.0f\n", keys, total) : big) }

function flush() {
  if (count && as == "sizes") print "EVAL \"" ASK "\" " count list
  if (count && as == "commands" && ++commands <= MOST_COMMANDS) print migrate list
  list = ""; count = amount = 0
}
