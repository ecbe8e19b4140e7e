# The published app as a worker, under the test double of the Functions host: its start, 500 photos, and small messages.
# shellcheck shell=bash

measure_host() {
  local round kind count wall used memory photos; photos=$(photos 500)
  dotnet build "$root/ImageResize.Tests" -c Release -v quiet --nologo >&2
  for ((round = 1; round <= rounds; round++)); do
    IMAGERESIZE_PACKAGE=$kept/app IMAGERESIZE_HOST_PHOTOS=$photos IMAGERESIZE_STARTS=3 \
      "$root/ImageResize.Tests/bin/Release/net10.0/ImageResize.Tests" -noColor -noLogo -showLiveOutput \
      -class '*HostCostTests' -class '*WorkerStartTests' > "$work/host.log" || fail "$(cat "$work/host.log")"
    while read -r kind count wall used memory; do
      record host "$count $kind" ours "$round" wall_ms "$wall"
      record host "$count $kind" ours "$round" cpu_ms "$(per "$used" "$count")"
      record host "$count $kind" ours "$round" peak_mb "$memory"
    done < <(host_costs < "$work/host.log")
  done
}

# KIND COUNT MILLISECONDS CPU MEGABYTES for each measurement in the tests' output; a worker's start counts as one.
host_costs() {
  sed -nE \
    -e "s/.*(photos|messages) ([0-9]+): ([0-9]+) ms, ([0-9]+) ms of the worker's CPU, ([0-9]+) MB.*/\1 \2 \3 \4 \5/p" \
    -e 's/.*worker: ([0-9]+) ms to the first response .*, ([0-9]+) ms of CPU until then, ([0-9]+) MB.*/start 1 \1 \2 \3/p' | sort -u
}
