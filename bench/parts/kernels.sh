# One image to one thumbnail, a JPEG of quality 80 in memory. Each library runs in its own process, one image at a time, in turn.
# shellcheck shell=bash

kinds=(hd-jpeg progressive 12mp-jpeg png webp avif)
libraries=(ours libvips skiasharp magick sharp pillow pillow-whole djpeg)
kinds_folder=$kept/kinds kinds_count=8
declare -A input=()

measure_kernels() { # [BOX...]
  local boxes=("$@") box kind
  [ $# -gt 0 ] || boxes=(100 300 800)
  [ -d "$kinds_folder" ] || "$kept/kernels/ImageResize.Kernels" kinds "$(photos 5)" "$kinds_count" "$kinds_folder"
  for box in "${boxes[@]}"; do
    for kind in "${kinds[@]}"; do measure_kind "$kind" "$box"; done
  done
}

measure_kind() { # KIND BOX
  local folder=$kinds_folder/$1 name round
  local racing=()
  for name in "${libraries[@]}"; do
    [ "$name" != djpeg ] || [[ $1 == *jpeg || $1 == progressive ]] || continue
    start_kernel "$name" "$2" "$folder"
    if ask "$name" && ask "$name"; then racing+=("$name"); else say "$name can't read $1: $(tail -1 "$work/$name.log")"; fi # the first call also warms up
  done

  for ((round = 1; round <= rounds; round++)); do
    for name in "${racing[@]}"; do
      local before; before=$(cpu "$name")
      ask "$name" || fail "$name exited: $(cat "$work/$name.log")"
      record kernels "$1 to $2" "$name" "$round" cpu_ms "$(per $(($(cpu "$name") - before)) "$(images_of "$name")")"
    done
  done

  for name in "${racing[@]}"; do record kernels "$1 to $2" "$name" 1 peak_mb "$(peak "$name")"; done
  for name in "${libraries[@]}"; do end_kernel "$name"; done
}

start_kernel() { # NAME BOX FOLDER
  local fd command
  case $1 in
    sharp) command=(node "$kept/node/kernel.mjs" "$2" "$3") ;;
    pillow) command=(/usr/bin/python3 "$root/bench/peers/python/kernel.py" draft "$2" "$3") ;;
    pillow-whole) command=(/usr/bin/python3 "$root/bench/peers/python/kernel.py" whole "$2" "$3") ;;
    djpeg) command=("$root/bench/peers/djpeg.sh" "$2" "$3") ;;
    *) command=("$kept/kernels/ImageResize.Kernels" kernel "$1" "$2" "$3") ;;
  esac
  mkfifo "$work/$1.in"
  exec {fd}<> "$work/$1.in"
  input[$1]=$fd
  start "$1" "${command[@]}" < "$work/$1.in"
}

# Half a second of work. Fails if the program has exited.
ask() { # NAME
  local answers; answers=$(answers_of "$1" | wc -l)
  echo >&"${input[$1]}"
  wait_until 120 has_answered "$1" $((answers + 1))
  runs "$1"
}

has_answered() { ! runs "$1" || [ "$(answers_of "$1" | wc -l)" -ge "$2" ]; }
answers_of() { grep -E '^[0-9]+ [0-9]+$' "$work/$1.log" || true; }
images_of() { answers_of "$1" | tail -1 | cut -d' ' -f1; }

end_kernel() { # NAME
  [ -n "${input[$1]:-}" ] || return 0
  stop "$1"
  exec {input[$1]}>&-
  unset "input[$1]"
  rm "$work/$1.in" "$work/$1.log"
}
