/* trace_lanes.c FOLDER - the text lanes as the grader calls them. */
#include "lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed;

static void expect(const char *name, bool holds)
{
    printf("%s %s\n", holds ? "PASS" : "FAIL", name);
    failed += holds ? 0 : 1;
}

static char *contents(const char *folder, const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(65536);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "trace_lanes: cannot read %s\n", path);
        exit(2);
    }
    *size = fread(bytes, 1, 65536, file);
    fclose(file);
    return bytes;
}

static void a_moment(const char *record, size_t size)
{
    size_t skipped = 99;
    struct trace_options options = {
        .ascii = true, .around_text = "next client was read", .context = 1};
    char *lanes = trace_lanes(record, size, &options, &skipped);
    expect("the rows around a moment",
           lanes != NULL && strstr(lanes, "!! still impersonating A") != NULL &&
               strstr(lanes, "rows before)") != NULL);
    expect("nothing skipped", skipped == 0);
    expect("ends in a newline",
           lanes != NULL && lanes[strlen(lanes) - 1] == '\n');
    free(lanes);
    options.around_text = "no such words";
    expect("NULL for a moment that never was",
           trace_lanes(record, size, &options, NULL) == NULL);
}

int main(int count, char **args)
{
    if (count != 2) {
        fprintf(stderr, "Usage: trace_lanes FOLDER\n");
        return 2;
    }
    size_t size = 0, wanted_size = 0, skipped = 0;
    char *record = contents(args[1], "forgets-revert.tsv", &size);
    char *wanted = contents(args[1], "forgets-revert.txt", &wanted_size);
    char *lanes = trace_lanes(record, size, &(struct trace_options){0}, NULL);
    expect("the whole record, as the program draws it",
           lanes != NULL && strlen(lanes) == wanted_size &&
               memcmp(lanes, wanted, wanted_size) == 0);
    free(lanes);
    a_moment(record, size);
    expect("NULL for a record without a call",
           trace_lanes("x\n", 2, &(struct trace_options){0}, &skipped) == NULL);
    expect("but its malformed line is counted", skipped == 1);
    free(record);
    free(wanted);
    printf("%d failed\n", failed);
    return failed == 0 ? 0 : 1;
}
