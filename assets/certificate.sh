# shellcheck shell=sh
# Sourced by heal.sh: makes the own server take up a renewed certificate, which the kubelet writes while the server runs.
#
#   TLS_FOLDER  where tls.crt, tls.key and ca.crt are (no TLS when unset)

taken_up=

# Redis reads all three files again when it is told the name of one.
take_up_certificate() {
  [ -n "${TLS_FOLDER:-}" ] || return 0
  present=$(cat "$TLS_FOLDER/tls.crt" "$TLS_FOLDER/tls.key" "$TLS_FOLDER/ca.crt" | cksum)
  if [ "$present" = "${taken_up:-$present}" ]; then
    taken_up=$present
    return
  fi
  reply=$(redis_cli "$POD_IP" CONFIG SET tls-cert-file "$TLS_FOLDER/tls.crt")
  if [ "$reply" = OK ]; then
    taken_up=$present
    say 'loads the renewed certificate'
  else
    say_once "cannot load the renewed certificate: $reply"
  fi
}
