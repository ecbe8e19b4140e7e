# The same photos from the folder, from blobs and from uploads: CPU of the program and of storage. The program has processed several thousand
# photos from the folder and blobs before, because the storage clients are optimized later than the decoder.
# shellcheck shell=bash

measure_sources() { # COUNT
  local count=$1 photos; photos=$(photos "$1")
  rm -rf "$work/images" "$work/azurite" # of the previous part
  start_azurite
  start_app ImageResize__Blobs__AllowedContainers=photos ImageResize__Limits__UploadsPerMinute=100000 ImageResize__Limits__RequestsPerMinute=100000
  link_photos "$photos" "$count" "$work/images/photos"
  find "$work/images/photos" -name '*.jpg' -exec node "$root/bench/parts/put-blobs.mjs" "http://127.0.0.1:${azurite_ports[0]}/devstoreaccount1" photos {} +
  body_of '/ImageResize/images/photos/' > "$work/folder.json"
  body_of 'blob://photos/' > "$work/blobs.json"

  warming=7 measure_by_turns "$count" folder blobs
  warming=1 measure_by_turns "$count" uploads # last, because Azurite gets slower with more data
}

measure_by_turns() { # COUNT SOURCE...; "warming" rounds come first and aren't recorded
  local count=$1 round source; shift
  for ((round = 1 - warming; round <= rounds; round++)); do
    for source; do
      [ "$source" != uploads ] || measure_part uploading "$count" "$round" upload_photos "$count"
      measure_part "$source" "$count" "$round" work_off "$source" "$count"
    done
  done
}

body_of() { echo "{ \"items\": [{ \"source\": \"$1\" }], \"actions\": [{ \"thumbnail\": { \"width\": 100, \"height\": 100 } }] }"; } # SOURCE
upload_photos() { node "$root/bench/client.mjs" upload "$at" "$work/images/photos" "$1" > "$work/uploads.json"; } # COUNT
work_off() { node "$root/bench/client.mjs" work "$at" "$2" < "$work/$1.json" > "$work/took"; } # SOURCE COUNT

measure_part() { # NAME COUNT ROUND COMMAND...
  local name=$1 count=$2 round=$3 app azurite operations; shift 3
  sleep 2 # lets background work of the previous round end
  app=$(cpu app) azurite=$(cpu azurite) operations=$(requests ' ')
  "$@"
  [ "$round" -gt 0 ] || return 0
  record sources "$count photos" "$name" "$round" app_cpu_ms "$(per $(($(cpu app) - app)) "$count")"
  record sources "$count photos" "$name" "$round" azurite_cpu_ms "$(per $(($(cpu azurite) - azurite)) "$count")"
  record sources "$count photos" "$name" "$round" operations "$(per $(($(requests ' ') - operations)) "$count")"
  [ "$name" = uploading ] || record sources "$count photos" "$name" "$round" wall_ms "$(cat "$work/took")"
}
