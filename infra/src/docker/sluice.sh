#!/bin/sh
# `sluice` in a container, where nothing has to be set up.
exec node /opt/sluice/control/src/cli.ts "$@"
