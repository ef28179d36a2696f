#!/usr/bin/env bash
# Installs into an empty place, builds examples/cpp against it as a user does, and runs it: the output is the one that
# docs/cpp.md shows.
# usage: install_test.sh CMAKE SOURCE BUILD COMPILER FLAGS
set -euo pipefail
cmake=$1 source=$2 build=$3 compiler=$4 flags=$5
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$cmake" --install "$build" --prefix "$place/leat" >/dev/null
for file in bin/leat include/leat/leat.h share/man/man1/leat.1 share/bash-completion/completions/leat \
  share/zsh/site-functions/_leat share/fish/vendor_completions.d/leat.fish; do
  [ -s "$place/leat/$file" ] || { echo "not installed: $file" && exit 1; }
done

"$cmake" -S "$source/examples/cpp" -B "$place/build" -DCMAKE_PREFIX_PATH="$place/leat" \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror $flags" >"$place/log" ||
  { cat "$place/log" && exit 1; }
"$cmake" --build "$place/build" >"$place/log" || { cat "$place/log" && exit 1; }

cd "$source/examples/cpp"
"$place/build/page_views" views.ndjson "$place/data" >"$place/output"
diff -u expected.txt "$place/output"
