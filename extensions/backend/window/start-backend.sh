# Starts the backend of the native window, and starts it again when a signal has ended it. The window runs this script as its extension
# (neutralino.config.json) with its handshake on stdin; native-window.ts sets the SERENA_DECK_ variables.
# Waits 1, 2, 4, 8 and 16 s before the next starts; a backend that ran for more than a minute resets the wait.

# Settings for the window alone: the programs that the backend starts must not inherit them.
unset $SERENA_DECK_LEAN

handshake=$(cat)
wait_s=1
while
  started_at=$(date +%s)
  printf %s "$handshake" | "$SERENA_DECK_NODE" "$SERENA_DECK_CLI" extension
  code=$?
  # 128 plus the number of the signal: any other code is an exit of its own.
  [ $code -gt 128 ]
do
  [ $(($(date +%s) - started_at)) -gt 60 ] && wait_s=1
  [ $wait_s -le 16 ] || break
  sleep $wait_s
  # Without the window no backend is needed.
  kill -0 $PPID || break
  wait_s=$((wait_s * 2))
done
exit $code
