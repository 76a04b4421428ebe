#!/bin/sh
# hint.sh - one hint at a time: question, concept, place, shape.
#
#   hint.sh LAB [TASK] [N]     empty arguments count as absent
#
# Without TASK it goes on with the task of the last hint, or begins with the
# first that is still to do; without N it gives the step after the last one.
set -u
tools=${0%/*}
. "$tools/lib.sh"
colours
names='question concept place shape'

name_of() {
    echo "$names" | cut -d ' ' -f "$1"
}

# task_id TEXT - "2", "1.2" and "01.2" all mean 01.2 in lab 01.
task_id() {
    digits=${1##*.}
    case $1 in
        *[!0-9.]* | *.*.* | *.) return 1 ;;
        *.*) first=${1%.*} ;;
        *) first=$number ;;
    esac
    case $first in [0-9]) first=0$first ;; esac
    printf '%s.%s\n' "$first" "$digits"
}

# still_to_do ID - the stub of the task stands in the learner's files.
still_to_do() {
    grep -qF -e "NP_TODO(\"$1\")" -e "TODO $1:" labs/"$lab"/*.[ch] 2>/dev/null
}

first_task() {
    for id in $tasks; do
        if still_to_do "$id"; then
            echo "$id"
            return
        fi
    done
    echo "${tasks%% *}"
}

wanted=${1:-}
# TASK=06.2 says the lab as well; without either it is the lab last watched.
[ -n "$wanted" ] || case ${2:-} in *.*) wanted=${2%%.*} ;; esac
[ -n "$wanted" ] || wanted=$(state_get current lab)
lab=$(find_lab "$wanted") || exit
number=${lab%%-*}

hints=labs/$lab/hints.md
[ -f "$hints" ] || hints=solutions/$lab/hints.md
[ -f "$hints" ] || die 2 "Lab $number has no hints."
tasks=$(awk -v list=tasks -f "$tools/hints.awk" "$hints" | tr '\n' ' ')
tasks=${tasks% }

if [ -n "${2:-}" ]; then
    task=$(task_id "$2") || die 2 "TASK=$2 is no task number. Lab $number has: $tasks."
else
    task=$(state_get task "$number")
    [ -n "$task" ] || task=$(first_task)
fi
case " $tasks " in
    *" $task "*) ;;
    *) die 2 "Lab $number has no task $task. It has: $tasks." ;;
esac

given=$(state_get hint "$task")
case ${3:-} in
    '') step=$((${given:-0} + 1)) ;;
    [1-4]) step=$3 ;;
    *) die 2 "N=$3 is no hint. A task has four: 1 question, 2 concept, 3 place, 4 shape." ;;
esac
[ "$step" -le 4 ] || step=4

text=$(awk -v task="$task" -v step="$step" -f "$tools/hints.awk" "$hints")
[ -n "$text" ] || die 1 "Hint $step of task $task is empty in $hints."
printf '%sTask %s, hint %s of 4: %s%s\n\n%s\n\n' \
    "$bold" "$task" "$step" "$(name_of "$step")" "$plain" "$text"
state_set hint "$task" "$step"
state_set task "$number" "$task"

if [ "$step" -lt 4 ]; then
    echo "Next hint ($(name_of $((step + 1)))): make hint LAB=$number"
else
    echo "That was the last hint of task $task. labs/$lab/README.md has the references."
fi
# Only when there is more than this one.
case $tasks in
    *' '*) echo "Another task: TASK=$(echo "$tasks" | tr ' ' '\n' | grep -vxF "$task" | tr '\n' ' ' | sed 's/ $//; s/ /, /g')" ;;
esac
