# The systems to compare. NAME contains a configuration: bullmq:PROCESSES:CONCURRENCY, rq:WORKERS, celery:PROCESSES.
# shellcheck shell=bash

python=$root/bench/peers/python
declare -A url=() members=() output=() redis=()

start_system() { # NAME
  local kind first second worker
  IFS=: read -r kind first second <<< "$1"
  output[$1]=$work/output/$1
  case $kind in
    ours) start_ours ;;
    libvips-loop) start_loop ;;
    bullmq)
      start_redis "$1"
      for ((worker = 1; worker <= first; worker++)); do
        start_member "$1" "worker$worker" CONCURRENCY="$second" node "$kept/node/bullmq-worker.mjs"
        wait_until 30 grep -q ready "$work/$1-worker$worker.log"
      done
      start_front "$1" node "$kept/node/bullmq-front.mjs"
      wait_until 30 grep -q ready "$work/$1-front.log"
      ;;
    rq | rq-preloaded)
      start_redis "$1"
      local command=(/usr/bin/rq worker --url "redis://127.0.0.1:${redis[$1]}" --logging_level WARNING)
      [ "$kind" = rq ] || command=(/usr/bin/python3 "$python/rq_worker.py")
      for ((worker = 1; worker <= first; worker++)); do start_member "$1" "worker$worker" "${command[@]}"; done
      start_front "$1" /usr/bin/python3 "$python/front.py" rq_queue
      ;;
    celery)
      start_redis "$1"
      start_member "$1" worker /usr/bin/python3 -m celery --app celery_queue worker --concurrency "$first" --loglevel WARNING \
        --without-gossip --without-mingle --without-heartbeat
      start_front "$1" /usr/bin/python3 "$python/front.py" celery_queue
      ;;
    *) fail "No such system: $1" ;;
  esac
}

stop_system() { # NAME
  local member
  for member in ${members[$1]}; do stop "$member"; done # storage is last
}

start_ours() {
  start_azurite
  start_app
  url[ours]=$at members[ours]='app azurite' output[ours]=$work/images/resized
}

# Without persistence, which favors the systems that use Redis.
start_redis() { # NAME
  redis[$1]=$(free_port)
  start "$1-redis" redis-server --port "${redis[$1]}" --bind 127.0.0.1 --save '' --appendonly no < /dev/null
  members[$1]=$1-redis
  wait_until 30 redis-cli -p "${redis[$1]}" ping > /dev/null 2>&1
}

start_front() { # NAME COMMAND...
  local name=$1 port; port=$(free_port); shift
  start_member "$name" front PORT="$port" "$@"
  url[$name]=http://127.0.0.1:$port
  wait_until 30 answers "${url[$name]}/result?jobId=none"
}

answers() { curl -s -o "$work/answer" "$1"; } # URL

start_member() { # NAME MEMBER [VARIABLE=VALUE...] COMMAND...
  local name=$1 member=$1-$2; shift 2
  members[$name]="$member ${members[$name]}"
  start "$member" env IMAGES="$work/images" OUTPUT="${output[$name]}" REDIS="${redis[$name]}" \
    PYTHONPATH="$python" PYTHONPYCACHEPREFIX="$kept/pycache" "$@" < /dev/null
}

# The minimum: libvips over all files on all cores, without queue or results.
start_loop() {
  local fd
  mkfifo "$work/loop.in"
  exec {fd}<> "$work/loop.in"
  loop_input=$fd
  start loop "$kept/kernels/ImageResize.Kernels" loop libvips 100 "$work/images" "$work/output/libvips-loop" < "$work/loop.in"
  members[libvips-loop]=loop
}

ask_loop() { # FOLDER
  local lines; lines=$(wc -l < "$work/loop.log")
  echo "$1" >&"$loop_input"
  wait_until 300 has_lines "$work/loop.log" $((lines + 1))
  tail -1 "$work/loop.log"
}

has_lines() { [ "$(wc -l < "$1")" -ge "$2" ]; } # FILE COUNT
