# A folder of photos from POST to the last result. All systems use the same files in turn, and all their processes are counted.
# shellcheck shell=bash

# The best configuration of each system on two cores, as found by `bench/run tune`.
peers=(bullmq:2:4 rq:2 rq-preloaded:4 celery:4)
variants=(bullmq:1:{2,4,8} bullmq:2:{1,2,4} rq:{2,3} rq-preloaded:{2,3,4} celery:{2,3,4})

measure_end_to_end() { # COUNT SYSTEM...
  local count=$1 round system; shift
  local photos; photos=$(photos "$count")
  link_photos "$photos" "$count" "$work/photos"
  link_photos "$photos" 20 "$work/images/first"
  for system; do
    say "starting $system"
    start_system "$system"
    measure_batch "$system" first 20 > /dev/null # tables, modules, compilation at run time
  done

  for ((round = 0; round <= rounds; round++)); do # the first isn't recorded
    # A new folder for each round: after deletions, ext4 searches long for free space, which cost 0.6 ms per image.
    cp -al "$work/photos" "$work/images/photos$round"
    for system; do measure_round "$system" "$count" "$round"; done
  done

  for system; do stop_system "$system"; done
}

measure_round() { # SYSTEM COUNT ROUND
  local answered ended member used total=0
  local -A before=() after=()
  sleep 1 # lets background work of the previous round end
  for member in ${members[$1]}; do before[$member]=$(cpu "$member"); done
  read -r answered ended <<< "$(measure_batch "$1" "photos$3" "$2")"
  for member in ${members[$1]}; do after[$member]=$(cpu "$member"); done

  [ "$(find "${output[$1]}/photos$3" -type f -size +499c | wc -l)" -eq "$2" ] || fail "$1 didn't make all thumbnails."
  [ "$3" -gt 0 ] || return 0
  record end-to-end "$2 photos" "$1" "$3" answer_ms "$answered"
  record end-to-end "$2 photos" "$1" "$3" wall_ms "$ended"
  for member in ${members[$1]}; do
    used=$((after[$member] - before[$member])) total=$((total + used))
    record end-to-end "$2 photos" "$1" "$3" "cpu_ms of ${member#"$1-"}" "$(per "$used" "$2")"
  done
  record end-to-end "$2 photos" "$1" "$3" cpu_ms "$(per "$total" "$2")"
  # shellcheck disable=SC2086
  record end-to-end "$2 photos" "$1" "$3" peak_mb "$(peak ${members[$1]})"
}

measure_batch() { # SYSTEM FOLDER COUNT
  if [ "$1" = libvips-loop ]; then
    ask_loop "$2"
  else
    node "$root/bench/client.mjs" batch "${url[$1]}" "$2" "$3" "${output[$1]}/$2"
  fi
}
