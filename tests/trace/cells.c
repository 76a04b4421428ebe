/* cells.c - the lanes' part of a line of text: who each thread is now. */
#include "cells.h"

#include <stdlib.h>

const struct glyphs utf8_glyphs = {.self = "│",
                                   .branch = "├─",
                                   .call = "●",
                                   .cross = "✗",
                                   .unfinished = "?",
                                   .wait = "┊",
                                   .fill = {"", "░", "▒", "█", "▓"},
                                   .up = {"▛", "▜"},
                                   .down = {"▙", "▟"},
                                   .wave = "~",
                                   .ellipsis = "…"};

const struct glyphs ascii_glyphs = {.self = "|",
                                    .branch = "|-",
                                    .call = "*",
                                    .cross = "x",
                                    .unfinished = "?",
                                    .wait = ":",
                                    .fill = {"", ".", "=", "#", "%"},
                                    .up = {"/", "\\"},
                                    .down = {"\\", "/"},
                                    .wave = "~",
                                    .ellipsis = "..."};

static bool ever_client(const struct model *model, size_t lane)
{
    for (size_t row = 0; row < model->flight.count; row++)
        if (model->flight.events[row].lane == lane &&
            model->flight.events[row].after.level != LEVEL_SELF)
            return true;
    return false;
}

void cells_open(struct cells *cells,
                const struct model *model,
                const struct glyphs *glyphs,
                size_t room)
{
    size_t lanes = model->lane_count;
    *cells = (struct cells){.model = model,
                            .glyphs = glyphs,
                            .columns = 4,
                            .shown = new_array(lanes, sizeof(bool)),
                            .next = new_array(lanes, sizeof(size_t)),
                            .who = new_array(lanes, sizeof(struct who))};
    for (size_t i = 0; i < lanes; i++)
        cells->next[i] = model->lanes[i].first_row;
    for (int clients = 1; clients >= 0; clients--)
        for (size_t i = 0; i < lanes; i++) {
            if (cells->shown[i] || (cells->count + 1) * cells->columns > room ||
                (clients && !ever_client(model, i)))
                continue;
            cells->shown[i] = true;
            cells->count++;
        }
}

void cells_close(struct cells *cells)
{
    free(cells->shown);
    free(cells->next);
    free(cells->who);
}

bool cells_shown(const struct cells *cells, size_t lane)
{
    return cells->shown[lane];
}

void cells_head(const struct cells *cells, struct text *out)
{
    for (size_t i = 0; i < cells->model->lane_count; i++)
        if (cells->shown[i])
            text_add(out, "%-4zu", i + 1);
}

static char letter(const struct cells *cells, struct who who)
{
    return who_name(cells->model, who)[0];
}

/* A lane in which nothing happens: three columns. */
static void
rest(const struct cells *cells, size_t lane, bool waits, struct text *out)
{
    const struct glyphs *glyphs = cells->glyphs;
    struct who who = cells->who[lane];
    if (who.level == LEVEL_SELF)
        text_add(out, "%s  ", waits ? glyphs->wait : glyphs->self);
    else
        text_add(out,
                 "%s%c%s",
                 glyphs->fill[who.level],
                 letter(cells, who),
                 waits ? glyphs->wait : " ");
}

static void
call(const struct cells *cells, const struct event *event, struct text *out)
{
    const struct glyphs *glyphs = cells->glyphs;
    const char *mark = !event->finished      ? glyphs->unfinished
                       : event_failed(event) ? glyphs->cross
                                             : glyphs->call;
    if (!same_who(event->before, event->after)) {
        bool up = event->after.level != LEVEL_SELF;
        const char *const *edge = up ? glyphs->up : glyphs->down;
        text_add(out,
                 "%s%c%s",
                 edge[0],
                 letter(cells, up ? event->after : event->before),
                 edge[1]);
    } else if (event->after.level == LEVEL_SELF) {
        text_add(out, "%s%s", glyphs->branch, mark);
    } else {
        text_add(out,
                 "%s%c%s",
                 glyphs->fill[event->after.level],
                 letter(cells, event->after),
                 mark);
    }
}

/* `row` is the row at hand, or the one that comes next. */
static bool waits(const struct cells *cells, size_t lane, size_t row)
{
    size_t next = cells->next[lane];
    if (next == NO_INDEX)
        return cells->model->lanes[lane].waits_for_ever;
    return cells->model->flight.events[next].wait_first <= row;
}

void cells_row(struct cells *cells, size_t row, struct text *out)
{
    const struct model *model = cells->model;
    const struct event *event = &model->flight.events[row];
    cells->row = row;
    for (size_t i = 0; i < model->lane_count && out != NULL; i++) {
        const struct lane *lane = &model->lanes[i];
        if (!cells->shown[i])
            continue;
        if (i == event->lane)
            call(cells, event, out);
        else if (row < lane->from_row || row > lane->last_row)
            text_add(out, "   ");
        else
            rest(cells, i, waits(cells, i, row), out);
        text_add(out, " ");
    }
    cells->who[event->lane] = event->after;
    cells->next[event->lane] = event->next;
}

void cells_between(const struct cells *cells, struct text *out)
{
    for (size_t i = 0; i < cells->model->lane_count; i++) {
        const struct lane *lane = &cells->model->lanes[i];
        if (!cells->shown[i])
            continue;
        bool waiting = waits(cells, i, cells->row + 1);
        if (cells->row + (waiting ? 1 : 0) < lane->from_row ||
            cells->row >= lane->last_row)
            text_add(out, "   ");
        else
            rest(cells, i, waiting, out);
        text_add(out, " ");
    }
}
