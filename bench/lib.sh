# Functions that the benchmarks share. Needs Linux, the .NET SDK and Node.js.
#
#   source "$(dirname "$0")/lib.sh"
#   build_app; start_azurite; start_app        # the program listens at $at, its images folder is $work/images
#   start NAME COMMAND...; stop NAME; cpu NAME; peak NAME; wait_until SECONDS COMMAND...
#
# Everything uses free ports on the loopback address and the temporary folder $work. Started processes end with the command.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
kept=$root/bench/.work # builds and packages; ignored by git
work=$(mktemp -d)
mkdir -p "$kept" "$work/images"
declare -A pid=()
at= azurite_ports=(0 0 0)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

clean_up() {
  local name
  for name in "${!pid[@]}"; do [ "$name" = azurite ] || stop "$name"; done
  [ -z "${pid[azurite]:-}" ] || stop azurite
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

fail() { echo "$*" >&2; exit 1; }
now() { date +%s%3N; } # milliseconds
median() { sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'; }

wait_until() { # SECONDS COMMAND...
  local patience=$1 until=$(($(now) + $1 * 1000)); shift
  until "$@"; do
    [ "$(now)" -lt "$until" ] || fail "Timed out after $patience seconds: $*"
    sleep 0.05
  done
}

# Runs a command in the background in a new session, so that the CPU of its child processes is counted too.
start() { # NAME COMMAND...; output goes to $work/NAME.log, input comes from this function's own
  local name=$1; shift
  touch "$work/$name.log"
  setsid "$@" <&0 >> "$work/$name.log" 2>&1 9>&- &
  pid[$name]=$!
}

stop() { # NAME [SIGNAL]
  kill "-${2:-TERM}" "${pid[$1]}" 2>/dev/null || true
  wait "${pid[$1]}" 2>/dev/null || true
  unset "pid[$1]"
}

free_port() { node -e 'const at = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(at.address().port); at.close() })'; }

runs() { kill -0 "${pid[$1]}" 2>/dev/null; } # NAME

# Milliseconds of CPU that the program and its children, including ended ones, have used according to the operating system.
cpu() { # NAME...
  local name total=0
  for name; do total=$((total + $(session_ticks "${pid[$name]}") * 1000 / $(getconf CLK_TCK))); done
  echo "$total"
}

# The command's name can contain spaces, so it's removed. The session is then field 4, and the times are fields 12 to 15.
session_ticks() { # SESSION
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/^.*) //' |
    awk -v session="$1" '$4 == session { ticks += $12 + $13 + $14 + $15 } END { print ticks + 0 }'
}

# Peak memory in megabytes, summed over the running processes.
peak() { # NAME...
  local name sum=0 process
  for name; do
    for process in $(session_processes "${pid[$name]}"); do
      sum=$((sum + $(awk '/VmHWM/ { print $2 }' "/proc/$process/status" 2>/dev/null || true) + 0))
    done
  done
  echo $((sum / 1024))
}

session_processes() { # SESSION
  local stat
  for stat in /proc/[0-9]*/stat; do
    sed 's/^\([0-9]*\) .*) /\1 /' "$stat" 2>/dev/null || true
  done | awk -v session="$1" '$5 == session { print $1 }'
}

build_app() {
  dotnet publish "$root/ImageResize.Functions" -c Release -o "$kept/app" -v quiet --nologo >&2
  [ -d "$root/ImageResize.Functions/Azurite/node_modules" ] || (cd "$root/ImageResize.Functions/Azurite" && npm ci --silent >&2)
}

install_node_peers() { # into $kept/node
  mkdir -p "$kept/node"
  cp "$root"/bench/peers/node/{.npmrc,package.json,package-lock.json,*.mjs} "$kept/node/"
  [ "$kept/node/node_modules" -nt "$kept/node/package-lock.json" ] || (cd "$kept/node" && npm ci --silent >&2)
}

# Data is in $work/azurite unless options say otherwise, and $work/azurite.log has a line per request. A restart keeps ports and data.
start_azurite() { # [OPTION...]
  [ -p "$work/alive" ] || { mkfifo "$work/alive"; exec 9<> "$work/alive"; } # Azurite exits when this is closed
  rm -f "$work/azurite.log"
  start azurite node "$root/ImageResize.Functions/Azurite/guard.mjs" "${@:---location=$work/azurite}" \
    --blobPort "${azurite_ports[0]}" --queuePort "${azurite_ports[1]}" --tablePort "${azurite_ports[2]}" < "$work/alive"
  wait_until 60 grep -q 'Table service is successfully' "$work/azurite.log"
  mapfile -t azurite_ports < <(grep -oP 'successfully listening at http://127.0.0.1:\K[0-9]+' "$work/azurite.log")
}

connection_string() {
  local key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw== # Azurite's published key
  local name=devstoreaccount1 host=http://127.0.0.1
  printf '%s;' DefaultEndpointsProtocol=http "AccountName=$name" "AccountKey=$key" "BlobEndpoint=$host:${azurite_ports[0]}/$name" \
    "QueueEndpoint=$host:${azurite_ports[1]}/$name" "TableEndpoint=$host:${azurite_ports[2]}/$name"
}

# The log is $work/app.log. A restart keeps the address. $app_program can be another program than the published one.
start_app() { # [SETTING=VALUE...]
  rm -f "$work/app.log"
  # In Development, local callers need no keys. MALLOC_ARENA_MAX is set as in deployments.
  start app env ASPNETCORE_ENVIRONMENT=Development MALLOC_ARENA_MAX=2 AzureWebJobsStorage="$(connection_string)" ImageResize__Sources__ImagesRoot="$work/images" "$@" \
    dotnet "${app_program:-$kept/app/ImageResize.Functions.dll}" --urls "${at:-http://127.0.0.1:0}" < /dev/null
  wait_until 60 app_listens
  at=$(grep -oP 'ImageResize listens on \K\S+' "$work/app.log")
}

app_listens() {
  runs app || fail "The program exited: $(cat "$work/app.log")"
  grep -q '^ImageResize listens on' "$work/app.log"
}

# A folder with at least COUNT HD photos: IMAGERESIZE_PHOTOS, or created once by photos.cs.
photos() { # COUNT
  local folder=${IMAGERESIZE_PHOTOS:-$kept/photos}
  [ "$(find "$folder" -name '*.jpg' 2>/dev/null | wc -l)" -ge "$1" ] || dotnet run "$root/bench/photos.cs" "$1" "$folder" >&2
  echo "$folder"
}

# Creates a folder with COUNT links to the photos.
link_photos() { # PHOTOS COUNT FOLDER
  mkdir -p "$3"
  node -e '
    const { copyFileSync, linkSync, readdirSync, mkdirSync } = require("fs");
    const [photos, count, folder, copies] = process.argv.slice(1);
    const names = readdirSync(photos).filter(name => name.endsWith(".jpg")).sort().slice(0, count);
    mkdirSync(copies, { recursive: true });
    for (const name of names) copyFileSync(`${photos}/${name}`, `${copies}/${name}`); // links work within one disk only
    for (let i = 0; i < count; i++) linkSync(`${copies}/${names[i % names.length]}`, `${folder}/${String(i).padStart(7, "0")}.jpg`);
  ' "$1" "$2" "$3" "$work/copies"
}
