#!/usr/bin/env bash
# Makes a virtual environment, installs the pinned packages, trains every release and publishes it.
# Usage: run.sh [store]   (default: models/store)   VENV=<folder> keeps the environment elsewhere,
# PACKAGES=<folder> the packages.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
venv="${VENV:-$here/.venv}"
packages="${PACKAGES:-$here/.packages}"

python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"

# One thread: sums are then always added up in the same order, and the files come out the same.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
for script in churn house_price digits car_price; do
  "$venv/bin/python" "$here/$script.py" "$packages"
done
"$here/publish.sh" "$packages" "$@"
