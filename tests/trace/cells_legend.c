/* cells_legend.c - what the lanes, letters and signs of the text mean. */
#include "cells.h"
#include "words.h"

#include <string.h>

enum { INDENT = 4 };

/* One entry: its name in the first columns, its words wrapped beside it. */
static void
entry(struct text *out, const char *name, struct text *words, size_t width)
{
    const char *rest = words->bytes;
    size_t columns = text_columns(name);
    text_repeat(out, " ", columns < INDENT - 1 ? INDENT - 1 - columns : 0);
    text_add(out, "%s", name);
    while (*rest != '\0') {
        size_t size = text_line(rest, width - INDENT);
        text_add(out, " ");
        text_add_bytes(out, rest, size);
        text_add(out, "\n");
        for (rest += size; *rest == ' '; rest++) {
        }
        if (*rest != '\0')
            text_repeat(out, " ", INDENT - 1);
    }
    free_text(words);
}

static void lanes(const struct cells *cells, size_t width, struct text *out)
{
    const struct model *model = cells->model;
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct lane *lane = &model->lanes[i];
        struct text number = {0}, words = {0};
        if (!cells_shown(cells, i))
            continue;
        text_add(&number, "%zu", i + 1);
        text_add(&words,
                 "%s %u, thread %u",
                 model->processes[lane->process].exe,
                 (unsigned)lane->pid,
                 (unsigned)lane->tid);
        entry(out, number.bytes, &words, width);
        free_text(&number);
    }
    if (cells->count == model->lane_count)
        return;
    struct text words = {0};
    text_add(&words,
             "%zu of %zu threads have a lane; rows of others name "
             "their thread",
             cells->count,
             model->lane_count);
    entry(out, "", &words, width);
}

static void clients(const struct cells *cells, size_t width, struct text *out)
{
    for (size_t i = 0; i < cells->model->identity_count; i++) {
        const struct identity *identity = &cells->model->identities[i];
        struct text name = {0}, words = {0};
        if (sharers(cells->model, identity) == 0)
            continue;
        add_name(&name, cells->model, identity);
        add_identity(&words, cells->model, identity);
        entry(out, name.bytes, &words, width);
        free_text(&name);
    }
}

static void signs(const struct cells *cells, size_t width, struct text *out)
{
    const struct flight *flight = &cells->model->flight;
    const struct glyphs *glyphs = cells->glyphs;
    struct text words = {0};
    text_add(&words, "%s itself", glyphs->self);
    for (int level = LEVEL_ANONYMOUS; level <= LEVEL_DELEGATION; level++) {
        bool seen = false;
        for (size_t row = 0; row < flight->count && !seen; row++)
            seen = flight->events[row].after.level == (enum level)level;
        if (seen)
            text_add(&words,
                     "  %s %s",
                     glyphs->fill[level],
                     level_name((enum level)level));
    }
    text_add(&words, "  %s waits  %s failed", glyphs->wait, glyphs->cross);
    entry(out, "", &words, width);
}

void cells_legend(const struct cells *cells, size_t width, struct text *out)
{
    lanes(cells, width, out);
    clients(cells, width, out);
    if (cells->model->pipe != NULL) {
        struct text words = {0};
        text_add(&words,
                 "pipe is %s, #1 its first instance, @1 a client's "
                 "first open of it",
                 cells->model->pipe);
        entry(out, "", &words, width);
    }
    signs(cells, width, out);
    text_add(out, "\n");
}
