# shellcheck shell=bash
# Sourced by ./dev: how a long step looks. Quiet while it goes well, a line now and then, its log when it fails.

say() { printf '%s\n' "$*"; }

die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# Copies a step's output into its log; every 20 s the newest line tells how far it is.
follow() {
  local line newest="" next=$((SECONDS + 20)) status
  while true; do
    status=0
    IFS= read -r -t 5 line || status=$?
    if ((status == 0)); then
      printf '%s\n' "$line" >&3 && newest=$line
    else
      printf '%s' "$line" >&3
      ((status > 128)) || break
    fi
    if ((SECONDS >= next)); then
      say "   ${newest:0:110}"
      next=$((SECONDS + 20))
    fi
  done 3>"$1"
}

# run WHAT COMMAND...: fails as the command does, after showing the end of its output.
run() {
  local what=$1 log started=$SECONDS
  shift
  log=build/log/${what//[^A-Za-z0-9]/-}.log
  mkdir -p build/log
  say "-- $what"
  if ! "$@" 2>&1 </dev/null | follow "$log"; then
    tail -n 60 "$log" >&2
    die "failed: $what. The whole log: $log"
  fi
  ((SECONDS - started < 5)) || say "   took $((SECONDS - started)) s"
}
