# scene.awk - of a lab's flight record, how the server served one client.
#
#   awk -v client=2 -v calls='ReadFile|RevertToSelf' -f scene.awk RECORD
#
# Keeps the events of the given client of the demo (the first is 1; 2,4 means
# two of them) and of the server's threads that were that client, from its
# start to its end, and of those only the calls that are asked for (by name, or
# name and object: "WriteFile .*pipe"), as far as they came back.
# GetOverlappedResult is kept after a read, which it completes; after a write
# it only adds the bytes to it. A client that has left (109) is left out: when
# the server hears of it differs from run to run.
#
# Times depend on the machine: each event comes one tick after the one before.
# Status 1 when the record holds no such scene.

BEGIN {
    FS = OFS = "\t"
    count = split(client, list, ",")
    for (i = 1; i <= count; i++)
        wanted[list[i]] = 1
    tick = 100
}

{ line[NR] = $0 }

$5 == "process" && $10 ~ /client\.exe/ && (++clients in wanted) { start[$3] = NR; next }
$5 == "process" && ($3 in start) { stop[$3] = NR }

# Which thread of the server acted as a chosen client.
$9 ~ /^client:/ {
    pid = $9
    sub(/^client:/, "", pid)
    sub(/\..*/, "", pid)
    if (pid in start)
        actor[$4] = actor[$4] " " pid
}

# Whether event N of that thread lies between start and end of its client.
function in_scene(thread, n,    pid, i, count)
{
    count = split(actor[thread], pid, " ")
    for (i = 1; i <= count; i++)
        if (n >= start[pid[i]] && n <= stop[pid[i]])
            return 1
    return 0
}

function is_shown(n,    shown)
{
    shown = ($3 in start) || in_scene($4, n)
    if ($5 == "process")
        return shown
    if ($5 ~ /^(ReadFile|WriteFile|ConnectNamedPipe)$/) {
        transfer[$4] = $5
        place[$4] = n
    }
    if ($8 == 109)
        return 0
    if ($5 == "GetOverlappedResult" && transfer[$4] != "ReadFile") {
        if (match($10, /bytes=[0-9]+/) && transfer[$4] == "WriteFile")
            line[place[$4]] = line[place[$4]] " " substr($10, RSTART, RLENGTH)
        return 0
    }
    return shown && ($5 " " $6) ~ "^(" calls ")"
}

# A call that waits begins on one line and ends on another one.
function call_of(line,    part)
{
    split(line, part, "\t")
    return part[1] OFS part[3] OFS part[4] OFS part[5]
}

END {
    for (n = 1; n <= NR; n++) {
        $0 = line[n]
        if (!is_shown(n))
            continue
        kept[++events] = n
        if ($2 != "-")
            returned[call_of($0)] = 1
        if ($9 ~ /^client:/)
            acted = 1
    }
    if (!acted) {
        print FILENAME ": client " client " was never impersonated" > "/dev/stderr"
        exit 1
    }
    for (i = 1; i <= events; i++) {
        $0 = line[kept[i]]
        call = call_of($0)
        if ($5 != "process" && !(call in returned))
            continue
        if (!(call in began))
            began[call] = ++now * tick
        $1 = began[call]
        if ($2 != "-")
            $2 = ++now * tick
        print
    }
}
