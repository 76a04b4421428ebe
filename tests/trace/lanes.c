/* lanes.c - a flight record as text: one column a thread, one row a call. */
#include "lanes.h"
#include "cells.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { NARROWEST = 40, USUAL = 80, TIME_COLUMNS = 11, TEXT_COLUMNS = 34 };

struct drawing {
    const struct model *model;
    const struct glyphs *glyphs;
    struct cells cells;
    size_t width;      /* of a whole line */
    size_t text_width; /* of what stands right of the lanes */
    struct text *out;
};

static void end_line(struct text *out)
{
    while (out->size > 0 && out->bytes[out->size - 1] == ' ')
        out->size--;
    text_add(out, "\n");
}

/* Adds the words right of cells already drawn; further lines repeat the
 * lanes as they are now. */
static void add_wrapped(struct drawing *drawing, const char *words)
{
    size_t columns = drawing->text_width;
    size_t size = text_line(words, columns);
    text_add_bytes(drawing->out, words, size);
    end_line(drawing->out);
    for (words += size; *words == ' '; words++) {
    }
    while (*words != '\0') {
        text_repeat(drawing->out, " ", TIME_COLUMNS);
        cells_between(&drawing->cells, drawing->out);
        text_add(drawing->out, "  ");
        size = text_line(words, columns - 2);
        text_add_bytes(drawing->out, words, size);
        end_line(drawing->out);
        for (words += size; *words == ' '; words++) {
        }
    }
}

static void
row_words(const struct drawing *drawing, size_t row, struct text *words)
{
    const struct model *model = drawing->model;
    const struct event *event = &model->flight.events[row];
    text_add(words, "%s", event->call);
    add_rest(words, model, row, drawing->glyphs->ellipsis);
    if (event->written_by != NO_INDEX)
        text_add(words,
                 ", from lane %zu",
                 model->flight.events[event->written_by].lane + 1);
    if (!cells_shown(&drawing->cells, event->lane))
        text_add(words,
                 " [thread %u of %u]",
                 (unsigned)event->tid,
                 (unsigned)event->pid);
}

static void add_break(struct drawing *drawing, int64_t gap)
{
    const char *wave = drawing->glyphs->wave;
    text_repeat(drawing->out, " ", TIME_COLUMNS - 5);
    text_repeat(drawing->out, wave, 4);
    text_add(drawing->out, " ");
    cells_between(&drawing->cells, drawing->out);
    text_repeat(drawing->out, wave, 3);
    text_add(drawing->out, " ");
    add_duration(drawing->out, gap);
    text_add(drawing->out, " later ");
    text_repeat(drawing->out, wave, 3);
    text_add(drawing->out, "\n");
}

static void add_row(struct drawing *drawing, size_t row)
{
    const struct model *model = drawing->model;
    const struct event *event = &model->flight.events[row];
    int64_t since = event->at - model->flight.events[0].at;
    text_add(drawing->out,
             "%6lld.%03lld ",
             (long long)(since / 1000),
             (long long)(since % 1000));
    cells_row(&drawing->cells, row, drawing->out);
    struct text words = {0};
    row_words(drawing, row, &words);
    add_wrapped(drawing, words.bytes);
    free(words.bytes);
    for (size_t i = 0; i < model->finding_count; i++) {
        if (model->findings[i].row != row)
            continue;
        struct text finding = {0};
        text_add(&finding, "!! %s", model->findings[i].text);
        text_repeat(drawing->out, " ", TIME_COLUMNS);
        cells_between(&drawing->cells, drawing->out);
        add_wrapped(drawing, finding.bytes);
        free(finding.bytes);
    }
}

/* ---- the window ---------------------------------------------------------- */

static bool
contains(const struct drawing *drawing, size_t row, const char *text)
{
    struct text words = {0};
    row_words(drawing, row, &words);
    bool found = strstr(words.bytes, text) != NULL;
    free(words.bytes);
    for (size_t i = 0; i < drawing->model->finding_count && !found; i++)
        found = drawing->model->findings[i].row == row &&
                strstr(drawing->model->findings[i].text, text) != NULL;
    return found;
}

/* The rows to draw, first and one past the last; false if there are none. */
static bool window(const struct drawing *drawing,
                   const struct trace_options *options,
                   size_t *first,
                   size_t *past)
{
    const struct flight *flight = &drawing->model->flight;
    *first = 0;
    *past = flight->count;
    if (options->around_line == 0 && options->around_text == NULL)
        return true;
    for (size_t row = 0; row < flight->count; row++) {
        const struct event *event = &flight->events[row];
        if (options->around_line != 0
                ? event->line != options->around_line &&
                      event->end_line != options->around_line
                : !contains(drawing, row, options->around_text))
            continue;
        *first = row > options->context ? row - options->context : 0;
        if (flight->count - row > options->context)
            *past = row + options->context + 1;
        return true;
    }
    return false;
}

bool draw_lanes(const struct model *model,
                const struct trace_options *options,
                struct text *out)
{
    struct drawing drawing = {.model = model,
                              .glyphs =
                                  options->ascii ? &ascii_glyphs : &utf8_glyphs,
                              .out = out};
    drawing.width = options->width == 0          ? USUAL
                    : options->width < NARROWEST ? NARROWEST
                                                 : options->width;
    size_t room = drawing.width - TIME_COLUMNS;
    room = room > TEXT_COLUMNS + 8 ? room - TEXT_COLUMNS : 8;
    cells_open(&drawing.cells, model, drawing.glyphs, room);
    drawing.text_width = drawing.width - TIME_COLUMNS -
                         drawing.cells.count * drawing.cells.columns;
    size_t first = 0, past = 0;
    bool any = window(&drawing, options, &first, &past);
    if (any) {
        cells_legend(&drawing.cells, drawing.width, out);
        text_add(out, "%*s ", TIME_COLUMNS - 1, "ms");
        cells_head(&drawing.cells, out);
        end_line(out);
        for (size_t row = 0; row < first; row++)
            cells_row(&drawing.cells, row, NULL);
        if (first > 0)
            text_add(
                out, "%*s (%zu rows before)\n", TIME_COLUMNS - 1, "", first);
        for (size_t row = first; row < past; row++) {
            if (row > first && gap_before(model, row) > 0)
                add_break(&drawing, gap_before(model, row));
            add_row(&drawing, row);
        }
        if (past < model->flight.count)
            text_add(out,
                     "%*s (%zu rows after)\n",
                     TIME_COLUMNS - 1,
                     "",
                     model->flight.count - past);
    }
    cells_close(&drawing.cells);
    return any;
}

char *trace_lanes(const char *record,
                  size_t size,
                  const struct trace_options *options,
                  size_t *skipped)
{
    struct model model;
    struct text out = {0};
    bool any =
        model_read(&model, record, size) && draw_lanes(&model, options, &out);
    if (skipped != NULL)
        *skipped = model.flight.malformed;
    model_free(&model);
    if (!any) {
        free(out.bytes);
        return NULL;
    }
    return out.bytes;
}
