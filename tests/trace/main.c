/* main.c - trace: draws a flight record as a picture and as text lanes. */
#include "cells.h"
#include "svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: trace RECORD [--svg FILE] [--text] [--title TEXT]\n"
    "             [--width N] [--ascii | --utf8]\n"
    "             [--around TEXT | --around-line N] [--context N]\n"
    "\n"
    "Draws a flight record (NPLAB_RECORD=FILE makes one; - reads it from\n"
    "standard input): a lane for each thread, and who the thread was.\n"
    "\n"
    "  --svg FILE       a picture for any browser (- is standard output)\n"
    "  --text           lanes in the terminal; the default without --svg\n"
    "  --title TEXT     of the picture\n"
    "  --width N        columns of the text lanes (80)\n"
    "  --ascii, --utf8  without or with line drawing; else by the locale\n"
    "  --around TEXT    only the rows around the first one with this text\n"
    "  --around-line N  only the rows around this line of the record\n"
    "  --context N      so many rows before and after (6)\n"
    "\n"
    "Exit status: 0 drawn, 1 nothing to draw, 2 wrong usage or no such file.\n";

enum { DRAWN = 0, NOTHING = 1, WRONG = 2 };

struct request {
    const char *record, *svg, *title;
    bool text;
    struct trace_options lanes;
};

/* LC_ALL, LC_CTYPE and LANG in the order a C library heeds them. */
static bool locale_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strstr(value, "UTF-8") != NULL ||
                   strstr(value, "utf8") != NULL ||
                   strstr(value, "UTF8") != NULL ||
                   strstr(value, "utf-8") != NULL;
    }
    return false;
}

static bool number(const char *text, size_t *value)
{
    char *end = NULL;
    unsigned long read = strtoul(text, &end, 10);
    *value = (size_t)read;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0';
}

/* Takes one option and perhaps its value; 0 when it is wrong, else how many
 * arguments it took. */
static int take(struct request *request, const char *name, const char *value)
{
    struct trace_options *lanes = &request->lanes;
    if (strcmp(name, "--text") == 0)
        return request->text = true, 1;
    if (strcmp(name, "--ascii") == 0)
        return lanes->ascii = true, 1;
    if (strcmp(name, "--utf8") == 0)
        return lanes->ascii = false, 1;
    if (value == NULL)
        return 0;
    if (strcmp(name, "--svg") == 0)
        return request->svg = value, 2;
    if (strcmp(name, "--title") == 0)
        return request->title = value, 2;
    if (strcmp(name, "--around") == 0)
        return lanes->around_text = value, 2;
    if (strcmp(name, "--width") == 0)
        return number(value, &lanes->width) ? 2 : 0;
    if (strcmp(name, "--around-line") == 0)
        return number(value, &lanes->around_line) && lanes->around_line > 0 ? 2
                                                                            : 0;
    if (strcmp(name, "--context") == 0)
        return number(value, &lanes->context) ? 2 : 0;
    return 0;
}

static bool understand(struct request *request, int count, char *const *args)
{
    *request = (struct request){.title = "Flight record"};
    request->lanes.ascii = !locale_is_utf8();
    request->lanes.context = 6;
    for (int i = 1; i < count;) {
        if (args[i][0] != '-' || strcmp(args[i], "-") == 0) {
            if (request->record != NULL) {
                fprintf(stderr, "trace: one record, not two: %s\n", args[i]);
                return false;
            }
            request->record = args[i++];
            continue;
        }
        int taken = take(request, args[i], i + 1 < count ? args[i + 1] : NULL);
        if (taken == 0) {
            fprintf(stderr, "trace: what is meant by %s?\n", args[i]);
            return false;
        }
        i += taken;
    }
    if (request->record == NULL)
        fprintf(stderr, "trace: which record?\n");
    else if (request->lanes.around_line > 0 && request->lanes.around_text)
        fprintf(stderr, "trace: --around or --around-line, not both\n");
    else
        return true;
    return false;
}

static bool read_file(const char *path, struct text *content)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "trace: cannot read %s: ", path);
        perror(NULL);
        return false;
    }
    char block[65536];
    size_t size = 0;
    while ((size = fread(block, 1, sizeof block, file)) > 0)
        text_add_bytes(content, block, size);
    bool whole = ferror(file) == 0;
    if (!whole)
        fprintf(stderr, "trace: cannot read %s to its end\n", path);
    if (!standard)
        fclose(file);
    return whole;
}

static bool write_file(const char *path, const struct text *content)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdout : fopen(path, "wb");
    if (file == NULL) {
        fprintf(stderr, "trace: cannot write %s: ", path);
        perror(NULL);
        return false;
    }
    bool written =
        fwrite(content->bytes, 1, content->size, file) == content->size;
    written = (standard ? fflush(file) : fclose(file)) == 0 && written;
    if (!written)
        fprintf(stderr, "trace: cannot write all of %s\n", path);
    return written;
}

static int draw(const struct request *request, const struct model *model)
{
    int status = DRAWN;
    struct text text = {0}, picture = {0};
    if (request->text || request->svg == NULL) {
        if (!draw_lanes(model, &request->lanes, &text)) {
            fprintf(stderr, "trace: that moment is not in the record\n");
            status = NOTHING;
        } else if (!write_file("-", &text)) {
            status = WRONG;
        }
    }
    if (request->svg != NULL) {
        draw_svg(model, request->title, &picture);
        if (!write_file(request->svg, &picture))
            status = WRONG;
    }
    free(text.bytes);
    free(picture.bytes);
    return status;
}

int main(int count, char **args)
{
    struct request request;
    if (count == 2 && strcmp(args[1], "--help") == 0) {
        fputs(usage, stdout);
        return DRAWN;
    }
    if (!understand(&request, count, args)) {
        fputs(usage, stderr);
        return WRONG;
    }
    struct text record = {0};
    if (!read_file(request.record, &record)) {
        free(record.bytes);
        return WRONG;
    }
    struct model model;
    int status = NOTHING;
    bool any =
        model_read(&model, record.size > 0 ? record.bytes : "", record.size);
    if (model.flight.malformed > 0)
        fprintf(stderr,
                "trace: %s: skipped %zu malformed line%s\n",
                request.record,
                model.flight.malformed,
                model.flight.malformed == 1 ? "" : "s");
    if (any)
        status = draw(&request, &model);
    else
        fprintf(stderr,
                "trace: %s holds no call: nothing to draw\n",
                request.record);
    model_free(&model);
    free(record.bytes);
    return status;
}
