#!/bin/sh
# Runs one daemon for as long as whoever started it lives: standard input is a pipe that only the starter holds, so its
# end means that the starter is gone, however it went. Then the whole process group ends, which must be this script's.
# Usage: run-with-parent.sh COMMAND [ARGUMENT...]
exec 3<&0

"$@" 3<&- </dev/null &
daemon=$!
(
  cat <&3 >/dev/null
  kill -KILL 0
) &
watcher=$!

trap 'kill -TERM "$daemon"' TERM INT HUP
wait "$daemon"
status=$?
# A signal ends the wait before the daemon ends.
while kill -0 "$daemon" 2>/dev/null; do
  wait "$daemon"
  status=$?
done
kill "$watcher" 2>/dev/null
exit "$status"
