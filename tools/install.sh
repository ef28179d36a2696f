# shellcheck shell=bash
# Sourced by ./dev: Debian packages, installed once and only when one is missing.

# A package with a program in the third column is not needed where that program is: it may have come another way.
packages_for() {
  local package group program
  while read -r package group program; do
    [[ $group == "$1" && $package != "#" ]] || continue
    [[ $program ]] && command -v "$program" >/dev/null || printf '%s\n' "$package"
  done <tools/packages.txt
}

missing_packages() {
  local package
  for package in $(packages_for "$1"); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$package"
  done
}

as_root() {
  if (($(id -u) == 0)); then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    die "packages are missing and this is not root, nor is there sudo. As root: apt-get install $*"
  fi
}

# install_packages GROUP...: needs no network when everything is there.
install_packages() {
  local group missing=()
  for group in "$@"; do mapfile -t -O "${#missing[@]}" missing < <(missing_packages "$group"); done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die "these packages are missing, and only Debian's apt-get is known here: ${missing[*]}"
  run "updating the package lists" as_root apt-get update
  run "installing ${#missing[@]} packages" as_root apt-get install -y --no-install-recommends "${missing[@]}"
}
