# The view of callers: a single request, and submissions and reads of results per second with 16 connections while workers run.
# shellcheck shell=bash

measure_rates() { # SYSTEM...
  local system round submissions results alone
  cp "$(find "$(photos 1)" -name '*.jpg' | sort | head -1)" "$work/images/one.jpg"
  for system; do start_system "$system"; done
  for ((round = 0; round <= rounds; round++)); do # the first isn't recorded
    for system; do
      read -r submissions results alone <<< "$(node "$root/bench/client.mjs" rates "${url[$system]}" one.jpg 2)"
      [ "$round" -gt 0 ] || continue
      record rates 'one photo' "$system" "$round" alone_ms "$alone"
      record rates 'one photo' "$system" "$round" submissions_s "$submissions"
      record rates 'one photo' "$system" "$round" results_s "$results"
    done
  done
  for system; do stop_system "$system"; done
}
