#!/usr/bin/env bash
# libjpeg-turbo's own decoder to the smallest scale that fills the box: no resize, no encode, a process for each image.
# See KernelLoop.cs for what each kernel program does.
set -euo pipefail
box=$1 folder=$2
files=("$folder"/*)
longest=$(file "${files[0]}" | grep -oP ', \K\d+x\d+' | tr x '\n' | sort -n | tail -1)
for scale in 8 4 2 1; do [ $((longest / scale)) -lt "$box" ] || break; done

while read -r _; do
  images=0 started=$(date +%s%N)
  while [ $(($(date +%s%N) - started)) -lt 500000000 ]; do
    for file in "${files[@]}"; do djpeg -scale "1/$scale" -outfile /dev/null "$file"; done
    images=$((images + ${#files[@]}))
  done
  echo "$images 0"
done
