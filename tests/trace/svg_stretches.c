/* svg_stretches.c - where a thread was a client, and that client's letter. */
#include "picture.h"

void each_stretch(const struct picture *picture,
                  size_t lane_index,
                  stretch_part *part)
{
    const struct model *model = picture->model;
    const struct lane *lane = &model->lanes[lane_index];
    size_t first = 0;
    struct who who = {0};
    for (size_t row = lane->first_row; row != NO_INDEX;
         row = model->flight.events[row].next) {
        struct who after = model->flight.events[row].after;
        if (same_who(who, after))
            continue;
        if (who.level != LEVEL_SELF)
            part(picture, lane_index, first, row, who);
        first = row;
        who = after;
    }
    if (who.level != LEVEL_SELF)
        part(picture, lane_index, first, lane->last_row + 1, who);
}

/* On a flag left of the lane, where no mark comes; again and again, so that
 * every screenful tells. */
static void letters(const struct picture *picture,
                    size_t lane,
                    size_t first,
                    size_t past,
                    struct who who)
{
    enum { HEIGHT = 14, EVERY = 8 };
    const char *name = who_name(picture->model, who);
    int half = name[1] == '\0' ? 7 : 11;
    int x = lane_x(picture, lane) - CLIENT_HALF - half - 2;
    for (size_t row = first + 1; row < past; row += EVERY)
        text_add(picture->out,
                 "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" "
                 "fill=\"#fff\" stroke=\"%s\"/><text class=\"mid bold\" "
                 "x=\"%d\" y=\"%d\">%s</text>\n",
                 x - half,
                 picture->y[row] - HEIGHT / 2,
                 2 * half,
                 HEIGHT,
                 client_colour(picture->model, who),
                 x,
                 picture->y[row] + 4,
                 name);
}

void draw_letters(const struct picture *picture)
{
    for (size_t lane = 0; lane < picture->model->lane_count; lane++)
        each_stretch(picture, lane, letters);
}
