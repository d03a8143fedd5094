#!/bin/sh
# Runs one driver and leaves its exit status behind, so that a control plane that was restarted still learns it.
# Usage: run-driver.sh RUN_FOLDER COMMAND [ARGUMENT...]. The command is executed as it stands: no text of a user
# passes through the shell.
folder=$1
shift

# Whoever makes this folder first starts the driver; a second start of the same run ends here.
mkdir "$folder/started" 2>/dev/null || exit 75

exec >>"$folder/driver.log" 2>&1

printf '%s\n' "$$" >"$folder/pid.tmp" && mv "$folder/pid.tmp" "$folder/pid" || exit 74

# A stop goes to the whole process group. This shell outlives it, because it has the exit status to write. A
# handler is set (not: the signal ignored), because an ignored signal would be ignored by the driver too.
interrupted=
trap 'interrupted=yes' TERM INT HUP

"$@" &
driver=$!

wait "$driver"
status=$?
while [ -n "$interrupted" ]; do
  interrupted=
  wait "$driver"
  again=$?
  # 127: the first wait had already collected the driver's own status.
  [ "$again" -eq 127 ] || status=$again
done

printf '%s\n' "$status" >"$folder/exit.tmp" && mv "$folder/exit.tmp" "$folder/exit"
