#!/bin/sh
# `produce` in a container. The key of the API comes as a secret: a file, so that no listing of containers shows it.
key=/run/secrets/coingecko_demo_key
if [ -z "$COINGECKO_DEMO_KEY" ] && [ -s "$key" ]; then
  COINGECKO_DEMO_KEY=$(cat "$key")
  export COINGECKO_DEMO_KEY
fi
exec node /opt/sluice/producers/src/produce.ts "$@"
