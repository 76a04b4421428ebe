/*
 * cells.h - the lanes' part of a line of text: who each thread is now.
 *
 * A cell is three columns and a space: a line for the thread itself, a fill
 * with the client's letter while it is a client, and a mark for a call.
 */
#ifndef NPLAB_TRACE_CELLS_H
#define NPLAB_TRACE_CELLS_H

#include "lanes.h"
#include "model.h"
#include "text.h"

struct glyphs {
    const char *self, *branch, *call, *cross, *unfinished, *wait;
    const char *fill[5];         /* by level; [LEVEL_SELF] unused */
    const char *up[2], *down[2]; /* around the letter, where it changes */
    const char *wave, *ellipsis;
};

extern const struct glyphs utf8_glyphs, ascii_glyphs;

struct cells {
    const struct model *model;
    const struct glyphs *glyphs;
    size_t columns;  /* of one cell */
    size_t count;    /* lanes that have a cell */
    bool *shown;     /* by lane */
    size_t *next;    /* by lane: its next event's row, NO_INDEX at the end */
    struct who *who; /* by lane: who it is now */
    size_t row;      /* the last row drawn */
};

/* Gives cells to as many lanes as `room` columns hold; those that are ever a
 * client come first. */
void cells_open(struct cells *cells,
                const struct model *model,
                const struct glyphs *glyphs,
                size_t room);
void cells_close(struct cells *cells);
bool cells_shown(const struct cells *cells, size_t lane);

/* What lanes, letters and signs mean, in lines no wider than `width`. */
void cells_legend(const struct cells *cells, size_t width, struct text *out);

void cells_head(const struct cells *cells, struct text *out);

/* The next row, in order; only steps when out is NULL. */
void cells_row(struct cells *cells, size_t row, struct text *out);

/* A line between two rows. */
void cells_between(const struct cells *cells, struct text *out);

/* In lanes.c, for a record already read. False when the moment asked for is
 * not in it. */
bool draw_lanes(const struct model *model,
                const struct trace_options *options,
                struct text *out);

#endif
