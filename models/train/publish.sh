#!/usr/bin/env bash
# Publishes the example releases as anybody would: starts Sluice over the store, and sends it the packages.
# Usage: publish.sh <packages> [store]   (default: models/store)   SLUICE_PORT_OFFSET=<n> moves its ports.
# What is in the store already with the same files stays as it is; with other files it is refused.
set -euo pipefail
packages="$(realpath "$1")"
root="$(realpath "$(dirname "$0")/../..")"
mkdir -p "${2:-$root/models/store}"
store="$(realpath "${2:-$root/models/store}")"
by='Sluice developers'

SLUICE_HOME="$(mktemp -d)"
export SLUICE_HOME STORE_URL="file:$store" SLUICE_SERVER="http://127.0.0.1:$((8000 + ${SLUICE_PORT_OFFSET:-0}))"
sluice="$root/cli/sluice.mjs"
log="$SLUICE_HOME/log"
node "$sluice" start >"$log" 2>&1 &
started=$!
trap 'kill "$started" 2>/dev/null; wait "$started"; rm -rf "$SLUICE_HOME"' EXIT
until node "$sluice" health >/dev/null 2>&1; do
  sleep 1
  kill -0 "$started" 2>/dev/null || { cat "$log" >&2; exit 1; }
done

publish() {
  for release in "$@"; do
    node "$sluice" release publish "$packages/$release" --by "$by" --output table
  done
}

publish churn/1.0.0 churn/1.1.0 house-price/1.0.0 digits/1 car-price/1.0.0
# churn 2.0.0 breaks callers: before it comes, who asks churn without a version is given the champion.
if [ ! -e "$store/_revisions" ]; then
  node "$sluice" alias set churn champion 1.1.0 --why 'before 2.0.0 comes, which breaks callers' --output table
  node "$sluice" config apply --why 'who asks churn without a version gets its champion' --output table --file - <<'YAML'
revision: 1
models:
  churn:
    default: champion
    aliases: { champion: 1.1.0 }
YAML
fi
publish churn/2.0.0
