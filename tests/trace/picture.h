/*
 * picture.h - what the parts of the picture share: where everything is.
 *
 * Time runs downwards, one row a call, so that no two texts can meet: lanes
 * on the left, the calls in words on the right.
 */
#ifndef NPLAB_TRACE_PICTURE_H
#define NPLAB_TRACE_PICTURE_H

#include "svg.h"

/* Pixels. */
enum {
    MARGIN = 16,
    TIME_WIDTH = 84,
    ROW = 18,
    FINDING = 19,
    BREAK = 26,
    HEAD = 52,
    SELF_HALF = 6,    /* half the width of a lane */
    CLIENT_HALF = 17, /* and while the thread is a client */
    HANDLE_GAP = 7,
    CHIP = 26
};

struct picture {
    const struct model *model;
    struct text *out;
    const char *title;
    int *y;       /* by row: its middle */
    int *break_y; /* by row: middle of the break before it, or 0 */
    int *head_y;  /* by row: top of the lanes' heads before it, or 0 */
    int pitch;    /* between lanes */
    int lanes_x;  /* left edge of the first lane's room */
    int label_x;  /* where the calls' words begin */
    int width, height;
    int legend_y, lanes_y, bottom;
};

int lane_x(const struct picture *picture, size_t lane);

/* Just below the row before: where what begins between the two is drawn. */
int between_y(const struct picture *picture, size_t row);

/* The fill of a client at a level: "url(#A-4)"; its line colour. */
void add_fill(struct text *out, const struct model *model, struct who who);
const char *client_colour(const struct model *model, struct who who);

/* Calls `part` for each stretch of rows, first and one past the last, in which
 * the lane's thread was one client at one level. */
typedef void stretch_part(const struct picture *picture,
                          size_t lane,
                          size_t first,
                          size_t past,
                          struct who who);
void each_stretch(const struct picture *picture,
                  size_t lane,
                  stretch_part *part);

/* Parts of the file, in drawing order. */
void draw_style(const struct picture *picture);
void draw_legend(const struct picture *picture);
void draw_leaders(const struct picture *picture);
void draw_bands(const struct picture *picture);
void draw_breaks(const struct picture *picture);
void draw_borrowed(const struct picture *picture);
void draw_arrows(const struct picture *picture);
void draw_letters(const struct picture *picture);
void draw_marks(const struct picture *picture);
void draw_labels(const struct picture *picture);
void draw_heads(const struct picture *picture);

#endif
