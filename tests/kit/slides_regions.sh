#!/bin/sh
# slides_regions.sh - a slide shows a region of a source as it should be read,
# or the region is reported; with every awk there is.
. "${0%/*}/../tools/test_lib.sh"
tools=$here/slides/tools
cat > "$scratch/lab.c" <<'END'
#include "lab.h"

enum { SIZE = 8 };

#define TWICE(x) \
    ((x) + (x))

struct box {
    int size;
};

static int add(int a, int b);

static DWORD first(HANDLE pipe)
{
    // BEGIN SOLUTION 01.1
    // STUB: return NP_TODO("01.1");
    if (pipe)
        return 0;

    return 1;
    // END SOLUTION 01.1
}

DWORD
second(int a,
       int b)
{
    // SLIDE inner
    a += b;
    // END SLIDE inner
    return a;
}

int *third(void)
{
    // SLIDE hollow
    // END SLIDE hollow
    return first(2);
}
// SLIDE open
int x;
END
cat > "$scratch/mistake.patch" <<'END'
expect: 01.x
--- a/server.c
+++ b/server.c
@@ -1,2 +1,2 @@
 DWORD err;
-good();
+bad();
END

shows() { # shows NAME REGION: the text on stdin is what it prints
    cat > "$scratch/wanted"
    run $awk -v name="$2" -f "$tools/region.awk" "$scratch/${3:-lab.c}"
    is "$awk: $1: status" "$status" 0
    same "$awk: $1" "$scratch/out" "$scratch/wanted"
}

refuses() { # refuses NAME REGION SENTENCE
    run $awk -v name="$2" -f "$tools/region.awk" "$scratch/${4:-lab.c}"
    expect "$awk: $1" 1 "$3"
}

for awk in mawk gawk "busybox awk" original-awk; do
    command -v "${awk%% *}" > /dev/null || continue
    shows "a solution region loses its stub and its margin" 01.1 <<'END'
if (pipe)
    return 0;

return 1;
END
    shows "a function is found by its name, not by its declaration or calls" first <<'END'
static DWORD first(HANDLE pipe)
{
    if (pipe)
        return 0;

    return 1;
}
END
    shows "a type on its own line belongs to the function" second <<'END'
DWORD
second(int a,
       int b)
{
    a += b;
    return a;
}
END
    shows "a slide region is what its marks enclose" inner <<'END'
a += b;
END
    shows "a type is found by its name" box <<'END'
struct box {
    int size;
};
END
    shows "a macro ends with its last continued line" TWICE <<'END'
#define TWICE(x) \
    ((x) + (x))
END
    shows "a patch is shown from its first hunk" "" mistake.patch <<'END'
 DWORD err;
-good();
+bad();
END
    shows "or only its changes" changes mistake.patch <<'END'
-good();
+bad();
END
    refuses "a region that is gone is reported" 01.9 "lab.c#01.9: there is no such region"
    refuses "a declaration alone is no definition" add "there is no such region"
    refuses "an empty region is reported" hollow "the region is empty"
    refuses "a region that never ends is reported" open "the region is never closed"
    cat "$scratch/lab.c" "$scratch/lab.c" > "$scratch/twice.c"
    refuses "a name that stands for two regions is reported" 01.1 "two regions" twice.c
done
finish
