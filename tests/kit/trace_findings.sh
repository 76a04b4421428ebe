#!/bin/sh
# trace_findings.sh TRACE - what stands out in a record, rule by rule: each
# found where it is proved, and not where it only looks like it.
trace=$1
. "${0%/*}/../tools/test_lib.sh"

pipe='\\.\pipe\p#1'
client='client:48.1:Impersonation'
other='client:64.2:Impersonation'

# did CALL OBJECT RESULT ERROR WHO [DETAILS] - one more call of the server.
begin() { now=1000; : > "$scratch/record"; did CreateNamedPipe "$pipe" 0x3c 0 self; }
did() {
    now=$((now + 10))
    printf '%s\t%s\t32\t36\t%s\t%s\t%s\t%s\t%s\t%s\n' $now $((now + 5)) \
        "$1" "$2" "$3" "$4" "$5" "${6:--}" >> "$scratch/record"
}
# asks FLAGS - the client opens the pipe so.
asks() {
    printf '%s\t%s\t48\t52\tCreateFile\t%s\t0x3c\t0\tself\tflags=%s\n' 900 905 \
        '\\.\pipe\p@1' "$1" >> "$scratch/record"
}
served() { # as WHO the server is by then
    did ConnectNamedPipe "$pipe" TRUE 0 "$1"
    did ReadFile "$pipe" TRUE 0 "$1" bytes=4
}
impersonates() { did ImpersonateNamedPipeClient "$pipe" TRUE 0 "$1"; }
reverts() { did RevertToSelf - TRUE 0 self; }
opens() { did CreateFile 'C:\f' "$2" "${3:-0}" "$1"; }

# finds NAME WORDS... - these findings, in this order, and no other.
finds() {
    name=$1
    shift
    for words; do printf '!! %s\n' "$words"; done > "$scratch/wanted"
    "$trace" "$scratch/record" --ascii --width 200 |
        sed -n 's/.*\(!! .*\)/\1/p' > "$scratch/found"
    same "$name" "$scratch/found" "$scratch/wanted"
}

begin; served self; impersonates "$client"; opens "$client" 0x40; reverts
finds "a careful server: nothing"

begin; served self; impersonates "$client"; opens "$client" 0x40; reverts
did ReadFile 'C:\f' TRUE 0 self bytes=3; did CloseHandle 'C:\f' TRUE 0 self
finds "using the handle after the revert is good practice"

begin; served self; impersonates "$client"
did ReadFile "$pipe" TRUE 0 "$client" bytes=4; reverts
finds "reading on from the same client is no forgotten revert"

begin; served self; impersonates "$client"
did DisconnectNamedPipe "$pipe" TRUE 0 "$client"; served "$client"; reverts
finds "the next client" "still impersonating A when the next client was read"

begin; served self; impersonates "$client"
did ReadFile '\\.\pipe\p#2' TRUE 0 "$client" bytes=4; reverts
finds "the client of another instance" \
    "still impersonating A when the next client was read"

begin; served self; impersonates "$client"
did ConnectNamedPipe "$pipe" TRUE 0 "$client"; reverts
finds "taken in, but reverted before the read" \
    "still impersonating A while taking the next client"

begin; did ImpersonateNamedPipeClient "$pipe" FALSE 1368 self
finds "1368 while listening" "impersonated before a client had connected: 1368"

begin; did ConnectNamedPipe "$pipe" FALSE 535 self
did ImpersonateNamedPipeClient "$pipe" FALSE 1368 self
finds "1368 after connecting" "impersonated before reading: 1368"

begin; did ConnectNamedPipe "$pipe" FALSE 997 self ov=0x10
did GetOverlappedResult "$pipe" TRUE 0 self ov=0x10
did ImpersonateNamedPipeClient "$pipe" FALSE 1368 self
finds "a pending connect counts when it is completed" \
    "impersonated before reading: 1368"

begin; served self; did DisconnectNamedPipe "$pipe" TRUE 0 self
did ImpersonateNamedPipeClient "$pipe" FALSE 1368 self
finds "1368 after disconnecting" "impersonated after disconnecting: 1368"

begin; served self; did ImpersonateNamedPipeClient "$pipe" FALSE 1368 self fault=1368
finds "1368 for another reason is no such mistake"

begin; asks 0x120000; served self; impersonates client:48.1:Identification; reverts
finds "asked Impersonation, got Identification" \
    "TRUE, but only Identification (asked Impersonation)"
begin; asks 0; served self; impersonates client:48.1:Identification; reverts
finds "nothing asked means Impersonation" \
    "TRUE, but only Identification (asked Impersonation)"
begin; asks 0x110000; served self; impersonates client:48.1:Identification; reverts
finds "what was asked is no surprise"
begin; served self; impersonates client:48.1:Identification; reverts
finds "not known what was asked: it may have been just that"

begin; served self; impersonates "$client"; opens "$client" 0xffffffffffffffff 5
reverts; opens self 0x40
finds "refused, then opened as itself" \
    "the client was refused this, now opened as itself"
begin; served self; impersonates "$client"; opens "$client" 0x40; reverts
opens self 0x44
finds "tried as the client, opened as itself" \
    "opened as the client before, now again as itself"
begin; served self; did ImpersonateNamedPipeClient "$pipe" FALSE 5 self; opens self 0x40
did ReadFile 'C:\f' TRUE 0 self bytes=3; did CloseHandle 'C:\f' TRUE 0 self
finds "not impersonating, opened all the same" \
    "opened as itself after impersonating had failed"
begin; served self; did ImpersonateNamedPipeClient "$pipe" FALSE 5 self; opens self 0x40
did WriteFile 'C:\f' TRUE 0 self bytes=3; did CloseHandle 'C:\f' TRUE 0 self
finds "not impersonating, and the log says so"
begin; served self; impersonates "$client"; did CreateEvent - 0x40 0 "$client"; reverts
did CreateEvent - 0x44 0 self
finds "events without a name are nobody else's"
begin; served self; did ImpersonateNamedPipeClient "$pipe" FALSE 5 self
did DisconnectNamedPipe "$pipe" TRUE 0 self; opens self 0x40
finds "after the client is gone it may open its own files"

begin; did SetThreadToken - TRUE 0 token:Impersonation token=0x40
did process - - - token:Impersonation end
finds "to end in a token of one's own is no forgotten revert"

begin; served self; impersonates "$client"; did RevertToSelf - FALSE 5 "$client"
reverts
finds "a revert that failed" "the revert failed: still A"
begin; served self; impersonates "$client"
did CreateNamedPipe '\\.\pipe\p#2' 0x44 0 "$client"
did CreateProcess 'C:\x.exe' TRUE 0 "$client"; reverts
finds "what a server does not do as a client" \
    "instance created as A, not as the server" \
    "the child is not A: it has the server's token"
begin; served self; impersonates "$client"; opens "$client" 0x40
impersonates "$other"; did WriteFile 'C:\f' TRUE 0 "$other" bytes=1; reverts
finds "one client's handle for another" "handle opened as A used for B"

begin; served self; impersonates "$client"; did process - - - "$client" end
finds "the end of the process" "process ended while impersonating A"
begin; served self; impersonates "$client"
finds "the end of the record" "the record ends while thread 36 is impersonating A"
finish
