# Batches of increasing size, with links to the same photos: CPU per image, memory and storage requests.
# shellcheck shell=bash

measure_scaling() { # [COUNT...]
  local counts=("$@") count round
  [ $# -gt 0 ] || counts=(1000 10000 100000)
  for ((round = 1; round <= rounds; round++)); do
    for count in "${counts[@]}"; do measure_size "$count" "$round"; done
  done
}

# A new program and storage for each size, so that memory is that of one size.
measure_size() { # COUNT ROUND
  local photos; photos=$(photos 500)
  rm -rf "$work/images" "$work/azurite"
  link_photos "$photos" "$1" "$work/images/photos"
  link_photos "$photos" 5000 "$work/images/first"
  start_ours
  measure_batch ours first 5000 > /dev/null # warms up; docs/decisions/runtime.md is about new programs
  sleep 8 # until its watch message has been processed

  local app azurite operations messages answered ended
  app=$(cpu app) azurite=$(cpu azurite) operations=$(requests ' ') messages=$(requests '.*/messages')
  read -r answered ended <<< "$(measure_batch ours photos "$1")"
  record scaling "$1 images" ours "$2" wall_ms_image "$(per "$ended" "$1")"
  record scaling "$1 images" ours "$2" cpu_ms_image "$(per $(($(cpu app azurite) - app - azurite)) "$1")"
  record scaling "$1 images" ours "$2" app_cpu_ms_image "$(per $(($(cpu app) - app)) "$1")"
  record scaling "$1 images" ours "$2" operations_image "$(per $(($(requests ' ') - operations)) "$1")"
  record scaling "$1 images" ours "$2" queue_operations_image "$(per $(($(requests '.*/messages') - messages)) "$1")"
  record scaling "$1 images" ours "$2" answer_ms "$answered"
  record scaling "$1 images" ours "$2" app_peak_mb "$(peak app)"
  record scaling "$1 images" ours "$2" azurite_peak_mb "$(peak azurite)"
  stop_system ours
}

requests() { grep -c "^127\.0\.0\.1$1" "$work/azurite.log" || true; } # PATTERN of the rest of the line in Azurite's log
