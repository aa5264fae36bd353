#!/bin/sh
# Makes configure and the makefiles' templates; needed in a clone, not in a release's archive.
set -e
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=none
